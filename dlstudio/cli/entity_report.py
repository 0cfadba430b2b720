"""Printing how well the entities of tagged tokens are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dlstudio.cli.output import Output
from dlstudio.document.entity_sections import (
    EntityScores,
    EntityTable,
    TaggedSentence,
    WorstTaggedRows,
)
from dlstudio.document.entity_spans import entity_spans
from dlstudio.document.metric_text import metric_title
from dlstudio.i18n import _
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport

WORST = 5


def show_entities(output: Output, report: HeadReport) -> None:
    """Print the metrics beside the baseline, each type, and the worst sentences.

    Args:
        output: Output to print to.
        report: Of an output with a tag for each token.
    """
    found = report.baseline.get("most_frequent_tag")
    always = found if isinstance(found, Mapping) else {}
    rows = [
        (metric_title(name), _share(value), _share(always.get(name)))
        for name, value in report.metrics.items()
    ]
    heads = (_("Metric"), _("Model"), _("Most frequent tag of each token"))
    output.table(heads, rows, numbers=(1, 2))
    output.text()
    table = EntityTable.from_json(report.sections[EntityTable.NAME])
    titles = (_("Precision"), _("Recall"), "F1", _("Entities"), _("Predicted"))
    scores = [(name, *_scores(each)) for name, each in table.types.items()]
    output.table((_("Type"), *titles), scores, numbers=(1, 2, 3, 4, 5))
    section = WorstTaggedRows.from_json(report.sections[WorstTaggedRows.NAME])
    if section.rows:
        output.text(_("Sentences with the most wrong entities:"))
    for row in section.rows[:WORST]:
        output.text(f"  {_sentence(row)}")


def _scores(each: EntityScores) -> tuple[str, ...]:
    shares = (each.precision, each.recall, each.f1)
    counts = (each.support, each.predicted)
    return (*map(percent, shares), *(f"{count:,}" for count in counts))


def _sentence(row: TaggedSentence) -> str:
    text = _("row {id}: predicted {predicted}, actually {actual}")
    predicted, actual = (_named(row, tags) for tags in (row.predicted, row.actual))
    return text.format(id=row.id, predicted=predicted, actual=actual)


def _named(row: TaggedSentence, tags: tuple[str, ...]) -> str:
    """The entities that tags say, in words."""
    found = [
        _("{text} ({type})").format(
            text=" ".join(row.tokens[span.start : span.end]), type=span.type
        )
        for span in entity_spans(tags)
    ]
    return ", ".join(found) or _("no entities")


def _share(value: object) -> str:
    return percent(value) if isinstance(value, float) else "–"
