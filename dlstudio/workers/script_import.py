"""Jobs that make projects of scripts and notebooks, which are parsed and never run."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT
from dlstudio.document.project import Project
from dlstudio.document.script_preview import ScriptPreview, ScriptQuestion
from dlstudio.document.storage import load_project, save_project
from dlstudio.workers.jobs import Cancelled, JobContext


def preview_script(
    context: JobContext, path: Path, question: ScriptQuestion, catalog: Catalog
) -> ScriptPreview:
    """What a script says before a project is made of it.

    Args:
        context: Asked whether to stop.
        path: Of the script or notebook.
        question: Which model is wanted, and what its data would say.
        catalog: Describes layers.

    Raises:
        UserError: The file cannot be read, or something typed is not understood.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.script_reader.given_values import script_inputs
    from dlstudio.engine.script_reader.new_project import new_project
    from dlstudio.engine.script_reader.reader import ScriptError, read_script
    from dlstudio.engine.script_reader.script_before import ScriptBefore
    from dlstudio.engine.script_reader.script_file import read_script_file
    from dlstudio.engine.script_reader.unread_changes import reading_notes

    text = read_script_file(path)
    given = script_inputs(question.names, question.shapes, question.line)
    try:
        reading = read_script(text, catalog, given)
    except ScriptError as error:
        problems = tuple(each.message for each in error.problems)
        return ScriptPreview(lines=error.lines, problems=problems)
    if context.should_stop():
        raise Cancelled
    project = new_project(reading, path.stem, catalog)
    notes = reading_notes(text, reading, project, ScriptBefore(), catalog)
    return ScriptPreview(
        project.model.layer_count,
        tuple(_shapes(project)),
        reading.model.line,
        reading.lines,
        tuple(note.message for note in notes),
    )


def _shapes(project: Project) -> list[str]:
    found: list[str] = []
    for node in project.model.nodes.values():
        shape = node.params.get("shape") if node.kind == INPUT else None
        if isinstance(shape, tuple):
            found.append(" × ".join("?" if n is None else str(n) for n in shape) or "1")
    return found


def import_script(
    context: JobContext,
    path: Path,
    folder: Path,
    question: ScriptQuestion,
    catalog: Catalog,
) -> Project:
    """Make a project of a script in a new folder; on the thread that has TensorFlow.

    Args:
        context: Asked whether to stop.
        path: Of the script or notebook.
        folder: Of the project.
        question: Which model is wanted, and what its data would say.
        catalog: Describes layers.

    Returns:
        The project as it was saved.

    Raises:
        UserError: The script is not understood, or the folder cannot be written.
        Cancelled: The job was cancelled; nothing is left behind.
    """
    from dlstudio.engine.script_reader.bound_project import bound_project
    from dlstudio.engine.script_reader.given_values import script_inputs
    from dlstudio.engine.script_reader.new_project import new_project
    from dlstudio.engine.script_reader.reader import read_script
    from dlstudio.engine.script_reader.script_file import read_script_file

    given = script_inputs(question.names, question.shapes, question.line)
    reading = read_script(read_script_file(path), catalog, given)
    made = bound_project(new_project(reading, path.stem, catalog), reading, catalog)
    if context.should_stop():
        raise Cancelled
    save_project(made, folder)
    return load_project(folder)
