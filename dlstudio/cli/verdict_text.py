"""Printing a run's verdict and the suggestions on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport
    from dlstudio.document.verdict import Suggestion, Verdict
    from dlstudio.engine.runs.store import Run

STYLES = {"learned": "green", "failed": "red", "nothing": "red"}


def known_verdict(
    run: Run, opened: OpenedProject, *, quick: bool = False
) -> Verdict | None:
    """The verdict of a run's report, without TensorFlow; None if there is no report.

    Args:
        quick: Whether to skip the search for causes if none are stored.
    """
    from dlstudio.engine.evaluation.verdict.judge import verdict_of
    from dlstudio.engine.runs.evaluation_report import read_report

    return verdict_of(run, read_report(run.folder), opened.catalog, quick=quick)


def known_outputs(run: Run) -> dict[str, HeadReport]:
    """The reports of a run's outputs; empty if it is not evaluated."""
    from dlstudio.document.evaluation import outputs_of
    from dlstudio.engine.runs.evaluation_report import read_report

    report = read_report(run.folder)
    return {} if report is None else outputs_of(report)


def suggested(
    verdict: Verdict, run: Run, opened: OpenedProject
) -> tuple[Suggestion, ...]:
    """What to try next with the current project.

    Args:
        verdict: Verdict on the run.
        run: The run.
        opened: The project, which may have changed since the run.
    """
    from dlstudio.engine.evaluation.verdict.suggestions import situation_of, suggestions

    return suggestions(verdict, situation_of(run, opened.project, opened.catalog))


def verdict_json(verdict: Verdict, made: tuple[Suggestion, ...]) -> JsonObject:
    """The verdict with its texts and the suggestions, as JSON."""
    from dlstudio.document.verdict_text import paragraph

    return {
        **verdict.to_json(),
        "text": paragraph(verdict),
        "suggestions": [each.to_json() for each in made],
    }


def show_verdict(
    output: Output,
    verdict: Verdict,
    made: tuple[Suggestion, ...],
    folder: Path,
    run: Run,
) -> None:
    """Print the verdict, then each suggestion with its command.

    Args:
        output: Output to print to.
        verdict: Verdict on the run.
        made: Suggestions, in order.
        folder: Folder of the project.
        run: The run.
    """
    from dlstudio.document.verdict_text import causes, finding, title

    output.text(title(verdict), f"bold {STYLES.get(verdict.outcome, 'yellow')}")
    for text in (finding(verdict), *causes(verdict)):
        if text:
            output.text(text)
    if not made:
        return
    output.text(_("What to try next:"))
    rows = [
        (f"  {number}", each.label, command_of(each, number, folder, run))
        for number, each in enumerate(made, 1)
    ]
    output.columns(rows)


def show_other_verdicts(output: Output, outputs: Mapping[str, HeadReport]) -> None:
    """Print the verdicts on all outputs but the first one, each with its name.

    Args:
        output: Output to print to.
        outputs: All of them, by what they predict.
    """
    from dlstudio.document.evaluation import VERDICT
    from dlstudio.document.verdict import Verdict
    from dlstudio.document.verdict_text import causes, finding, title

    for name, report in outputs.items():
        verdict = Verdict.from_json(report.sections.get(VERDICT))
        if verdict is None:
            continue
        output.text()
        style = f"bold {STYLES.get(verdict.outcome, 'yellow')}"
        output.text(f"{name}: {title(verdict)}", style)
        for text in (finding(verdict), *causes(verdict)):
            if text:
                output.text(text)


def command_of(made: Suggestion, number: int, folder: Path, run: Run) -> str:
    """The command that applies a suggestion, or helps to start with it.

    Args:
        made: Suggestion.
        number: Number in the list, from 1.
        folder: Folder of the project.
        run: Run that it is about.
    """
    from dlstudio.document.verdict import EDIT, TEMPLATE, TRAIN_LONGER

    if made.kind == EDIT:
        name = run.number or run.id
        return command_text("verdict", folder, "--run", name, "--apply", number)
    if made.kind == TRAIN_LONGER:
        epochs = run.record.epochs + made.more
        return command_text("train", folder, "--resume", made.run, "--epochs", epochs)
    if made.kind == TEMPLATE:
        name = made.name.rpartition(".")[2]
        return f"dlstudio new DIR --template {name} --data PATH"
    return command_text("gui", folder)
