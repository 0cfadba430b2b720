"""The two large charts: the loss and the figure that matters, of one run or many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.curve import Curve, Smoothed
from dlstudio.ui.train.plot import Look, Plot, Points
from dlstudio.ui.train.series import Series

Lines = dict[str, tuple[Points, Look]]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A run that is drawn in its own colour.

    Attributes:
        name: What the readout calls it.
    """

    name: str
    color: str
    series: Series


class Charts(QWidget):
    """Draws runs; alone in the colours of training and validation."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = theme.colors
        self._smoothed: dict[int, Smoothed] = {}
        self.loss = Plot(theme, _("Loss"), self)
        self.quality = Plot(theme, _("Accuracy"), self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.loss, 1)
        line.addWidget(self.quality, 1)

    def show_run(self, series: Series, weight: float) -> None:
        """Draw one run: steps pale, smoothed over them, validation.

        Args:
            weight: Of the smoothing, 0 to less than 1.
        """
        colors = self._colors
        lines: Lines = {}
        if len(series.losses):
            pale = Look(colors.training, width=1, alpha=70, quiet=True)
            smooth = self._smooth(series.losses, weight)
            lines[_("step")] = series.losses, pale
            lines[_("training")] = smooth, Look(colors.training)
        _add(lines, _("validation"), series.validation.get("loss"), colors.validation)
        _draw(self.loss, lines)
        self.loss.marks(series.marks)
        name = main_metric(series)
        curves: Lines = {}
        training = series.training.get(name) or series.within.get(name)
        _add(curves, _("training"), training, colors.training)
        _add(curves, _("validation"), series.validation.get(name), colors.validation)
        _draw(self.quality, curves)
        self.quality.marks(series.marks)
        self._name(name)

    def show_runs(self, runs: Mapping[str, Overlay]) -> None:
        """Draw runs over one another, each in its colour; training dashed."""
        loss: Lines = {}
        quality: Lines = {}
        name = next((main_metric(each.series) for each in runs.values()), "accuracy")
        for each in runs.values():
            for lines, metric in ((loss, "loss"), (quality, name)):
                training = each.series.training.get(metric)
                validation = each.series.validation.get(metric)
                title = _("{run} training").format(run=each.name)
                if training is not None:
                    dashed = Look(each.color, width=1, dash=True, quiet=True)
                    lines[title] = training, dashed
                _add(lines, each.name, validation or training, each.color)
        _draw(self.loss, loss)
        _draw(self.quality, quality)
        self.loss.marks(())
        self.quality.marks(())
        self._name(name)

    @property
    def seconds(self) -> float:
        """How long painting both took the last time."""
        return self.loss.seconds + self.quality.seconds

    def smoothed(self) -> tuple[Smoothed, ...]:
        """What is kept beside the curves themselves."""
        return tuple(self._smoothed.values())

    def _name(self, metric: str) -> None:
        title = _("Accuracy") if metric == "accuracy" else metric.replace("_", " ")
        self.quality.rename(title)

    def _smooth(self, curve: Curve, weight: float) -> Smoothed:
        """Kept, so that only what is new is computed."""
        kept = self._smoothed.get(id(curve))
        if kept is None or kept.curve is not curve or kept.weight != weight:
            kept = Smoothed(curve, weight)
            self._smoothed = {id(curve): kept}
        return kept


def main_metric(series: Series) -> str:
    """The figure beside the loss: accuracy where there is one."""
    names = [name for name in series.metric_names() if name != "loss"]
    names += [name for name in series.within if name not in (*names, "loss")]
    return "accuracy" if "accuracy" in names or not names else names[0]


def _add(lines: Lines, name: str, curve: Curve | None, color: str) -> None:
    if curve is not None:
        lines[name] = curve, Look(color)


def _draw(plot: Plot, lines: Lines) -> None:
    plot.keep_lines(set(lines))
    for name, (points, look) in lines.items():
        plot.line(name, points, look)
