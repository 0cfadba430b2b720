"""Jobs that write a project as a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.codegen.project_script import ProjectScripts


@dataclass(frozen=True, slots=True)
class WrittenScript:
    """The text, and the first and last line of each node, by graph and id."""

    text: str
    lines: Mapping[str, Mapping[str, tuple[int, int]]]


class ScriptWriter:
    """Writes projects as plain Keras scripts.

    Needs neither Keras nor TensorFlow, so it works while they are loaded. What it has
    found in a table it keeps for the next script. One job at a time.

    Args:
        catalog: Describes layers and plan.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._scripts: ProjectScripts | None = None

    def write(
        self, _context: JobContext, project: Project, folder: Path | None
    ) -> WrittenScript:
        """The project as a script; a job.

        Args:
            project: The project to write.
            folder: Of the project; None if it was not saved yet.

        Raises:
            UserError: The project cannot be written as a script.
        """
        from dlstudio.engine.codegen.project_script import ProjectScripts

        if self._scripts is None:
            self._scripts = ProjectScripts(self._catalog)
        written = self._scripts.write(project, folder or Path())
        return WrittenScript(written.text, written.lines)
