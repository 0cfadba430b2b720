"""The Train room: training plan, live charts, and all runs."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.events import Event
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.chart_toolbar import ChartToolbar, save_plot
from dlstudio.ui.train.chart_updater import ChartUpdater
from dlstudio.ui.train.charts import TrainingCharts
from dlstudio.ui.train.plan_panel import PlanPanel
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.progress import TrainingProgress
from dlstudio.ui.train.queue_panel import QueuePanel
from dlstudio.ui.train.resume_banner import ResumeBanner
from dlstudio.ui.train.run_tabs import RunTabs
from dlstudio.ui.train.training_actions import TrainingActions
from dlstudio.ui.train.training_buttons import ChartsSplitter, TrainButtons
from dlstudio.ui.train.training_messages import (
    find_end,
    not_started_text,
    report_ending,
    report_progress,
)
from dlstudio.ui.train.verdict_line import VerdictLine
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.workers.training import IDLE, PreparationProgress

PLAN_WIDTH = 272


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return TrainRoom(studio)


class TrainRoom(QWidget):
    """Composes the panels and connects their signals."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._folder = studio.session.folder
        services = studio.services
        self.trainings = services.trainings
        self.view_state = services.train_view_state
        self.run_monitor = services.run_monitor
        self.queue = services.queue
        self.queue.load(studio.session.folder)
        shared = self.trainings, self.view_state, self.run_monitor
        self.plan = PlanPanel(studio, self)
        self.plan.setFixedWidth(PLAN_WIDTH)
        theme = studio.theme
        self.buttons = TrainButtons(theme, self)
        self.start, self.pause = self.buttons.start, self.buttons.pause
        self.stop = self.buttons.stop
        self.waiting = QueuePanel(studio, self.queue, self.trainings, self)
        self.waiting.setFixedWidth(PLAN_WIDTH)
        self.progress = TrainingProgress(theme, self)
        self.metric_cards, self.bar = self.progress.metric_cards, self.progress.bar
        self.tools = ChartToolbar(self.view_state, self)
        self.note, self.changes = self.tools.note, self.tools.changes
        self.charts = TrainingCharts(theme, self, self.view_state.metric)
        self.loss, self.quality = self.charts.loss, self.charts.quality
        self.run_tabs = RunTabs(studio, self.trainings, self.run_monitor, self)
        self.log, self.runs = self.run_tabs.log, self.run_tabs.runs
        self.resume_banner = ResumeBanner(
            studio, self.view_state, self.run_monitor, self
        )
        self.verdict = VerdictLine(studio, self.trainings, self.view_state, self)
        self.training_actions = TrainingActions(studio, *shared, self.queue, self)
        views = self.progress, self.charts, self.run_tabs
        self.chart_updater = ChartUpdater(studio, *shared, views, self)
        self._build()
        self._connect()
        self.tools.logarithmic.setChecked(self.view_state.logarithmic)
        self.run_tabs.show_tab(self.view_state.tab)
        self._forget_other()
        self._show_state(self.trainings.state)

    @property
    def interrupted(self) -> NoticeBar | None:
        """The notice about an interrupted run."""
        return self.resume_banner.interrupted

    def train(self) -> None:
        """Start training, like the header's button."""
        self.training_actions.train()

    def queue_training(self) -> None:
        """Add the project in its current state to the queue."""
        self.training_actions.enqueue()

    def train_longer(self, run: str, more: int) -> None:
        """Resume a run for additional epochs."""
        self.training_actions.resume_run(run, more)

    def main(self) -> RunHistory:
        """The run whose metrics are shown."""
        return self.chart_updater.main()

    def showEvent(self, event: QShowEvent) -> None:
        """Poll for new runs while the room is visible."""
        super().showEvent(event)
        self.run_monitor.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop polling while the room is hidden."""
        super().hideEvent(event)
        self.run_monitor.set_active(False)

    def _build(self) -> None:
        self.buttons.add(self.waiting.add)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.buttons)
        left.addWidget(self.waiting)
        left.addWidget(self.plan, 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.resume_banner)
        right.addWidget(self.verdict)
        right.addWidget(self.progress)
        right.addWidget(self.tools)
        right.addWidget(
            ChartsSplitter(self.view_state, self.charts, self.run_tabs, self), 1
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 16, 16, 16)
        line.setSpacing(16)
        line.addLayout(left)
        line.addLayout(right, 1)

    def _connect(self) -> None:
        training_actions, trainings, redraw = (
            self.training_actions,
            self.trainings,
            self.chart_updater.redraw,
        )
        self.start.clicked.connect(self.train)
        self.pause.clicked.connect(training_actions.pause_or_resume)
        self.stop.clicked.connect(trainings.stop)
        self.waiting.add.clicked.connect(training_actions.enqueue)
        training_actions.began.connect(self._began)
        self.resume_banner.resume_requested.connect(training_actions.resume_run)
        self.tools.smoothed.connect(redraw)
        self.tools.scaled.connect(self.loss.set_logarithmic)
        self.charts.chosen.connect(self._choose_metric)
        self.run_tabs.tab_changed.connect(self._tab_changed)
        self.runs.selected.connect(self._select)
        self.runs.details.resume_requested.connect(training_actions.resume_run)
        self.plan.preflight.problems_requested.connect(self._problems)
        for plot in (self.loss, self.quality, *self.run_tabs.plots):
            plot.save_requested.connect(self._save)
        trainings.state_changed.connect(self._show_state)
        trainings.failed.connect(self._failed)
        trainings.progressed.connect(self._preparing)
        self.run_monitor.changed.connect(self._runs_changed)
        self.run_monitor.failed.connect(self._studio.notices.error)
        self._studio.session.changed.connect(self._changed)
        self._studio.session.saved_changed.connect(self._opened)
        self.chart_updater.reported.connect(self._report)

    # User actions.

    def _began(self) -> None:
        self.runs.choose(())
        self.chart_updater.redraw()

    def _tab_changed(self, tab: str) -> None:
        self.view_state.tab = tab
        self.chart_updater.redraw()

    def _select(self, runs: tuple[str, ...]) -> None:
        self.view_state.selected = runs
        self.chart_updater.follow()
        self.chart_updater.redraw()

    def _choose_metric(self, name: str) -> None:
        self.view_state.metric = name
        self.chart_updater.redraw()

    def _problems(self) -> None:
        self._studio.go("model")

    def _save(self, plot: Plot) -> None:
        save_plot(self._studio, self, plot)

    # Events.

    def _runs_changed(self) -> None:
        self.chart_updater.follow()
        self._offer()
        self._show_classes()
        self.chart_updater.redraw()

    def _report(self, events: list[Event]) -> None:
        history, state = self.view_state.history, self.trainings.state
        report_progress(self._studio, state, history, self._elsewhere())
        if history.refusal:
            self._studio.notices.reported.emit(history.refusal, "warning", "")
            history.refusal = ""
        ended = find_end(events)
        if ended is not None:
            report_ending(self._studio, ended, self._elsewhere())
        if ended is not None or self.trainings.state == IDLE:
            self._show_note()
        if events:
            self._show_classes()

    def _show_state(self, state: str) -> None:
        running = state != IDLE
        self.buttons.show_state(state)
        self.progress.epoch_bar.setVisible(running)
        self._studio.activity.offer(self.training_actions.controls())
        self.runs.details.set_idle(not running)
        self.plan.preflight.setVisible(not running)
        self.chart_updater.go(running)
        if not running:
            self.plan.preflight.refresh()
            self.run_monitor.refresh()
        self._show_note()
        self._show_changes()
        self._show_classes()
        self._offer()
        self.chart_updater.redraw()
        self._forget_other()

    def _changed(self, change: ProjectChange) -> None:
        self.queue.load(self._studio.session.folder)
        self._show_changes()
        self.chart_updater.follow_project(change)

    def _is_here(self) -> bool:
        """Whether the latest training belongs to the open project."""
        return self.view_state.folder in (None, self._studio.session.folder)

    def _elsewhere(self) -> str:
        """The name of the project in training if another one is open."""
        request = self.trainings.request
        if self._is_here() or request is None:
            return ""
        return request.project.name or request.folder.name

    def _forget_other(self) -> None:
        """Discard the result of a training in another project."""
        if self.trainings.state == IDLE and not self._is_here():
            self.view_state.clear(self._studio.session.folder)

    def _opened(self) -> None:
        """Another project, or another folder of the same one, was opened."""
        folder = self._studio.session.folder
        if folder == self._folder:
            return
        self._folder = folder
        self._forget_other()
        self.view_state.selected = ()
        self.run_monitor.refresh()
        self._runs_changed()

    def _offer(self) -> None:
        self.resume_banner.refresh(self.trainings.state == IDLE)

    def _show_classes(self) -> None:
        """Show the layers and classes of the running training in the steering tab."""
        request = self.trainings.request
        running = self.trainings.state not in (IDLE, "stopping") and self._is_here()
        entry = self.run_monitor.entry(self.view_state.history.run)
        project = request.project if request and running else None
        self.run_tabs.steer.show_project(project, entry.classes if entry else ())

    def _show_changes(self) -> None:
        trainings = self.trainings
        self.tools.show_changes(self._studio, trainings.request, trainings.state)

    def _show_note(self) -> None:
        here, own = self._is_here(), self.view_state.history
        unstarted = here and own.message and not own.run
        shown = own if unstarted else self.main()
        self.tools.show_state(self.trainings.state, shown, here)

    def _preparing(self, reported: PreparationProgress) -> None:
        if self.trainings.state == "preparing" and self._is_here():
            self.tools.show_preparing(reported, self.chart_updater.noun)

    def _failed(self, error: BaseException) -> None:
        elsewhere = self._elsewhere()
        make_text = partial(not_started_text, elsewhere)
        if elsewhere:
            self._studio.notices.reported.emit(f"{make_text()} {error}", "bad", "")
        else:
            self._studio.notices.error(error, make_text(), "train")
            self.view_state.history.message = str(error)
            self.note.setText(str(error))
        self._studio.activity.show(make_text, "train", "bad")
