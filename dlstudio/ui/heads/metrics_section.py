"""The most important metrics as cards, each with what a trivial model reaches."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.report_sections import MetricsOfReport, MetricValue
from dlstudio.document.run_metrics import is_better
from dlstudio.i18n import _, marked, ngettext
from dlstudio.ui.heads.metric_format import (
    interval_text,
    metric_title,
    metric_value,
)
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import CardGrid
from dlstudio.ui.widgets.metric_card import MetricCard

CARD_WIDTH = 200
BLEU = "bleu"
MEANINGS = {
    "bits_per_character": marked("To store each character; fewer is better."),
    "perplexity": marked("Like choosing among this many tokens."),
    BLEU: marked("Needs texts of four words or more."),
}
"""What a card says of a metric; of BLEU why it has no value."""


class MetricsSection(ReportSection):
    """One card for each metric.

    Args:
        theme: Colours and sizes.
        section: The metrics.
    """

    def __init__(
        self, theme: Theme, section: MetricsOfReport, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.cards = tuple(_card(each) for each in section.metrics)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        count = max(len(self.cards), 1)
        grid = CardGrid(self.cards, CARD_WIDTH, 2 * theme.unit, self, count)
        lines.addWidget(grid)


def _card(metric: MetricValue) -> MetricCard:
    made = MetricCard(metric_title(metric.name), metric.name)
    baseline, tone = "", "muted"
    if metric.baseline is not None:
        baseline = _("baseline {value}").format(
            value=metric_value(metric.name, metric.baseline)
        )
        if metric.value is not None:
            larger = metric.direction == "up"
            worse = is_better(metric.baseline, metric.value, larger)
            tone = "bad" if worse else "muted"
    elif metric.row:
        baseline = _("row {id}").format(id=metric.row)
    made.show_value(metric_value(metric.name, metric.value), baseline, tone)
    made.show_note(_note(metric))
    return made


def _note(metric: MetricValue) -> str:
    """The confidence interval of a metric, what it means or is a share of, or ""."""
    if metric.low is not None and metric.high is not None:
        low, high = (metric_value(metric.name, e) for e in (metric.low, metric.high))
        return interval_text(low, high).replace("-", "−")
    if metric.name in MEANINGS and (metric.value is None) == (metric.name == BLEU):
        return _(MEANINGS[metric.name])
    if metric.samples:
        text = ngettext("of {count} row", "of {count} rows", metric.samples)
        return text.format(count=f"{metric.samples:,}")
    return ""
