"""The script of a project: with its data where that is a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import resolve
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.engine.codegen.script import Script, script
from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.engine.codegen.script_table import ScriptTable

TABLE = "dlstudio.sources.table"
Key = tuple[object, ...]


class ProjectScripts:
    """Writes scripts; a table is read again only after it or its use has changed.

    Args:
        catalog: Describes layers, plan and features.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: tuple[Key, ScriptTable] | None = None

    def write(self, project: Project, folder: Path) -> Script:
        """The script of a project.

        Where the table cannot be read, the script has the model alone, and says why.

        Args:
            project: The project.
            folder: Of the project, to which paths are relative.

        Raises:
            UserError: The model cannot be written as a script.
        """
        if project.data.source.kind != TABLE:
            return script(project, self._catalog)
        try:
            return script(project, self._catalog, self._table(project, folder))
        except UserError as error:
            return script(project, self._catalog, unread=error.message)

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
