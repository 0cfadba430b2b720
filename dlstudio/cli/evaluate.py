"""`evaluate`: evaluate a trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.cli.run_choice import choose_run
from dlstudio.i18n import marked as mark
from dlstudio.i18n import ngettext

if TYPE_CHECKING:
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.engine.runs.store import Run


def evaluate(
    project: ProjectArgument,
    run: RunOption = "",
    data: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help=mark("Data to evaluate on instead of the project's test split."),
        ),
    ] = "",
    importance: Annotated[
        bool,
        typer.Option(
            "--importance",
            help=mark(
                "Compute how much each input matters: by how much the result is worse "
                "if its values are permuted."
            ),
        ),
    ] = False,
    dependence: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help=mark("Compute the average prediction for each value of an input."),
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help=mark(
                "Compare the results for each value of a column, which need not be an "
                "input; numbers in bands."
            ),
        ),
    ] = "",
    metric: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=mark("Metric to compare with --by, such as macro_f1 or rmse."),
        ),
    ] = "",
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            "--threshold",
            metavar="[OUTPUT=]VALUE",
            help=mark(
                "Predict a label from this probability on, or call an image an anomaly "
                "above this error; kept with the run for predictions and exports. "
                "“default” restores the default."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Evaluate a trained model."""
    from dlstudio.cli.evaluation import evaluate_run
    from dlstudio.cli.other_data import other_data, training_samples
    from dlstudio.cli.output_reports import show_outputs
    from dlstudio.cli.requested_sections import SectionRequest
    from dlstudio.cli.thresholds import keep_thresholds
    from dlstudio.cli.verdict_text import (
        other_verdicts,
        show_other_verdicts,
        show_verdict,
        suggested,
        verdict_json,
    )
    from dlstudio.document.verdict import Verdict

    output = Output(as_json)
    opened = open_project(project)
    chosen = choose_run(opened, run, output if as_json else None)
    source = other_data(opened, data, output) if data else None
    overlap = None
    if source is not None:
        overlap = training_samples(opened, chosen, source, output)
    if threshold:
        keep_thresholds(chosen, threshold, opened.catalog)
    request = SectionRequest(importance, dependence, by, metric)
    report = evaluate_run(opened, chosen, output, source, request)
    found = Verdict.from_json(report.verdict)
    made = suggested(found, chosen, opened) if found is not None else ()
    if as_json:
        more = {} if overlap is None else {"training_overlap": overlap.to_json()}
        judged = verdict_json(found, made) if found is not None else None
        output.json({**report.to_json(), **more, "verdict": judged})
        return
    output.text(_heading(report, chosen), "bold")
    show_outputs(output, report)
    if found is not None:
        output.text()
        show_verdict(output, found, made, opened.folder, chosen)
    others = other_verdicts(report.to_json(), made, chosen, opened)
    show_other_verdicts(output, others, opened.folder, chosen)


def _heading(report: EvaluationReport, chosen: Run) -> str:
    from dlstudio.data.split_names import split_word
    from dlstudio.engine.evaluation.held_out import ALL

    if report.split == ALL:
        text = ngettext(
            "Run {run}, {count} sample", "Run {run}, {count} samples", report.samples
        )
    else:
        text = ngettext(
            "Run {run}, {count} sample of the {split} split",
            "Run {run}, {count} samples of the {split} split",
            report.samples,
        )
    split = split_word(report.split)
    return text.format(run=chosen.label, count=report.samples, split=split)
