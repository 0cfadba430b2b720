"""What services do for the window when it is closed."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Closable(Protocol):
    """A service that is closed with the window."""

    def close(self) -> bool:
        """Close it; returns whether it ended in time."""


@runtime_checkable
class ConfirmsQuit(Protocol):
    """A service that requires confirmation before quitting while it is busy."""

    @property
    def needs_quit_confirmation(self) -> bool:
        """Whether it is busy now."""


@runtime_checkable
class WarnsOnQuit(Protocol):
    """A service with work that is lost or interrupted by quitting."""

    @property
    def quit_warning(self) -> str:
        """A warning for the quit dialog; "" for none."""
