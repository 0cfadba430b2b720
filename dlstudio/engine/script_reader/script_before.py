"""The script of a project as it was before someone edited it."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.engine.script_reader.limits import Setting
from dlstudio.engine.script_reader.reader import ScriptReading, read_script
from dlstudio.errors import UserError


@dataclass(frozen=True, slots=True)
class ScriptBefore:
    """What a script is compared with.

    Attributes:
        text: "" where the project has no script, as its model is not complete.
        reading: What it says; None if nothing is known.
    """

    text: str = ""
    reading: ScriptReading | None = None

    @classmethod
    def of(cls, text: str, catalog: Catalog) -> ScriptBefore:
        """A script, and what it says.

        Args:
            text: The script; "" if there is none.
            catalog: Describes layers.
        """
        try:
            return cls(text, read_script(text, catalog)) if text else cls()
        except UserError:
            return cls(text)

    def setting(self, name: str) -> Setting | None:
        """A setting of the training; None if it has none."""
        return None if self.reading is None else self.reading.settings.get(name)
