"""The two large charts: loss and main metric, of one or several runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from dlstudio.document import metric_text
from dlstudio.document.metric_text import MAIN
from dlstudio.i18n import _
from dlstudio.ui.run_text import metric_name
from dlstudio.ui.services.training.curve import Curve, SmoothedCurve
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.plot_lines import LineStyle, Points

Lines = dict[str, tuple[Points, LineStyle]]


@dataclass(frozen=True, slots=True)
class RunOverlay:
    """A run plotted in its own colour.

    Attributes:
        name: Name shown in the legend.
    """

    name: str
    color: str
    history: RunHistory


CHOOSER_WIDTH = 170
"""At most, in pixels: beside it stands the legend."""


class TrainingCharts(QWidget):
    """Plots runs; a single one in the colours of training and validation.

    Args:
        theme: Colours and sizes.
        metric: The metric next to the loss, if a run has it.

    Signals:
        chosen: Emitted with the name of the metric that the user selects.
    """

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, metric: str = ""
    ) -> None:
        super().__init__(parent)
        self._chosen_metric = metric
        self._offered: tuple[str, ...] = ()
        self._colors = theme.colors
        self._smoothed: dict[int, SmoothedCurve] = {}
        self.loss = Plot(theme, _("Loss"), self)
        self.quality = Plot(theme, title_of(MAIN), self)
        self.chooser = QComboBox(self)
        self.chooser.setAccessibleName(_("Metric"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setFixedHeight(26)
        self.chooser.setMaximumWidth(CHOOSER_WIDTH)
        self.chooser.hide()
        self.chooser.currentIndexChanged.connect(self._choose)
        self.quality.add_tool(self.chooser)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.loss, 1)
        line.addWidget(self.quality, 1)

    def show_run(self, history: RunHistory, weight: float) -> None:
        """Plot a single run: pale per-step values, the smoothed curve, and validation.

        Args:
            weight: Smoothing weight, from 0 to less than 1.
        """
        colors = self._colors
        lines: Lines = {}
        if len(history.losses):
            pale = LineStyle(colors.training, width=1, alpha=70, hidden_in_legend=True)
            smooth = self._smooth(history.losses, weight)
            lines[_("step")] = history.losses, pale
            lines[_("training")] = smooth, LineStyle(colors.training)
        _add(lines, _("validation"), history.validation.get("loss"), colors.validation)
        self.loss.draw(lines)
        self.loss.marks(history.marks)
        self.loss.mark_best(history.best_of("loss"))
        self.quality.setVisible(not only_loss(history))
        name = self._metric(history)
        curves: Lines = {}
        training = history.training.get(name) or history.step_metrics.get(name)
        _add(curves, _("training"), training, colors.training)
        _add(curves, _("validation"), history.validation.get(name), colors.validation)
        self.quality.draw(curves)
        self.quality.marks(history.marks)
        self.quality.mark_best(history.best_of(name))
        self._update_title(name, history)

    def show_runs(self, runs: Mapping[str, RunOverlay]) -> None:
        """Overlay several runs, each in its own colour; training curves are dashed."""
        loss: Lines = {}
        quality: Lines = {}
        self.quality.setVisible(not all(only_loss(e.history) for e in runs.values()))
        name = next((self._metric(each.history) for each in runs.values()), MAIN)
        for each in runs.values():
            for lines, metric in ((loss, "loss"), (quality, name)):
                training = each.history.training.get(metric)
                validation = each.history.validation.get(metric)
                title = _("{run} training").format(run=each.name)
                if training is not None:
                    dashed = LineStyle(
                        each.color, width=1, dash=True, hidden_in_legend=True
                    )
                    lines[title] = training, dashed
                _add(lines, each.name, validation or training, each.color)
        self.loss.draw(loss)
        self.quality.draw(quality)
        for plot in (self.loss, self.quality):
            plot.marks(())
            plot.mark_best(None)
        self._update_title(name, next((each.history for each in runs.values()), None))

    @property
    def seconds(self) -> float:
        """Duration of the last paint of both charts."""
        return self.loss.seconds + self.quality.seconds

    def smoothed(self) -> tuple[SmoothedCurve, ...]:
        """The smoothed curves, kept in addition to the curves themselves."""
        return tuple(self._smoothed.values())

    def _metric(self, history: RunHistory) -> str:
        """The displayed metric: the selected one if available."""
        names = metrics_of(history)
        if names != self._offered:
            self._offered = names
            self.chooser.blockSignals(True)
            self.chooser.clear()
            for name in names:
                self.chooser.addItem(title_of(name, history), name)
            self.chooser.blockSignals(False)
            popup = self.chooser.view()
            popup.setMinimumWidth(popup.sizeHintForColumn(0) + 24)
            self.chooser.setVisible(len(names) > 1)
            self.quality.heading.setVisible(len(names) <= 1)
        shown = (
            self._chosen_metric
            if self._chosen_metric in names
            else main_metric(history)
        )
        place = self.chooser.findData(shown)
        if place != self.chooser.currentIndex():
            self.chooser.blockSignals(True)
            self.chooser.setCurrentIndex(place)
            self.chooser.blockSignals(False)
        return shown

    def _choose(self, place: int) -> None:
        self._chosen_metric = str(self.chooser.itemData(place))
        self.chosen.emit(self._chosen_metric)

    def _update_title(self, metric: str, history: RunHistory | None) -> None:
        self.quality.rename(title_of(metric, history))

    def _smooth(self, curve: Curve, weight: float) -> SmoothedCurve:
        """Return a cached curve, so that only new points are computed."""
        kept = self._smoothed.get(id(curve))
        if kept is None or kept.curve is not curve or kept.weight != weight:
            kept = SmoothedCurve(curve, weight)
            self._smoothed = {id(curve): kept}
        return kept


def metrics_of(history: RunHistory) -> tuple[str, ...]:
    """All metrics except the loss, without prefix."""
    return tuple(name for name in history.reported() if name != "loss")


def only_loss(history: RunHistory) -> bool:
    """Whether an epoch of a run is over, and it has no metric beside the loss."""
    return "loss" in history.training and not metrics_of(history)


def title_of(metric: str, history: RunHistory | None = None) -> str:
    """The title of a metric's chart.

    Args:
        metric: Without prefix.
        history: Of a run that has it; None for none.
    """
    outputs = () if history is None else history.outputs()
    name = metric_name(metric, outputs)
    if any(name.startswith(each) for each in outputs):
        return name  # in Chinese the output comes first, and has a name of its own
    return name[:1].upper() + name[1:]


def main_metric(history: RunHistory) -> str:
    """The metric of a run that is shown next to the loss."""
    return metric_text.main_metric(metrics_of(history))


def _add(lines: Lines, name: str, curve: Curve | None, color: str) -> None:
    if curve is not None:
        lines[name] = curve, LineStyle(color)
