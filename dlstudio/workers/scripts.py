"""Jobs that write a project as a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.workers.jobs import JobContext


@dataclass(frozen=True, slots=True)
class WrittenScript:
    """The text, and the first and last line of each node, by graph and id."""

    text: str
    lines: Mapping[str, Mapping[str, tuple[int, int]]]


def write_script(
    _context: JobContext, project: Project, catalog: Catalog
) -> WrittenScript:
    """The project as a plain Keras script.

    Needs neither Keras nor TensorFlow, so it works while they are loaded.

    Args:
        project: The project to write.
        catalog: Describes layers and plan.

    Raises:
        UserError: The project cannot be written as a script.
    """
    from dlstudio.engine.codegen.script import script

    written = script(project, catalog)
    return WrittenScript(written.text, written.lines)
