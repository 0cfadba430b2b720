"""What every system offers: register the studio for files, and undo that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MODEL_PATTERN = "*.keras"
"""The files that are registered. A project is a folder, which file managers open
themselves."""


@dataclass(frozen=True, slots=True)
class Registration:
    """The state of a registration.

    Attributes:
        registered: Whether the file manager offers the studio.
        places: The files or registry keys that say so.
    """

    registered: bool
    places: tuple[str, ...] = ()


class FileTypes(Protocol):
    """Registers the studio for the current user; nothing needs an administrator."""

    def state(self) -> Registration:
        """Return what is registered."""

    def register(self) -> Registration:
        """Let the file manager offer the studio; another default program is kept.

        Raises:
            UserError: The system does not support it, or something cannot be written.
        """

    def remove(self) -> Registration:
        """Undo the registration; nothing happens if there is none.

        Raises:
            UserError: Something cannot be removed.
        """
