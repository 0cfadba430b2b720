"""The figures above the curves, and how far the run and its epoch are."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.cards import Figures
from dlstudio.ui.train.series import Series
from dlstudio.ui.widgets.labels import label

THIN = (
    "QProgressBar, QProgressBar::chunk"
    " { min-height: 3px; max-height: 3px; border-radius: 1px; }"
)


class Progress(QWidget):
    """Five figures, two bars, and what was left out of the data."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = Figures(theme, self)
        self.bar = _bar(_("Progress"), self)
        self.epoch_bar = _bar(_("Progress of the epoch"), self)
        self.epoch_bar.setStyleSheet(THIN)
        self.epoch_bar.setFixedHeight(3)
        # Else everything below moves, and is drawn anew, when a training begins.
        policy = self.epoch_bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.epoch_bar.setSizePolicy(policy)
        self.left_out = label("", "warning", wrap=True)
        self.left_out.hide()
        bars = QVBoxLayout()
        bars.setSpacing(2)
        bars.addWidget(self.bar)
        bars.addWidget(self.epoch_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.figures)
        column.addLayout(bars)
        column.addWidget(self.left_out)

    def show_series(self, series: Series) -> None:
        """Show a run as it is now."""
        self.figures.show_series(series)
        if series.left_out != self.left_out.text():
            self.left_out.setText(series.left_out)
            self.left_out.setVisible(bool(series.left_out))
        self.bar.setValue(round(series.share * 1000))
        part = series.step / max(series.steps_per_epoch, 1)
        self.epoch_bar.setValue(round(part * 1000))


def _bar(name: str, parent: QWidget) -> QProgressBar:
    made = QProgressBar(parent)
    made.setRange(0, 1000)
    made.setTextVisible(False)
    made.setAccessibleName(name)
    return made
