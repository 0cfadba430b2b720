"""`evaluate`: evaluate a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.cli.output_reports import show_outputs
from dlstudio.cli.run_choice import choose_run
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.engine.runs.store import Run

MISTAKES = 5
SHORT = 5  # longest class name used as a column heading
WIDEST = 12  # most classes for which the confusion matrix is printed


def evaluate(
    project: ProjectArgument,
    run: RunOption = "",
    data: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help=mark("Images to evaluate on instead of the project's test split."),
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Evaluate a trained model."""
    from dlstudio.cli.evaluation import evaluate_run
    from dlstudio.cli.other_data import other_data, training_images
    from dlstudio.cli.verdict_text import show_verdict, suggested, verdict_json
    from dlstudio.document.verdict import Verdict

    output = Output(as_json)
    opened = open_project(project)
    chosen = choose_run(opened, run, output)
    source = other_data(opened, data, output) if data else None
    overlap = (
        None if source is None else training_images(opened, chosen, source, output)
    )
    report = evaluate_run(opened, chosen, output, source)
    found = Verdict.from_json(report.verdict)  # None where numbers are predicted
    made = suggested(found, chosen, opened) if found is not None else ()
    if as_json:
        more = {} if overlap is None else {"training_overlap": overlap.to_json()}
        judged = verdict_json(found, made) if found is not None else None
        output.json({**report.to_json(), **more, "verdict": judged})
        return
    _show(output, report, chosen)
    if found is not None:
        output.text()
        show_verdict(output, found, made, opened.folder, chosen)


def _show(output: Output, report: EvaluationReport, chosen: Run) -> None:
    output.text(_heading(report, chosen), "bold")
    # Classes of the first output are shown in more detail below.
    first = next(iter(report.outputs), "") if report.classes else ""
    others = {name: each for name, each in report.outputs.items() if name != first}
    show_outputs(output, others)
    if not report.classes:
        return
    output.text()
    rows = [
        (
            name,
            percent(figures["precision"]),
            percent(figures["recall"]),
            percent(figures["f1"]),
            str(figures["support"]),
        )
        for name, figures in report.per_class.items()
    ]
    headings = (_("Class"), _("Precision"), _("Recall"), "F1", _("Samples"))
    output.table(headings, rows, numbers=(1, 2, 3, 4))
    if not report.multi_label and len(report.classes) <= WIDEST:
        output.text()
        output.text(
            _("Confusion matrix: rows are true classes, columns are predicted classes.")
        )
        _show_confusion(output, report)
    _show_mistakes(output, report.mistakes)
    output.text()
    names = (
        ("accuracy", _("Accuracy")),
        ("macro_f1", _("Macro F1")),
        ("roc_auc", _("Area under the ROC curve")),
        ("ece", _("Calibration error")),
    )
    for name, title in names:
        if report.metrics.get(name) is not None:
            output.text(f"{title}: {percent(report.metrics[name])}", "bold")


def _heading(report: EvaluationReport, chosen: Run) -> str:
    from dlstudio.data.split_names import split_word
    from dlstudio.engine.evaluation.evaluate import ALL

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


def _show_confusion(output: Output, report: EvaluationReport) -> None:
    """Print the confusion matrix; columns of long names are headed by numbers."""
    classes = list(report.classes)
    count = range(1, len(classes) + 1)
    heads = classes
    if max(map(len, classes)) > SHORT:
        heads = list(map(str, count))
        classes = [
            f"{number} {name}" for number, name in zip(count, classes, strict=True)
        ]
    rows = [
        (name, *map(str, row))
        for name, row in zip(classes, report.confusion_matrix, strict=True)
    ]
    output.table(("", *heads), rows, numbers=tuple(count))


def _show_mistakes(output: Output, mistakes: list[dict[str, Any]]) -> None:
    if not mistakes:
        return
    output.text()
    output.text(_("Worst mistakes:"))
    for mistake in mistakes[:MISTAKES]:
        output.text(
            "  "
            + _("{input}: predicted {label} ({score}), actually {truth}").format(
                input=mistake["input"],
                label=_listed(mistake["label"]),
                score=percent(mistake["score"]),
                truth=_listed(mistake["truth"]),
            )
        )


def _listed(label: str | Sequence[str]) -> str:
    return label if isinstance(label, str) else ", ".join(label) or _("no label")
