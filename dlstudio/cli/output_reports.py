"""Printing how good each output of a model is: a printer for each section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlstudio.cli.class_report import is_of_classes, show_classes
from dlstudio.cli.entity_report import show_entities
from dlstudio.cli.feature_report import show_dependence, show_groups, show_importance
from dlstudio.cli.language_report import show_language
from dlstudio.cli.output import Output
from dlstudio.cli.output_images import show_images
from dlstudio.cli.output_texts import show_texts
from dlstudio.document.entity_sections import EntityTable
from dlstudio.document.feature_sections import (
    GroupMetrics,
    Importance,
    PartialDependence,
)
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.value_text import decimals_for, grouped, metric_number, value_texts

if TYPE_CHECKING:
    from dlstudio.document.evaluation import EvaluationReport, HeadReport

WORST = 5
IN_UNITS = ("mae", "rmse", "largest_error")
"""Metrics in the unit of the target, which are shown with the same decimals."""
SHARE_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class HeadPrinter:
    """How reports of one kind of head are printed.

    Attributes:
        fits: Whether a report is of this kind.
        show: Prints it.
        titled: Whether it says itself what it is about, if it is the only one.
    """

    fits: Callable[[HeadReport], bool]
    show: Callable[[Output, HeadReport], None]
    titled: bool = False


ShowSection = Callable[[Output, Mapping[str, Any]], None]
FEATURE_SECTIONS: Mapping[str, ShowSection] = {
    Importance.NAME: lambda output, data: show_importance(
        output, Importance.from_json(data)
    ),
    PartialDependence.NAME: lambda output, data: show_dependence(
        output, PartialDependence.from_json(data)
    ),
    GroupMetrics.NAME: lambda output, data: show_groups(
        output, GroupMetrics.from_json(data)
    ),
}
"""What prints the sections about features."""


def show_outputs(output: Output, report: EvaluationReport) -> None:
    """Print the report of each output, under its name if there are several.

    Args:
        output: Output to print to.
        report: Of all outputs.
    """
    several = len(report.outputs) > 1
    for name, each in report.outputs.items():
        printer = next((some for some in PRINTERS if some.fits(each)), ANY)
        if several or not printer.titled:
            output.text()
            output.text(name, "bold")
        printer.show(output, each)
        for section, show_section in FEATURE_SECTIONS.items():
            if section in each.sections:
                output.text()
                show_section(output, each.sections[section])


def _show_numbers(output: Output, report: HeadReport) -> None:
    most = max(abs(report.metrics.get(key) or 0.0) for key in IN_UNITS)
    rows = [
        (
            title,
            _number(report.metrics.get(key), decimals),
            _interval(report, key, decimals),
            *_baselines(report, key, decimals),
        )
        for key, title in (
            ("mae", _("Mean absolute error")),
            ("rmse", _("Root mean squared error")),
            ("r2", "R²"),
            ("largest_error", _("Largest error")),
        )
        for decimals in [decimals_for(most) if key in IN_UNITS else SHARE_DECIMALS]
    ]
    always = _("Always the median"), _("Always the mean")
    heads = (_("Metric"), _("Model"), _("95 % interval"), *always)
    output.table(heads, rows, numbers=(1, 2, 3, 4))
    better = report.baseline.get("better")
    share = better.get("mae") if isinstance(better, Mapping) else None
    if isinstance(share, float) and share > 0:
        output.text(
            _("Better than always predicting the median by {share}.").format(
                share=percent(share)
            )
        )
    _show_worst(output, report)


def _show_rows(output: Output, report: HeadReport) -> None:
    """Metrics by their recorded names, whatever the output predicts."""
    rows = [
        (key, "–" if value is None else metric_number(value))
        for key, value in report.metrics.items()
    ]
    output.table((_("Metric"), _("Model")), rows, numbers=(1,))
    _show_worst(output, report)


def _interval(report: HeadReport, key: str, decimals: int) -> str:
    """The confidence interval of a metric; "" where there is none."""
    found = report.sections.get("interval")
    bounds = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(bounds, Mapping):
        return ""
    return " – ".join(_number(bounds[end], decimals) for end in ("low", "high"))


def _baselines(report: HeadReport, key: str, decimals: int) -> tuple[str, str]:
    found = []
    for name in ("median", "mean"):
        values = report.baseline.get(name)
        value = values.get(key) if isinstance(values, Mapping) else None
        found.append(_number(value, decimals) if isinstance(value, float) else "")
    return found[0], found[1]


def _show_worst(output: Output, report: HeadReport) -> None:
    section = report.sections.get("worst")
    worst: Sequence[Any] = section.get("rows", ()) if section else ()
    if not worst:
        return
    output.text(_("Largest errors:"))
    shown = worst[:WORST]
    texts = value_texts([row[key] for row in shown for key in ("predicted", "actual")])
    for row, predicted, actual in zip(shown, texts[::2], texts[1::2], strict=True):
        text = _("row {id}: predicted {predicted}, actually {actual}")
        line = text.format(id=row["id"], predicted=predicted, actual=actual)
        output.text(f"  {line}")


def _number(value: float | None, decimals: int) -> str:
    return "–" if value is None else grouped(value, decimals)


ANY = HeadPrinter(lambda _report: True, _show_rows)
"""What prints reports of other heads."""
PRINTERS = (
    HeadPrinter(is_of_classes, show_classes, titled=True),
    HeadPrinter(lambda report: "mean_image" in report.baseline, show_images),
    HeadPrinter(lambda report: EntityTable.NAME in report.sections, show_entities),
    HeadPrinter(lambda report: "bits_per_character" in report.metrics, show_language),
    HeadPrinter(lambda report: "exact_match" in report.metrics, show_texts),
    HeadPrinter(lambda report: "mae" in report.metrics, _show_numbers),
)
