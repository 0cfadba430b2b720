"""Jobs on the script beside a project, which a person edits in another program."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dlstudio import paths
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import Edit
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.scripts import ScriptWriter

FILE = "model.py"
"""Name of the script in the project's folder."""


@dataclass(frozen=True, slots=True)
class ReadScript:
    """What a script says about a project.

    Attributes:
        project: What it was compared with.
        edits: What it changes.
        sentences: The same in words.
        notes: What was left out.
    """

    project: Project
    edits: tuple[Edit, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_model_script(
    context: JobContext,
    path: Path,
    project: Project,
    catalog: Catalog,
    writer: ScriptWriter,
) -> ReadScript:
    """Read a script and compare it with a project; a job.

    Args:
        path: The script.
        project: The project as it is.
        catalog: Describes layers.
        writer: Writes the project's own script, to find what is not read.

    Raises:
        ScriptError: Its model is not understood.
        UserError: The file cannot be read.
    """
    from dlstudio.document.edits.difference import edits_between
    from dlstudio.document.project_difference import project_difference
    from dlstudio.engine.script_reader.given_values import ScriptInputs, of_project
    from dlstudio.engine.script_reader.project_merge import merge_reading
    from dlstudio.engine.script_reader.reader import read_script
    from dlstudio.engine.script_reader.script_before import ScriptBefore
    from dlstudio.engine.script_reader.script_file import read_script_file
    from dlstudio.engine.script_reader.unread_changes import reading_notes

    text = read_script_file(path)
    reading = read_script(text, catalog, of_project(ScriptInputs(), project))
    code = ""
    with suppress(UserError):  # a model that is not complete has no script
        code = writer.write(context, project, path.parent).text
    written = ScriptBefore.of(code, catalog)
    after = merge_reading(reading, project, catalog, written)
    notes = reading_notes(text, reading, project, written, catalog)
    return ReadScript(
        project,
        edits_between(project, after),
        project_difference(project, after).sentences,
        tuple(note.message for note in notes),
    )


def write_model_script(
    context: JobContext, writer: ScriptWriter, project: Project, folder: Path
) -> Path:
    """Write the script of a project beside it; a job.

    Args:
        writer: Writes scripts.
        project: The project as it is.
        folder: Of the project.

    Raises:
        UserError: The project has no script, or the file cannot be written.
    """
    path = folder / FILE
    paths.write_text(path, writer.write(context, project, folder).text, below=folder)
    return path
