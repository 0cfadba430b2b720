"""Printing how good each output of a model is, beside its baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport

WORST = 5


def show_outputs(output: Output, outputs: Mapping[str, HeadReport]) -> None:
    """Print the outputs with their metrics; of numbers the worst rows, too.

    Args:
        output: Output to print to.
        outputs: The report of each output, by what it predicts.
    """
    for name, report in outputs.items():
        output.text()
        output.text(name, "bold")
        if "mae" in report.metrics:
            _show_numbers(output, report)
        else:
            _show_metrics(output, report)
        _show_worst(output, report)


def _show_numbers(output: Output, report: HeadReport) -> None:
    rows = [
        (title, _number(report.metrics.get(key)), *_baselines(report, key))
        for key, title in (
            ("mae", _("Mean absolute error")),
            ("rmse", _("Root mean squared error")),
            ("r2", "R²"),
            ("largest_error", _("Largest error")),
        )
    ]
    heads = (_("Metric"), _("Model"), _("Always the median"), _("Always the mean"))
    output.table(heads, rows, numbers=(1, 2, 3))
    better = report.baseline.get("better")
    share = better.get("mae") if isinstance(better, Mapping) else None
    if isinstance(share, float):
        output.text(
            _("Better than always predicting the median by {share}.").format(
                share=percent(share)
            )
        )


def _show_metrics(output: Output, report: HeadReport) -> None:
    """Metrics by their recorded names, whatever the output predicts."""
    rows = [(key, _number(value)) for key, value in report.metrics.items()]
    output.table((_("Metric"), _("Model")), rows, numbers=(1,))


def _baselines(report: HeadReport, key: str) -> tuple[str, str]:
    found = []
    for name in ("median", "mean"):
        values = report.baseline.get(name)
        value = values.get(key) if isinstance(values, Mapping) else None
        found.append(_number(value) if isinstance(value, float) else "")
    return found[0], found[1]


def _show_worst(output: Output, report: HeadReport) -> None:
    section = report.sections.get("worst")
    worst = section.get("rows") if isinstance(section, Mapping) else None
    if not worst:
        return
    output.text(_("Largest errors:"))
    for row in worst[:WORST]:
        output.text(
            "  "
            + _("row {id}: predicted {predicted}, actually {actual}").format(
                id=row["id"],
                predicted=_number(row["predicted"]),
                actual=_number(row["actual"]),
            )
        )


def _number(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    return f"{value:,.6g}"
