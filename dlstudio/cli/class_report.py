"""Printing how good an output is that predicts classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.cli.output import Output
from dlstudio.document.evaluation import is_single
from dlstudio.document.threshold_section import DEFAULT, threshold_text
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport

MISTAKES = 5
SHORT = 5  # longest class name used as a column heading
WIDEST = 12  # most classes for which the confusion matrix is printed


def is_of_classes(report: HeadReport) -> bool:
    """Whether a report is one of an output that predicts classes."""
    return "confusion_matrix" in report.sections


def show_classes(output: Output, report: HeadReport) -> None:
    """Print metrics by class, the confusion matrix, mistakes, and metrics of all.

    Args:
        output: Output to print to.
        report: Of an output that predicts classes.
    """
    per_class: Mapping[str, Mapping[str, Any]] = report.sections["per_class"]
    output.text()
    rows = [
        (
            name,
            percent(metrics["precision"]),
            percent(metrics["recall"]),
            percent(metrics["f1"]),
            str(metrics["support"]),
        )
        for name, metrics in per_class.items()
    ]
    headings = (_("Class"), _("Precision"), _("Recall"), "F1", _("Samples"))
    output.table(headings, rows, numbers=(1, 2, 3, 4))
    matrix = report.sections["confusion_matrix"]
    if is_single(matrix) and len(per_class) <= WIDEST:
        output.text()
        output.text(
            _("Confusion matrix: rows are true classes, columns are predicted classes.")
        )
        _show_confusion(output, tuple(per_class), matrix)
    _show_threshold(output, report)
    _show_mistakes(output, report.sections["mistakes"])
    output.text()
    names = (
        ("accuracy", _("Accuracy")),
        ("macro_f1", _("Macro F1")),
        ("roc_auc", _("Area under the ROC curve")),
        ("ece", _("Calibration error")),
    )
    for name, title in names:
        if report.metrics.get(name) is not None:
            output.text(labelled(title, percent(report.metrics[name])), "bold")


def _show_confusion(
    output: Output, names: Sequence[str], matrix: Sequence[Sequence[int]]
) -> None:
    """Print the confusion matrix; columns of long names are headed by numbers."""
    classes = list(names)
    count = range(1, len(classes) + 1)
    heads = classes
    if max(map(len, classes)) > SHORT:
        heads = list(map(str, count))
        classes = [
            f"{number} {name}" for number, name in zip(count, classes, strict=True)
        ]
    rows = [(name, *map(str, row)) for name, row in zip(classes, matrix, strict=True)]
    output.table(("", *heads), rows, numbers=tuple(count))


def _show_threshold(output: Output, report: HeadReport) -> None:
    """Print the threshold, unless it is the default one."""
    section = report.sections.get("threshold")
    if section and section["value"] != DEFAULT:
        output.text()
        output.text(threshold_text(section["positive"], section["value"]))


def _show_mistakes(output: Output, mistakes: Sequence[Mapping[str, Any]]) -> None:
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
