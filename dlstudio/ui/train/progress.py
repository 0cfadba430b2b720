"""Metric cards and progress bars of a training."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.metric_cards import MetricCards
from dlstudio.ui.widgets.labels import label

THIN = (
    "QProgressBar, QProgressBar::chunk"
    " { min-height: 3px; max-height: 3px; border-radius: 1px; }"
)


class TrainingProgress(QWidget):
    """Five metric cards, two progress bars, and the number of skipped samples."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.metric_cards = MetricCards(theme, self)
        self.bar = _bar(_("Progress"), self)
        self.epoch_bar = _bar(_("Epoch progress"), self)
        self.epoch_bar.setStyleSheet(THIN)
        self.epoch_bar.setFixedHeight(3)
        # Otherwise everything below moves and is repainted when a training begins.
        policy = self.epoch_bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.epoch_bar.setSizePolicy(policy)
        self.excluded_text = label("", "warning", wrap=True)
        self.excluded_text.hide()
        bars = QVBoxLayout()
        bars.setSpacing(2)
        bars.addWidget(self.bar)
        bars.addWidget(self.epoch_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.metric_cards)
        column.addLayout(bars)
        column.addWidget(self.excluded_text)

    def show_history(self, history: RunHistory, noun: str) -> None:
        """Show the current state of a run.

        Args:
            history: What is known of the run.
            noun: What its samples are called, as `sample_noun` gives it.
        """
        self.metric_cards.show_history(history, noun)
        if history.excluded_text != self.excluded_text.text():
            self.excluded_text.setText(history.excluded_text)
            self.excluded_text.setVisible(bool(history.excluded_text))
        self.bar.setValue(round(history.share * 1000))
        share = history.step / max(history.steps_per_epoch, 1)
        if history.features is not None:
            share = history.features.done / max(history.features.total, 1)
        self.epoch_bar.setValue(round(share * 1000))


def _bar(name: str, parent: QWidget) -> QProgressBar:
    made = QProgressBar(parent)
    made.setRange(0, 1000)
    made.setTextVisible(False)
    made.setAccessibleName(name)
    return made
