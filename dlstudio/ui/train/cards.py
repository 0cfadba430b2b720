"""The row of figures above the curves."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _, marked
from dlstudio.ui.model.number_format import thousands_text
from dlstudio.ui.runs.words import metric_name
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.series import Series
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label


class Figure(Card):
    """A name, a large number, and how it changed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12, spacing=2)
        self._name = label(name, "muted")
        self._value = label("–", "large")
        self._change = label("")
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._value)
        line.addWidget(self._change)
        line.addStretch(1)
        self.body.addWidget(self._name)
        self.body.addLayout(line)

    def show_value(
        self, value: str, change: str = "", tone: str = "muted", name: str = ""
    ) -> None:
        """Show another value; `tone` is "good", "bad" or "muted"."""
        if name:
            self._name.setText(name)
        self._value.setText(value)
        if self._change.property("role") != tone:
            self._change.setProperty("role", tone)
            self._change.style().unpolish(self._change)
            self._change.style().polish(self._change)
        self._change.setText(change)
        self.setAccessibleName(f"{self._name.text()} {value} {change}")

    def text(self) -> str:
        """The value that is shown."""
        return self._value.text()


class Figures(QWidget):
    """Epoch, the metric, the loss, throughput and the time that is left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epoch = Figure(_("Epoch"))
        self.quality = Figure(_("Validation accuracy"))
        self.loss = Figure(_("Validation loss"))
        self.speed = Figure(_("Throughput"))
        self.left = Figure(_("Time left"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for figure in (self.epoch, self.quality, self.loss, self.speed, self.left):
            line.addWidget(figure, 1)

    def show_series(self, series: Series) -> None:
        """Show a run as it is now."""
        done = f"{series.epoch} / {series.epochs}" if series.epochs else "–"
        self.epoch.show_value(done)
        metric = "accuracy" if "accuracy" in series.training else _other(series)
        self._curve(self.quality, series, metric)
        self._curve(self.loss, series, "loss")
        speed = thousands_text(round(series.speed)) if series.speed else "–"
        self.speed.show_value(speed, _("images/s") if series.speed else "")
        left = series.left()
        self.left.show_value("–" if left is None else clock(left))

    def _curve(self, figure: Figure, series: Series, name: str) -> None:
        validated = name in series.validation
        curve = (series.validation if validated else series.training).get(name)
        known = NAMES.get((name, validated))
        shown = _(known) if known else metric_name(name)
        if curve is None or not len(curve):
            figure.show_value("–", name=shown)
            return
        now = float(curve.y[-1])
        change, tone = "", "muted"
        if len(curve) > 1 and math.isfinite(curve.y[-2]) and math.isfinite(now):
            by = now - float(curve.y[-2])
            better = by < 0 if name in series.smaller_is_better else by > 0
            tone = "muted" if by == 0 else ("good" if better else "bad")
            change = f"{'▲' if by > 0 else '▼' if by < 0 else ''} {abs(by):.3f}"
        figure.show_value(f"{now:.4f}", change, tone, shown)


NAMES: FrozenMap[tuple[str, bool], str] = FrozenMap(
    {
        ("accuracy", True): marked("Validation accuracy"),
        ("accuracy", False): marked("Training accuracy"),
        ("loss", True): marked("Validation loss"),
        ("loss", False): marked("Training loss"),
    }
)


def _other(series: Series) -> str:
    names = [name for name in series.metric_names() if name != "loss"]
    return names[0] if names else "accuracy"


def clock(seconds: float) -> str:
    """125 → "2:05"."""
    whole = max(round(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
