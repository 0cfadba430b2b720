"""The card under the curves: runs, log, steering, layers, confusion."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QTabBar, QWidget

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.train.live import Layers, Machine
from dlstudio.ui.train.live_confusion import Confusion
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.run_log import log_lines
from dlstudio.ui.train.runs_panel import RunsPanel
from dlstudio.ui.train.series import Series
from dlstudio.ui.train.steer import Steer
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.ui.widgets.cards import Card
from dlstudio.workers.training import TrainingController


class Bottom(Card):
    """Tabs; only what is seen is drawn.

    Signals:
        turned: The key of the tab that is shown now.
    """

    turned = Signal(str)

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        watch: RunsWatch,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12, spacing=8)
        self.runs = RunsPanel(studio, watch, self)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setFont(mono_font(studio.theme))
        self.log.setAccessibleName(_("Log"))
        self.steer = Steer(studio, trainings, self)
        self.layers = Layers(studio, trainings, self)
        self.machine = Machine(studio, self)
        self.confusion = Confusion(studio, self)
        self._logged: tuple[Series | None, int] = (None, 0)
        self._pages = {
            "runs": (_("Runs"), self.runs),
            "log": (_("Training log"), self.log),
            "steer": (_("Steer"), self.steer),
            "layers": (_("Gradients"), self.layers),
            "machine": (_("Machine"), self.machine),
            "confusion": (_("Live confusion"), self.confusion),
        }
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget(self)
        for title, page in self._pages.values():
            self.tabs.addTab(title)
            self.stack.addWidget(page)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._turn)
        self.setMinimumHeight(190)

    @property
    def tab(self) -> str:
        """The key of the tab that is shown."""
        return list(self._pages)[self.tabs.currentIndex()]

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The charts on its tabs."""
        return (*self.layers.plots, *self.machine.plots)

    def show_tab(self, key: str) -> None:
        """Show a tab."""
        self.tabs.setCurrentIndex(list(self._pages).index(key))

    def show_series(self, series: Series) -> None:
        """Show a run as it is now, on the tab that is seen."""
        self._show_log(series)
        self.steer.show_epochs(series.epochs)
        self.steer.show_rate(series.base_rate)
        page = self._pages[self.tab][1]
        if isinstance(page, (Layers, Machine, Confusion)):
            page.show_series(series)

    def _show_log(self, series: Series) -> None:
        shown, lines = self._logged
        if shown is not series or lines > len(series.logged):
            self.log.clear()
            lines = 0
        fresh = [line for event in series.logged[lines:] for line in log_lines(event)]
        if fresh:
            self.log.appendPlainText("\n".join(fresh))
        self._logged = series, len(series.logged)

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.turned.emit(self.tab)
