"""Selects the runs to plot and redraws them, at most thirty times a second."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.plan_metrics import reported_metrics
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.charts import RunOverlay, TrainingCharts
from dlstudio.ui.train.progress import TrainingProgress
from dlstudio.ui.train.run_tabs import RunTabs
from dlstudio.workers.training import IDLE, TrainingController

FRAMES_PER_SECOND = 30
DRAW_COST_FACTOR = 25
"""Interval between redraws, as a multiple of the measured drawing time. The rest of
the window, which is painted along with it, takes about as long again."""
MAX_INTERVAL = 0.4
"""Maximum seconds between two redraws, however slow they are."""


class ChartUpdater(QObject):
    """Processes the training's events and updates the views.

    Args:
        studio: The window's services, theme and navigation.
        trainings: Controls the running training.
        view_state: View state of the Train room.
        run_monitor: Reads the project's runs.
        views: The views to update.

    Signals:
        reported: Emitted with events that have been processed and drawn.
    """

    reported = Signal(object)

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        view_state: TrainViewState,
        run_monitor: RunMonitor,
        views: tuple[TrainingProgress, TrainingCharts, RunTabs],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self._session = studio.session
        self._trainings = trainings
        self._view_state = view_state
        self._run_monitor = run_monitor
        self._progress, self._charts, self._run_tabs = views
        self._next = 0.0
        self._empty = RunHistory()
        self._frame = QTimer(self, interval=1000 // FRAMES_PER_SECOND)
        self._frame.timeout.connect(self._draw)
        run_monitor.curves_changed.connect(self.redraw)

    @property
    def noun(self) -> str:
        """What the samples of the open project are called."""
        return sample_noun(self._session.project, self._session.catalog)

    def go(self, running: bool) -> None:
        """Start or stop polling for events."""
        if running:
            self._frame.start()
        else:
            self._frame.stop()

    def main(self) -> RunHistory:
        """The main run: the one in training, the selected one, or the newest."""
        own = self._own()
        if self._trains_here():
            return own
        wanted = self._wanted()
        if not wanted or wanted[0] == own.run:
            return own
        return self._run_monitor.history.get(wanted[0], own)

    def follow(self) -> None:
        """Monitor the curves of plotted runs that are not trained here."""
        own = self._own().run
        self._run_monitor.follow(run for run in self._wanted() if run != own)

    def follow_project(self, change: ProjectChange) -> None:
        """Redraw if the open project is going to report something else.

        Args:
            change: Of the open project.
        """
        before, after = change.before, change.after
        same = before.plan.metrics == after.plan.metrics
        if not same or before.outputs != after.outputs:
            self.redraw()

    def redraw(self) -> None:
        """Redraw immediately."""
        self._draw(force=True)

    def _own(self) -> RunHistory:
        """The run trained here; an empty history if another project is open."""
        here = self._view_state.folder == self._session.folder
        return self._view_state.history if here else self._empty

    def _trains_here(self) -> bool:
        here = self._view_state.folder == self._session.folder
        return here and self._trainings.state != IDLE

    def _wanted(self) -> tuple[str, ...]:
        """Ids of the runs to plot, the main run first."""
        own, selected = self._own().run, self._view_state.selected
        if self._trains_here():
            return tuple(dict.fromkeys([own, *selected])) if own else selected
        if selected or own:
            return selected or (own,)
        return tuple(entry.id for entry in self._run_monitor.entries[:1])

    def _draw(self, force: bool = False) -> None:
        began = perf_counter()
        if began < self._next and not force:
            return
        events = self._trainings.take()
        self._view_state.history.add_events(events)
        if not events and not force:
            return
        self._show_all()
        self.reported.emit(events)
        # Drawing slows training: with few cores they share the processor.
        cost = perf_counter() - began + self._charts.seconds
        self._next = began + min(DRAW_COST_FACTOR * cost, MAX_INTERVAL)

    def _show_all(self) -> None:
        history = self.main()
        if not history.training and not history.step_metrics:
            history.planned = self._planned()
        self._progress.show_history(history, self.noun)
        overlays = self._overlays()
        if len(overlays) > 1:
            self._charts.show_runs(overlays)
        else:
            self._charts.show_run(history, self._view_state.smoothing / 100)
        self._run_tabs.show_history(history)

    def _planned(self) -> tuple[str, ...]:
        """Names of what the open project reports while it trains."""
        reported = reported_metrics(self._session.project, self._session.catalog)
        return tuple(each.name for each in reported)

    def _overlays(self) -> dict[str, RunOverlay]:
        found = {}
        for run in self._wanted():
            own = self._own()
            history = own if run == own.run else self._run_monitor.history.get(run)
            if history is not None:
                entry = self._run_monitor.entry(run)
                number = entry.number if entry else history.number or 1
                color = self._theme.run_color(number)
                name = _("run {number}").format(number=number)
                found[run] = RunOverlay(name, color, history)
        return found
