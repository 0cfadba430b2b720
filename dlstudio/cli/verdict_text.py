"""Printing a run's verdict and the suggestions on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.labelled_text import labelled

if TYPE_CHECKING:
    from dlstudio.document.verdict import Suggestion, Verdict
    from dlstudio.engine.runs.store import Run

STYLES = {"learned": "green", "failed": "red", "nothing": "red"}


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """The verdict on an output that is not the first one.

    Attributes:
        name: What the output predicts.
        verdict: The verdict.
        suggestions: What to try next, each with its number among those of all outputs.
    """

    name: str
    verdict: Verdict
    suggestions: Sequence[tuple[int, Suggestion]]


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


def other_verdicts(
    report: Mapping[str, Any] | None,
    made: Sequence[Suggestion],
    run: Run,
    opened: OpenedProject,
) -> list[OtherVerdict]:
    """The verdicts on all outputs but the first one.

    Args:
        report: An evaluation as plain JSON data; None if there is none.
        made: Suggestions of the first output, whose numbers come first.
        run: The run.
        opened: The project, which may have changed since the run.
    """
    from dlstudio.engine.evaluation.verdict import judge

    numbered = {each.label: number for number, each in enumerate(made, 1)}
    found = []
    for name, verdict in judge.other_verdicts(report).items():
        own = suggested(verdict, run, opened)
        for each in own:
            numbered.setdefault(each.label, len(numbered) + 1)
        found.append(OtherVerdict(name, verdict, [(numbered[e.label], e) for e in own]))
    return found


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
    from dlstudio.document.verdict_text import title

    _show(output, title(verdict), verdict, enumerate(made, 1), folder, run)


def show_other_verdicts(
    output: Output, others: Sequence[OtherVerdict], folder: Path, run: Run
) -> None:
    """Print the verdicts on all outputs but the first one, each with its name.

    Args:
        output: Output to print to.
        others: As `other_verdicts` gives them.
        folder: Folder of the project.
        run: The run.
    """
    from dlstudio.document.verdict_text import title

    for each in others:
        output.text()
        text = labelled(each.name, title(each.verdict))
        _show(output, text, each.verdict, each.suggestions, folder, run)


def _show(
    output: Output,
    title: str,
    verdict: Verdict,
    made: Iterable[tuple[int, Suggestion]],
    folder: Path,
    run: Run,
) -> None:
    """Print a verdict and its suggestions, each with its number."""
    from dlstudio.document.verdict_text import causes, finding

    output.text(title, f"bold {STYLES.get(verdict.outcome, 'yellow')}")
    for text in (finding(verdict), *causes(verdict)):
        if text:
            output.text(text)
    rows = [
        (f"  {number}", each.label, command_of(each, number, folder, run))
        for number, each in made
    ]
    if rows:
        output.text(_("What to try next:"))
        output.columns(rows)


def command_of(made: Suggestion, number: int, folder: Path, run: Run) -> str:
    """The command that applies a suggestion, or helps to start with it.

    Args:
        made: Suggestion.
        number: Number in the list, from 1.
        folder: Folder of the project.
        run: Run that it is about.
    """
    from dlstudio.document.verdict import EDIT, TRAIN_LONGER

    if made.kind == EDIT:
        name = run.number or run.id
        return command_text("verdict", folder, "--run", name, "--apply", number)
    if made.kind == TRAIN_LONGER:
        epochs = run.record.epochs + made.more
        return command_text("train", folder, "--resume", made.run, "--epochs", epochs)
    return command_text("gui", folder)
