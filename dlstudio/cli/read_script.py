"""`read-script`: apply an edited Keras script to a project, or make one of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import project_folder
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.cli.script_hints import hints
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.document.project import Project
    from dlstudio.engine.script_reader.given_values import ScriptInputs
    from dlstudio.engine.script_reader.limits import ScriptProblem


def read_script(
    project: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECT",
            help=mark("Project folder; with --out, the script alone is given."),
        ),
    ],
    script: Annotated[
        Path | None,
        typer.Argument(
            metavar="SCRIPT",
            help=mark("Keras script (.py) or notebook (.ipynb)."),
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=mark("A new or empty folder for a new project.")
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help=mark("A value that the script computes, such as num_classes=10."),
        ),
    ] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="SHAPE",
            help=mark(
                "Shape of an input that the script takes from its data, such as "
                "28x28x1; ? for any length. Again for each further input."
            ),
        ),
    ] = None,
    model: Annotated[
        int | None,
        typer.Option(
            "--model",
            metavar="LINE",
            min=1,
            help=mark("Line in which the model is built, if the script has several."),
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read a Keras script, which is parsed and never run."""
    from dlstudio.engine.script_reader.given_values import script_inputs

    output = Output(as_json)
    given = script_inputs(values or (), inputs or (), model)
    if out is not None and script is None:
        with hints():
            _make(output, project.expanduser(), out.expanduser(), given)
    elif script is not None and out is None:
        folder = project_folder(project.expanduser())
        with hints():
            _apply(output, folder, script.expanduser(), given)
    else:
        raise UserError(
            _("It is not clear which project the script belongs to."),
            _(
                "“read-script PROJECT SCRIPT” changes a project, “read-script SCRIPT "
                "--out DIR” makes a new one."
            ),
        )


def _apply(output: Output, folder: Path, script: Path, given: ScriptInputs) -> None:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.edit_lock import edited_project
    from dlstudio.engine.codegen.project_script import ProjectScripts
    from dlstudio.engine.script_reader.given_values import of_project
    from dlstudio.engine.script_reader.project_merge import merge_reading
    from dlstudio.engine.script_reader.reader import read_script as read
    from dlstudio.engine.script_reader.script_before import ScriptBefore
    from dlstudio.engine.script_reader.script_file import read_script_file
    from dlstudio.engine.script_reader.unread_changes import reading_notes

    catalog = Catalog.load()
    text = read_script_file(script)
    with edited_project(folder, mark("a command")) as (before, save):
        reading = read(text, catalog, of_project(given, before))
        code = ""
        with suppress(UserError):  # a model that is not complete has no script
            code = ProjectScripts(catalog).write(before, folder).text
        written = ScriptBefore.of(code, catalog)
        after = merge_reading(reading, before, catalog, written)
        if after != before:
            save(after)
    notes = reading_notes(text, reading, before, written, catalog)
    _show(output, before, after, notes)


def _make(output: Output, script: Path, folder: Path, given: ScriptInputs) -> None:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import is_free, save_project
    from dlstudio.engine.runtime.startup import start_tensorflow
    from dlstudio.engine.script_reader.new_project import new_project
    from dlstudio.engine.script_reader.reader import read_script as read
    from dlstudio.engine.script_reader.script_before import ScriptBefore
    from dlstudio.engine.script_reader.script_file import read_script_file
    from dlstudio.engine.script_reader.unread_changes import reading_notes

    if not is_free(folder):
        raise UserError(
            _("The folder {path} is not empty.").format(path=folder),
            _("Choose a new or empty folder."),
        )
    catalog = Catalog.load()
    text = read_script_file(script)
    reading = read(text, catalog, given)
    made = new_project(reading, script.stem, catalog)
    with output.progress(_("Loading TensorFlow…")):
        start_tensorflow()
    from dlstudio.engine.script_reader.bound_project import bound_project

    made = bound_project(made, reading, catalog)
    save_project(made, folder)
    notes = reading_notes(text, reading, made, ScriptBefore(), catalog)
    _show(output, None, made, notes)


def _show(
    output: Output,
    before: Project | None,
    after: Project,
    notes: tuple[ScriptProblem, ...],
) -> None:
    from dlstudio.document.project import Project
    from dlstudio.document.project_difference import project_difference

    found = project_difference(before or Project(), after)
    if output.as_json:
        output.json(
            {
                **found.to_json(),
                "notes": [{"line": each.line, "text": each.text} for each in notes],
            }
        )
        return
    if before is None:
        count = after.model.layer_count
        text = ngettext(
            "{name} is ready: {count} layer.", "{name} is ready: {count} layers.", count
        )
        output.text(text.format(name=after.name, count=count))
    else:
        for line in found.sentences or (_("Nothing changed."),):
            output.text(line)
    for note in notes:
        output.text(note.message, "yellow")
