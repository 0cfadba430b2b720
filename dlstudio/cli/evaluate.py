"""`evaluate`: how good a trained model is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlstudio.cli.opened import Opened, open_project, source_of
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output, percent
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.engine.evaluate import Report

MISTAKES = 5
SHORT = 5  # letters of a name that can head a column
WIDEST = 12  # classes whose confusion fits on a screen


def evaluate(
    project: ProjectArgument,
    run: RunOption = "",
    data: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help=mark("Other pictures than the project's own test part."),
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Measure how good a trained model is."""
    output = Output(as_json)
    report = _measure(open_project(project), run, data, output)
    if as_json:
        output.json(report.to_json())
    else:
        _show(output, report)


def _measure(opened: Opened, run: str, data: str, output: Output) -> Report:
    from dlstudio.engine.runs import RunStore

    chosen = RunStore(opened.folder).find(run)
    with output.waiting(_("Loading the model …")):
        from dlstudio.engine.start import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.evaluate import ALL, evaluate, held_out, save_report
        from dlstudio.engine.open_run import load_trained, prepare_other, prepare_run

        trained = load_trained(chosen, opened.catalog)
    place = (opened.folder, opened.catalog)
    with output.progress(_("Preparing the pictures")) as report:
        if data:
            source = source_of(data, opened.catalog)
            prepared = prepare_other(chosen, *place, source, report)
        else:
            prepared = prepare_run(chosen, *place, report)
            if prepared.fingerprint != chosen.record.data.get("fingerprint"):
                output.note(
                    _(
                        "warning: the data has changed since this training; it may"
                        " have seen some of the pictures that it is asked about now."
                    )
                )
    split = held_out(prepared) if not data else ALL
    with output.progress(_("Asking the model")) as report:
        found = evaluate(trained, prepared, split, progress=report)
    if not data:
        save_report(found, chosen.folder)
    return found


def _show(output: Output, report: Report) -> None:
    output.text(
        _("Run {run}, {count} samples of the part “{split}”").format(
            run=report.run, count=report.samples, split=report.split
        ),
        "bold",
    )
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
        output.text(_("Confusion: rows are the truth, columns the model's answers."))
        _show_confusion(output, report)
    _show_mistakes(output, report.mistakes)
    output.text()
    names = (
        ("accuracy", _("Accuracy")),
        ("macro_f1", _("F1, mean of the classes")),
        ("roc_auc", _("Area under the ROC curve")),
        ("ece", _("Calibration error")),
    )
    for name, title in names:
        if report.metrics.get(name) is not None:
            output.text(f"{title}: {percent(report.metrics[name])}", "bold")


def _show_confusion(output: Output, report: Report) -> None:
    """Short names head the columns; of long ones, their numbers do."""
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
    output.text(_("The worst mistakes:"))
    for mistake in mistakes[:MISTAKES]:
        output.text(
            "  "
            + _("{input}: {label} ({score}), in truth {truth}").format(
                input=mistake["input"],
                label=_listed(mistake["label"]),
                score=percent(mistake["score"]),
                truth=_listed(mistake["truth"]),
            )
        )


def _listed(label: Any) -> str:
    return label if isinstance(label, str) else ", ".join(label) or _("no label")
