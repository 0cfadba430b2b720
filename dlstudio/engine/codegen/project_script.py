"""The script of a project: with its data where that is a table or a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import resolve
from dlstudio.document.plan import NO_SOURCE, DataRecipe
from dlstudio.document.project import Project, takes_one_image
from dlstudio.engine.codegen.script import Script, script
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.codegen.script_folder import FolderListing, ScriptFolder
    from dlstudio.engine.codegen.script_table import ScriptTable

TABLE, FOLDER = "dlstudio.sources.table", "dlstudio.sources.folder"
Key = tuple[object, ...]


class ProjectScripts:
    """Writes scripts; data is read again only after it or its use has changed.

    Args:
        catalog: Describes layers, plan and features.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: tuple[Key, ScriptTable] | None = None
        self._listed: tuple[Key, FolderListing] | None = None

    def write(self, project: Project, folder: Path) -> Script:
        """The script of a project.

        Where the data cannot be read, the script has the model alone, and says why.

        Args:
            project: The project.
            folder: Of the project, to which paths are relative.

        Raises:
            UserError: The model cannot be written as a script.
        """
        kind = project.data.source.kind
        data: ScriptTable | ScriptFolder
        try:
            if kind == TABLE:
                data = self._table(project, folder)
            elif project.data.source == NO_SOURCE or not takes_one_image(project):
                return script(project, self._catalog)
            elif kind == FOLDER:
                data = self._folder(project, folder)
            else:
                raise UserError(
                    _("A script reads images from folders with a class each only.")
                )
            return script(project, self._catalog, data)
        except UserError as error:
            return script(project, self._catalog, unread=error.message)

    def _folder(self, project: Project, folder: Path) -> ScriptFolder:
        from dlstudio.engine.codegen.script_folder import folder_listing, script_folder

        key = _folder_stamp(project.data, folder), project.data
        if self._listed is None or self._listed[0] != key:
            self._listed = key, folder_listing(project, folder, self._catalog)
        return script_folder(project, self._listed[1])

    def _table(self, project: Project, folder: Path) -> ScriptTable:
        # Reading tables takes long to import, and most scripts read none.
        from dlstudio.engine.codegen.script_table import script_table

        key = (
            _stamp(project.data, folder),
            project.data,
            project.inputs,
            project.outputs,
        )
        if self._known is None or self._known[0] != key:
            self._known = key, script_table(project, folder, self._catalog)
        return self._known[1]


def _stamp(recipe: DataRecipe, folder: Path) -> Key:
    """What changes if the table does."""
    path = resolve(recipe.source.params.get("path"), folder)
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size


def _folder_stamp(recipe: DataRecipe, folder: Path) -> Key:
    """What changes if files are added or removed in a folder, or two levels below."""
    root = resolve(recipe.source.params.get("path"), folder)
    found: list[Key] = []
    waiting = [(str(root), 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            found.append((path, os.stat(path).st_mtime_ns))
            if depth == 2:
                continue
            with os.scandir(path) as entries:
                folders = [each.path for each in entries if each.is_dir()]
        except OSError:
            continue
        waiting += [(each, depth + 1) for each in folders]
    return tuple(sorted(found, key=str))
