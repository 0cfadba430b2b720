"""The user's settings: each with its type, default and description."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import LANGUAGES, _, marked
from dlstudio.json_file import read_json
from dlstudio.user_file_lock import user_file_lock

FILE = "settings.json"
RECENT = 12
SHARED = ("recent_projects", "favourite_layers", "recent_layers", "window")
RECENT_LISTS = ("recent_projects", "recent_layers")
LOCK_SECONDS = 2.0
CHOICES = ("", *LANGUAGES)
if TYPE_CHECKING:
    Language = str
else:  # the languages are defined in one place, at runtime
    Language = Literal[CHOICES]


class Settings(BaseModel):
    """All settings; immutable, changed through `SettingsStore`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = Field(
        default="",
        title=marked("Language"),
        description=marked("Interface language; empty matches the system."),
    )
    theme: Literal["system", "light", "dark"] = Field(
        default="system",
        title=marked("Theme"),
        description=marked("Light, dark, or matching the system."),
    )
    autosave_seconds: int = Field(
        default=20,
        ge=5,
        le=600,
        title=marked("Recovery save interval (seconds)"),
        description=marked("How often unsaved work is saved for recovery."),
    )
    snap_to_grid: bool = Field(
        default=True,
        title=marked("Snap to grid"),
        description=marked("Nodes snap to the grid of the canvas when moved."),
    )
    live_shapes: bool = Field(
        default=True,
        title=marked("Check while editing"),
        description=marked("Find shapes and problems while you edit."),
    )
    evaluate_after_training: bool = Field(
        default=True,
        title=marked("Evaluate after training"),
        description=marked("Evaluate each run when its training has finished."),
    )
    propose_pretrained: bool = Field(
        default=True,
        title=marked("Propose pretrained networks"),
        description=marked(
            "Ask whether a new project with few images begins with one."
        ),
    )
    recent_projects: tuple[str, ...] = Field(
        default=(),
        title=marked("Recent projects"),
        description=marked("Folders of recently opened projects."),
    )
    favourite_layers: tuple[str, ...] = Field(
        default=(),
        title=marked("Favorite layers"),
        description=marked("Layers shown first in the palette."),
    )
    recent_layers: tuple[str, ...] = Field(
        default=(),
        title=marked("Recently used layers"),
        description=marked("Recently used layers, newest first."),
    )
    window: dict[str, str] = Field(
        default_factory=dict,
        title=marked("Window"),
        description=marked("Size and position of the window and its panels."),
    )


class SettingsStore:
    """Reads and writes the settings file, which several windows share.

    A damaged file is replaced by defaults, and kept as a backup.

    Attributes:
        value: The settings of this window. Additions of other windows to lists are
            merged with the next change; their language and theme are not.
        warning: Why the file could not be read, or "".
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or paths.user_config()) / FILE
        self.value, self.warning = Settings(), ""
        try:
            self.value = Settings.model_validate(self._read())
        except (UserError, OSError, ValueError) as error:
            self.warning = _(
                "The settings could not be read, so the defaults are used: {reason}."
            ).format(reason=str(error).splitlines()[0])

    def change(self, **values: object) -> Settings:
        """Change settings and write the file, merging changes of other windows.

        Raises:
            UserError: A value is invalid, or the file cannot be written.
        """
        before = self.value
        try:
            after = Settings.model_validate({**before.model_dump(), **values})
            self.value = after
            with user_file_lock(self.path, LOCK_SECONDS):
                self._write(before, after, tuple(values))
        except ValidationError as error:
            first = error.errors()[0]
            raise UserError(
                _("The setting “{name}” is invalid: {reason}.").format(
                    name=".".join(str(part) for part in first["loc"]),
                    reason=first["msg"],
                )
            ) from error
        return self.value

    def remember_project(self, folder: Path) -> None:
        """Add a project's folder as the most recent one."""
        name = str(folder.resolve())
        others = tuple(each for each in self.value.recent_projects if each != name)
        self.change(recent_projects=(name, *others)[:RECENT])

    def _write(
        self, before: Settings, after: Settings, changed: tuple[str, ...]
    ) -> None:
        """Merge the changes into the current content of the file."""
        try:
            item = self._read()
            there = Settings.model_validate(item)
        except (UserError, OSError, ValueError):
            self._put_aside()
            item, there = {}, before
        shared = {name: getattr(there, name) for name in SHARED}
        for name in changed:
            values = (getattr(each, name) for each in (before, after, there))
            shared[name] = merge(*values)
        for name in RECENT_LISTS:
            shared[name] = shared[name][:RECENT]
        self.value = Settings.model_validate({**after.model_dump(), **shared})
        dumped = self.value.model_dump(mode="json")
        own = {name: dumped[name] for name in (*changed, *SHARED)}
        kept = {**there.model_dump(mode="json"), **item, **own}
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        paths.write_text(self.path, text + "\n")

    def _read(self) -> dict[str, object]:
        """The file's content; empty if it does not exist."""
        if not os.path.lexists(self.path):
            return {}
        item = read_json(self.path)
        if not isinstance(item, dict):
            raise ValueError(_("it is not a list of names and values"))
        return item

    def _put_aside(self) -> None:
        """Keep a backup of a damaged file, as it still has the user's settings."""
        with suppress(OSError):
            self.path.replace(self.path.with_suffix(".damaged.json"))


def merge(before: object, mine: object, theirs: object) -> object:
    """Three-way merge of one setting.

    For lists and tables, additions and removals of both sides are applied; for other
    values `mine` wins.

    Args:
        before: Value when the file was last read.
        mine: Value in this window.
        theirs: Value in the file now, possibly written by another window.
    """
    match before, mine, theirs:
        case dict(), dict(), dict():
            changed = {k: v for k, v in mine.items() if before.get(k) != v}
            rest = {k: v for k, v in theirs.items() if k in mine or k not in before}
            return {**rest, **changed}
        case tuple(), tuple(), tuple():
            return _merge_lists(before, mine, theirs)
    return mine


def _merge_lists(
    before: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> tuple[str, ...]:
    first = mine[:1] if mine[:1] != before[:1] else ()  # just added or used again
    last = tuple(each for each in mine if each not in (*before, *first))
    moved = {*first, *last}
    removed = set(before) - set(mine)
    rest = [each for each in theirs if each not in moved and each not in removed]
    return (*first, *rest, *last)
