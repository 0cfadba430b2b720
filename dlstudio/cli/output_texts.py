"""Printing the evaluation of a model that writes texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.cli.output import Output
from dlstudio.document.metric_text import metric_value
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport

WORST = 5


def show_texts(output: Output, report: HeadReport) -> None:
    """Print the metrics beside the baseline's, and the worst texts below each other.

    Args:
        output: Output to print to.
        report: Of an output whose texts are written token by token.
    """
    trivial: dict[str, Any] = {
        title: report.baseline[name]
        for name, title in (
            ("most_frequent", _("Most frequent text")),
            ("copy_source", _("Copy of the source")),
        )
        if name in report.baseline
    }
    rows = [
        (
            name,
            metric_value(name, value),
            *(metric_value(name, each.get(name)) for each in trivial.values()),
        )
        for name, value in report.metrics.items()
    ]
    titles = (_("Metric"), _("Model"), *trivial)
    output.table(titles, rows, numbers=range(1, len(titles)))
    section = report.sections.get("worst")
    worst: Sequence[Any] = section.get("rows", ()) if section else ()
    if not worst:
        return
    output.text(_("Texts that differ most:"))
    for row in worst[:WORST]:
        given = "; ".join((row.get("values") or {}).values())
        output.text("  " + _("row {id}: {text}").format(id=row["id"], text=given))
        text = _("expected {actual}").format(actual=row["actual"])
        output.text(f"    {text}")
        text = _("predicted {predicted}").format(predicted=row["predicted"])
        output.text(f"    {text}")
