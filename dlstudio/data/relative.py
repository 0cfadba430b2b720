"""Where data lies, as a project writes it down."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from dlstudio.document.values import Spec

FARTHEST = 2
"""Folders up to which a relative path still goes with its project."""


def beside(source: Spec, folder: Path) -> Spec:
    """The source with its path relative to the project where the two lie together.

    Args:
        source: A description of family "sources" with its parameters.
        folder: Of the project.
    """
    path = source.params.get("path")
    if not isinstance(path, str):
        return source
    try:
        relative = Path(os.path.relpath(path, folder.absolute()))
    except ValueError:  # on another drive
        return source
    if relative.parts.count("..") > FARTHEST:
        return source
    return replace(source, params=source.params.set("path", relative.as_posix()))
