"""The row of metric cards above the charts."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.document.canvas.number_format import thousands_text
from dlstudio.document.metric_text import MAIN, TRAINING_TITLES
from dlstudio.document.sample_nouns import sample_words
from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.charts import main_metric, only_loss, title_of
from dlstudio.ui.widgets.metric_card import MetricCard
from dlstudio.value_text import metric_number, value_text


class MetricCards(QWidget):
    """Epoch, metric, loss, throughput and remaining time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epoch = MetricCard(_("Epoch"), "epoch")
        self.quality = MetricCard(_(TRAINING_TITLES[MAIN, True]), MAIN)
        self.loss = MetricCard(_("Validation loss"), "loss")
        self.speed = MetricCard(_("Throughput"), "throughput")
        self.left = MetricCard(_("Time left"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for card in (self.epoch, self.quality, self.loss, self.speed, self.left):
            line.addWidget(card, 1)

    def show_history(self, history: RunHistory, noun: str) -> None:
        """Show the current state of a run.

        Args:
            history: What is known of the run.
            noun: What its samples are called, as `sample_noun` gives it.
        """
        done = f"{history.epoch} / {history.epochs}" if history.epochs else "–"
        self.epoch.show_value(done)
        self.quality.setVisible(not only_loss(history))
        metric = main_metric(history)
        self._show_metric(self.quality, history, metric)
        self._show_metric(self.loss, history, "loss")
        speed = thousands_text(round(history.speed)) if history.speed else "–"
        unit = _("{samples}/s").format(**sample_words(noun)) if history.speed else ""
        self.speed.show_value(speed, unit)
        left = history.left()
        self.left.show_value("–" if left is None else duration_text(left))

    def _show_metric(self, card: MetricCard, history: RunHistory, name: str) -> None:
        validated = name in history.validation
        curve = (history.validation if validated else history.training).get(name)
        known = TRAINING_TITLES.get((name, validated))
        shown = _(known) if known else title_of(name, history)
        card.explain(name)
        if curve is None or not len(curve):
            card.show_value("–", name=title_of(name, history))
            return
        now = float(curve.y[-1])
        change, tone = "", "muted"
        if len(curve) > 1 and math.isfinite(curve.y[-2]) and math.isfinite(now):
            by = now - float(curve.y[-2])
            better = by < 0 if name in history.smaller_is_better else by > 0
            tone = "muted" if by == 0 else ("good" if better else "bad")
            size = f"{abs(by):.3f}" if abs(by) < 10 else value_text(abs(by))
            change = f"{'▲' if by > 0 else '▼' if by < 0 else ''} {size}"
        card.show_value(metric_number(now), change, tone, shown)


def duration_text(seconds: float) -> str:
    """125 → "2:05"."""
    whole = max(round(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
