"""Where new projects are kept, and how their folders are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from dlstudio.i18n import _


def projects_folder() -> Path:
    """Folder for new projects: "dlstudio" in the user's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    documents = QStandardPaths.writableLocation(place)
    return Path(documents or Path.home()) / "dlstudio"


def title_of(data: Sequence[Path]) -> str:
    """Project title for files: that of a single one, or of their common folder."""
    first = data[0].absolute()
    if len(data) > 1:
        return valid_folder_name(first.parent.name)
    return valid_folder_name(first.name if first.is_dir() else first.stem)


def valid_folder_name(name: str) -> str:
    """The name without characters that are invalid in folder names on any system."""
    kept = "".join(c for c in name if c not in '<>:"/\\|?*')
    return kept.strip(" .") or _("Untitled")
