"""The tabs below the charts: runs, log, steering, layers, newest checkpoint."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QTabBar, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.services.training.run_log import log_lines
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.train.live_charts import GradientCharts, MachineCharts
from dlstudio.ui.train.live_tab import LiveTab, OutputHeads
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.runs_panel import RunsPanel
from dlstudio.ui.train.steering import SteeringPanel
from dlstudio.ui.widgets.buttons import escape_mnemonic
from dlstudio.ui.widgets.cards import Card
from dlstudio.workers.training import IDLE, TrainingController

LIVE = "live"


class RunTabs(Card):
    """Tabs; only the visible one is updated.

    Args:
        studio: The window's services, theme and navigation.
        trainings: Controls the running training.
        run_monitor: Reads the project's runs.

    Signals:
        tab_changed: Emitted with the key of the current tab.
    """

    tab_changed = Signal(str)

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        run_monitor: RunMonitor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12, spacing=8)
        self._session = studio.session
        self._trainings = trainings
        self._run_monitor = run_monitor
        self.runs = RunsPanel(studio, run_monitor, self)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setFont(mono_font(studio.theme))
        self.log.setAccessibleName(_("Training log"))
        self.steer = SteeringPanel(studio, trainings, self)
        self.layers = GradientCharts(studio, trainings, self)
        self.machine = MachineCharts(studio, self)
        self.live = LiveTab(studio, self)
        self._logged: tuple[RunHistory | None, int] = (None, 0)
        self._pages = {
            "runs": (_("Runs"), self.runs),
            "log": (_("Training log"), self.log),
            "steer": (_("Steer"), self.steer),
            "layers": (_("Gradients"), self.layers),
            "machine": (_("System"), self.machine),
            LIVE: ("", self.live),
        }
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(_("Panels"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.stack = QStackedWidget(self)
        for title, page in self._pages.values():
            self.tabs.addTab(title)
            self.stack.addWidget(page)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._change_tab)
        self.live.changed.connect(self._show_live)
        self._show_live()
        self.live.show_heads(studio.session.project.heads)
        self.setMinimumHeight(190)

    @property
    def tab(self) -> str:
        """The key of the current tab."""
        return list(self._pages)[self.tabs.currentIndex()]

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The charts on the tabs."""
        return (*self.layers.plots, *self.machine.plots)

    def show_tab(self, key: str) -> None:
        """Show a tab by its key."""
        self.tabs.setCurrentIndex(list(self._pages).index(key))

    def show_history(self, history: RunHistory) -> None:
        """Show the current state of a run on the visible tab."""
        self._show_log(history)
        self.steer.show_epochs(history.epochs)
        self.steer.show_rate(history.base_rate)
        self.live.show_heads(self._heads(history.run))
        page = self._pages[self.tab][1]
        if isinstance(page, (GradientCharts, MachineCharts, LiveTab)):
            page.show_history(history)

    def _heads(self, run: str) -> OutputHeads:
        """The heads of a run, whatever the project has by now."""
        entry = self._run_monitor.entry(run) if run else None
        if entry is not None:
            return entry.heads
        request = self._trainings.request
        trains = request is not None and self._trainings.state != IDLE
        if request is not None and trains and request.folder == self._session.folder:
            return request.project.heads  # not in the list of runs yet
        return self._session.project.heads

    def _show_log(self, history: RunHistory) -> None:
        shown, lines = self._logged
        if shown is not history or lines > len(history.logged):
            self.log.clear()
            lines = 0
        fresh = [line for event in history.logged[lines:] for line in log_lines(event)]
        if fresh:
            self.log.appendPlainText("\n".join(fresh))
        self._logged = history, len(history.logged)

    def _show_live(self) -> None:
        """The tab is there if the model's head has something to show on it."""
        place = list(self._pages).index(LIVE)
        self.tabs.setTabText(place, escape_mnemonic(self.live.title))
        if not self.live.title and self.tabs.currentIndex() == place:
            self.tabs.setCurrentIndex(0)
        self.tabs.setTabVisible(place, bool(self.live.title))

    def _change_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.tab_changed.emit(self.tab)
