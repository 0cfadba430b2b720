"""Paths as stored in a project. No Qt."""

from __future__ import annotations

import os
from pathlib import Path

MAX_PARENT_FOLDERS = 2
"""Maximum number of ".." in a relative path; beyond it, paths are absolute."""


def relative_source(path: Path, folder: Path | None) -> str:
    """The path relative to the project's folder if it lies in a common place.

    Args:
        folder: Folder of the project; None if it has none.
    """
    if folder is None:
        return path.absolute().as_posix()
    try:
        relative = Path(os.path.relpath(path.absolute(), folder.absolute()))
    except ValueError:  # on another drive
        return path.absolute().as_posix()
    if relative.parts.count("..") > MAX_PARENT_FOLDERS:
        return path.absolute().as_posix()
    return relative.as_posix()


def normalize_path(text: str, folder: Path | None) -> str:
    """The path as entered; an absolute path near the project becomes relative.

    Args:
        folder: Folder of the project; None if it has none.
    """
    path = Path(text).expanduser()
    return relative_source(path, folder) if path.is_absolute() and text else text
