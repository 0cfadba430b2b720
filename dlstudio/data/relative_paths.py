"""Paths of data as stored in a project."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec

FARTHEST = 2
"""Most parent folders that a relative path may go up."""


def relative_source(source: Spec, folder: Path, catalog: Catalog) -> Spec:
    """The source with its paths relative to the project where they are near each other.

    Args:
        source: A kind of the family "sources" with parameters.
        folder: Folder of the project.
        catalog: Catalog with the source's description.
    """
    description = catalog.get(source.kind)
    for param in description.params if description is not None else ():
        path = source.params.get(param.name)
        if param.type == "path" and isinstance(path, str) and path:
            near = _relative(path, folder)
            if near != path:
                source = replace(source, params=source.params.set(param.name, near))
    return source


def _relative(path: str, folder: Path) -> str:
    try:
        relative = Path(os.path.relpath(path, folder.absolute()))
    except ValueError:  # on another drive
        return path
    return path if relative.parts.count("..") > FARTHEST else relative.as_posix()
