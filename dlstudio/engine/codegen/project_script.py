"""The script of a project: with its data, where a script reads it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import resolve
from dlstudio.document.plan import NO_SOURCE, DataRecipe
from dlstudio.document.project import Project, takes_one_image
from dlstudio.document.training_method import trains_layers
from dlstudio.engine.codegen.script import Script, script
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.codegen.image_listing import ImageListing
    from dlstudio.engine.codegen.script_images import ScriptImages
    from dlstudio.engine.codegen.script_long_text import ScriptLongText
    from dlstudio.engine.codegen.script_table import ScriptTable

TABLES = tuple(f"dlstudio.sources.{name}" for name in ("table", "text_folder", "conll"))
"""Sources whose samples a script reads as the rows of a table."""
LONG_TEXT = "dlstudio.sources.long_text"
LISTED = "dlstudio.sources.csv"
PATHS = ("path", "labels")
"""Parameters of other sources that are files or folders."""
DEEPEST = 2
"""Levels of folders in which files that are added or removed are noticed."""
Key = tuple[object, ...]


class ProjectScripts:
    """Writes scripts; data is read again only after it or its use has changed.

    Args:
        catalog: Describes layers, plan and features.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: tuple[Key, ScriptTable] | None = None
        self._listed: tuple[Key, ImageListing] | None = None
        self._text: tuple[Key, ScriptLongText] | None = None

    def write(self, project: Project, folder: Path) -> Script:
        """The script of a project.

        Where the data cannot be read, the script has the model alone, and says why.

        Args:
            project: The project.
            folder: Of the project, to which paths are relative.

        Raises:
            UserError: The model cannot be written as a script.
        """
        check_trains_layers(project, self._catalog)
        made = self._script(project, folder)
        if not project.word_vectors:
            return made
        paths = ", ".join(each.path for each in project.word_vectors.values())
        text = _("The word vectors of {paths} are not read by this script.")
        return replace(made, text=f"{made.text}\n# {text.format(paths=paths)}\n")

    def _script(self, project: Project, folder: Path) -> Script:
        kind = project.data.source.kind
        data: ScriptTable | ScriptImages | ScriptLongText
        try:
            if kind in TABLES:
                data = self._table(project, folder)
            elif kind == LONG_TEXT:
                data = self._long_text(project, folder)
            elif project.data.source == NO_SOURCE:
                return script(project, self._catalog)
            elif not takes_one_image(project):
                return script(project, self._catalog, unread=self._unread(kind))
            else:
                data = self._images(project, folder)
            return script(project, self._catalog, data)
        except UserError as error:
            return script(project, self._catalog, unread=error.message)

    def _unread(self, kind: str) -> str:
        """Why the data of a source is not read; "" of one that is not known."""
        source = self._catalog.get(kind)
        text = _("A script does not read the data source “{name}”.")
        return "" if source is None else text.format(name=_(source.title))

    def _images(self, project: Project, folder: Path) -> ScriptImages:
        from dlstudio.engine.codegen.image_sources import image_listing
        from dlstudio.engine.codegen.script_images import script_images

        key = _tree_stamp(project.data, folder), project.data
        if self._listed is None or self._listed[0] != key:
            found = image_listing(project, folder, self._catalog)
            self._listed = key, found
        return script_images(project, self._listed[1])

    def _long_text(self, project: Project, folder: Path) -> ScriptLongText:
        from dlstudio.engine.codegen.script_long_text import script_long_text

        key = _tree_stamp(project.data, folder), project.data
        if self._text is None or self._text[0] != key:
            self._text = key, script_long_text(project, folder, self._catalog)
        return self._text[1]

    def _table(self, project: Project, folder: Path) -> ScriptTable:
        # Reading tables takes long to import, and most scripts read none.
        from dlstudio.engine.codegen.script_table import script_table

        key = (
            _tree_stamp(project.data, folder),
            project.data,
            project.inputs,
            project.outputs,
        )
        if self._known is None or self._known[0] != key:
            self._known = key, script_table(project, folder, self._catalog)
        return self._known[1]


def check_trains_layers(project: Project, catalog: Catalog) -> None:
    """Check that a project has layers for a script.

    Raises:
        UserError: It learns word vectors, without layers.
    """
    if not trains_layers(project, catalog):
        raise UserError(
            _("Word vectors are learned without layers, so there is no script."),
            _("Export the vectors: “dlstudio words PROJECT export FILE”."),
        )


def _file_stamp(path: Path) -> Key:
    """What changes if a file does."""
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size


def _tree_stamp(recipe: DataRecipe, folder: Path) -> Key:
    """What changes if a source's files do, or if some are added or removed."""
    params = recipe.source.params
    paths = [resolve(each, folder) for name in PATHS if (each := params.get(name))]
    found: list[Key] = []
    for path in paths:
        if path.is_dir():
            found += _folders_stamp(path)
        else:
            found.append(_file_stamp(path))
    if recipe.source.kind == LISTED:
        found += _folders_stamp(paths[0].parent)
    return tuple(found)


def _folders_stamp(root: Path) -> list[Key]:
    """What changes if files are added or removed in a folder, or two levels below."""
    found: list[Key] = []
    waiting = [(str(root), 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            found.append((path, os.stat(path).st_mtime_ns))
            if depth == DEEPEST:
                continue
            with os.scandir(path) as entries:
                folders = [each.path for each in entries if each.is_dir()]
        except OSError:
            continue
        waiting += [(each, depth + 1) for each in folders]
    return sorted(found, key=str)
