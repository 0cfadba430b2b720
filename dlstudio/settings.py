"""The user's settings: each with its type, its default and a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked

FILE = "settings.json"
RECENT = 12


class Settings(BaseModel):
    """All settings; immutable, changed through a `SettingsStore`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Literal["", "en", "zh_CN"] = Field(
        default="",
        title=marked("Language"),
        description=marked("Language of the studio; empty follows the system."),
    )
    theme: Literal["system", "light", "dark"] = Field(
        default="system",
        title=marked("Colours"),
        description=marked("Light, dark, or as the system is."),
    )
    autosave_seconds: int = Field(
        default=20,
        ge=5,
        le=600,
        title=marked("Keep unsaved work every (seconds)"),
        description=marked("How often unsaved work is kept for recovery."),
    )
    snap_to_grid: bool = Field(
        default=True,
        title=marked("Snap to the grid"),
        description=marked("Nodes settle on the canvas' grid when moved."),
    )
    live_shapes: bool = Field(
        default=True,
        title=marked("Shapes while editing"),
        description=marked("Shapes and problems are found while you edit."),
    )
    recent_projects: tuple[str, ...] = Field(
        default=(),
        title=marked("Recent projects"),
        description=marked("Folders of the projects opened last."),
    )
    favourite_layers: tuple[str, ...] = Field(
        default=(),
        title=marked("Favourite layers"),
        description=marked("Layers shown first in the palette."),
    )
    recent_layers: tuple[str, ...] = Field(
        default=(),
        title=marked("Layers used last"),
        description=marked("Layers used last, newest first."),
    )
    window: dict[str, str] = Field(
        default_factory=dict,
        title=marked("Window"),
        description=marked("Size and place of the window and its parts."),
    )


class SettingsStore:
    """Reads and writes the settings file; what is damaged falls back to defaults."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or paths.user_config()) / FILE
        self.value, self.warning = self._read()

    def change(self, **values: Any) -> Settings:
        """Set settings and write the file.

        Raises:
            UserError: A value does not fit, or the file cannot be written.
        """
        try:
            self.value = Settings.model_validate({**self.value.model_dump(), **values})
        except ValidationError as error:
            first = error.errors()[0]
            raise UserError(
                _("The setting “{name}” does not fit: {reason}.").format(
                    name=".".join(str(part) for part in first["loc"]),
                    reason=first["msg"],
                )
            ) from error
        text = self.value.model_dump_json(indent=2)
        paths.write_text(self.path, text + "\n")
        return self.value

    def remember_project(self, folder: Path) -> None:
        """Put a project's folder first among the recent ones."""
        name = str(folder.resolve())
        others = tuple(each for each in self.value.recent_projects if each != name)
        self.change(recent_projects=(name, *others)[:RECENT])

    def _read(self) -> tuple[Settings, str]:
        if not self.path.exists():
            return Settings(), ""
        try:
            item = json.loads(self.path.read_text("utf-8"))
            return Settings.model_validate(item), ""
        except (OSError, ValueError, RecursionError) as error:
            return Settings(), _(
                "The settings could not be read and are the defaults now: {reason}."
            ).format(reason=str(error).splitlines()[0])
