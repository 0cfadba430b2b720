"""Small charts of a run: learning rate, gradients, throughput, memory."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.plot_lines import LineStyle
from dlstudio.workers.training import TrainingController

MAX_LAYERS = 8


class SmallPlot(Plot):
    """A chart without a frame."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, parent)
        self.setProperty("role", "clear")
        self.body.setContentsMargins(0, 0, 0, 0)


class GradientCharts(QWidget):
    """The learning rate and, if enabled, the gradient norm of each layer."""

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self.rate = SmallPlot(studio.theme, _("Learning rate"), self)
        self.norms = SmallPlot(studio.theme, _("Gradient norm per layer"), self)
        self.norms.set_logarithmic(True)
        self.watch_gradients_box = QCheckBox(
            _("Record gradients (slightly slower)"), self
        )
        self.watch_gradients_box.setChecked(trainings.gradients)
        self.watch_gradients_box.toggled.connect(trainings.watch_gradients)
        self.plots = (self.rate, self.norms)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.norms, 1)
        right.addWidget(self.watch_gradients_box)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(self.rate, 1)
        line.addLayout(right, 1)

    def show_history(self, history: RunHistory) -> None:
        """Plot the current state of a run."""
        accent = self._theme.colors.accent
        self.rate.line(_("learning rate"), history.rates, LineStyle(accent))
        shown = dict(list(history.gradients.items())[-MAX_LAYERS:])
        self.norms.draw(
            {
                name: (curve, LineStyle(self._theme.run_color(number)))
                for number, (name, curve) in enumerate(shown.items(), 1)
            }
        )


class MachineCharts(QWidget):
    """Samples per second, and the memory of the process and of each GPU."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self.speed = SmallPlot(studio.theme, _("Samples per second"), self)
        self.memory = SmallPlot(studio.theme, _("Memory (GB)"), self)
        self.plots = (self.speed, self.memory)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        for plot in self.plots:
            line.addWidget(plot, 1)

    def show_history(self, history: RunHistory) -> None:
        """Plot the current state of a run."""
        accent = LineStyle(self._theme.colors.accent)
        self.speed.draw({_("samples/s"): (history.speeds, accent)})
        self.memory.draw(
            {
                _("process") if name == "process" else name: (
                    curve,
                    LineStyle(self._theme.run_color(number)),
                )
                for number, (name, curve) in enumerate(history.memory.items(), 1)
            }
        )
