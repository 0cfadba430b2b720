"""Paths as a project writes them down. No Qt."""

from __future__ import annotations

import os
from pathlib import Path

MAX_PARENT_FOLDERS = 2
"""Folders up to which a relative path still goes with its project."""


def relative_source(path: Path, folder: Path | None) -> str:
    """A path relative to the project's folder where the two lie together.

    Args:
        folder: Of the project; None while it has none.
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
    """A path as it was typed or chosen; an absolute one beside the project if it can.

    Args:
        folder: Of the project; None while it has none.
    """
    path = Path(text).expanduser()
    return relative_source(path, folder) if path.is_absolute() and text else text
