"""`verdict`: report what a run has learned, and what to try next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.document.verdict import Suggestion
    from dlstudio.engine.runs.store import Run


def verdict(
    project: ProjectArgument,
    run: Annotated[
        str,
        typer.Option(
            "--run",
            metavar="RUN",
            help=mark("ID of the run, or its beginning. Default: the latest run."),
        ),
    ] = "",
    apply: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help=mark("Apply suggestion N to the project."),
        ),
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Report what a run has learned, what limits it, and what to try next."""
    from dlstudio.cli.verdict_text import (
        known_verdict,
        other_verdicts,
        show_other_verdicts,
        show_verdict,
        suggested,
        verdict_json,
    )
    from dlstudio.engine.runs.evaluation_report import read_report

    output = Output(as_json)
    opened = open_project(project)
    chosen = _chosen(opened, run)
    report = read_report(chosen.folder)
    found = known_verdict(chosen, opened)
    if found is None and report is not None:
        raise UserError(
            _("There is no verdict on what this model predicts."),
            _("“{command}” shows its metrics.").format(
                command=command_text("evaluate", opened.folder, "--run", chosen.number)
            ),
        )
    if found is None:
        raise UserError(
            _("Run {id} has not been evaluated yet.").format(id=chosen.label),
            _("Evaluate it first with “{command}”.").format(
                command=command_text("evaluate", opened.folder, "--run", chosen.number)
            ),
        )
    made = suggested(found, chosen, opened)
    others = other_verdicts(report, made, chosen, opened)
    known = dict(pair for each in others for pair in each.suggestions)
    known |= dict(enumerate(made, 1))
    done = _applied(opened, known, apply, chosen) if apply else None
    if as_json:
        item = {"run": chosen.id, **verdict_json(found, made)}
        output.json({**item, "applied": done.label if done else None})
        return
    if done is None:
        show_verdict(output, found, made, opened.folder, chosen)
        show_other_verdicts(output, others, opened.folder, chosen)
        return
    output.text(_("Applied: {change}.").format(change=done.label))
    _note_missing_weights(opened, done, output)
    command = command_text("train", opened.folder)
    output.text(_("Next: {command}").format(command=command))


def _note_missing_weights(
    opened: OpenedProject, done: Suggestion, output: Output
) -> None:
    """Say which pretrained weights the project needs now."""
    from dlstudio.cli.new_backbone import note_weights
    from dlstudio.document.layout import LayoutEdit
    from dlstudio.engine.model.published_weights import missing_weights

    after = LayoutEdit(done.edits).apply(opened.project)
    if missing_weights(after.model):
        note_weights(after, opened.folder, output)


def _chosen(opened: OpenedProject, run: str) -> Run:
    """The run of this id; without an id the latest one, even if it failed."""
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(opened.folder)
    if run:
        return store.find(run)
    known = store.all()
    return known[-1] if known else store.find()


def _applied(
    opened: OpenedProject, made: Mapping[int, Suggestion], number: int, run: Run
) -> Suggestion:
    """Apply a suggestion to the project, and save it.

    Raises:
        UserError: The suggestion does not exist, does not change the project, or a
            window holds the project.
    """
    from dlstudio.cli.verdict_text import command_of
    from dlstudio.document.edit_lock import edited_project
    from dlstudio.document.layout import LayoutEdit

    if number not in made:
        raise UserError(
            _("There is no suggestion {number}.").format(number=number),
            _("“{command}” lists the suggestions.").format(
                command=command_text("verdict", opened.folder, "--run", run.number)
            ),
        )
    wanted = made[number]
    if not wanted.edits:
        raise UserError(
            _("The suggestion “{suggestion}” does not change the project.").format(
                suggestion=wanted.label
            ),
            _("Use “{command}” instead.").format(
                command=command_of(wanted, number, opened.folder, run)
            ),
        )
    with edited_project(opened.folder, mark("a command")) as (project, save):
        save(LayoutEdit(wanted.edits).apply(project))
    return wanted
