"""The Train room: the plan, live figures and curves, and all runs."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.events import Event
from dlstudio.i18n import _
from dlstudio.ui.runs.names import RunNames
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.bottom import Bottom
from dlstudio.ui.train.buttons import Halves, TrainButtons
from dlstudio.ui.train.charts import Charts
from dlstudio.ui.train.drawing import Drawing
from dlstudio.ui.train.offers import Offers
from dlstudio.ui.train.plan_panel import PlanPanel
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.progress import Progress
from dlstudio.ui.train.queue_panel import QueuePanel
from dlstudio.ui.train.record import Record
from dlstudio.ui.train.series import Series
from dlstudio.ui.train.starting import Starting
from dlstudio.ui.train.telling import ended_in, tell_ending, tell_header
from dlstudio.ui.train.toolbar import Toolbar, save_plot
from dlstudio.ui.train.verdict_line import VerdictLine
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.ui.widgets.notice import NoticeBar
from dlstudio.workers.queue import TrainingQueue
from dlstudio.workers.training import IDLE, PreparationProgress, TrainingController

PLAN_WIDTH = 272


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return TrainRoom(studio)


class TrainRoom(QWidget):
    """Puts the parts together and passes on what one of them says."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._folder = studio.session.folder
        session, engine, kept = studio.session, studio.engine, studio.kept
        self.trainings = kept.get(
            "trainings", lambda: TrainingController(session.catalog)
        )
        self.record = kept.get("record", Record)
        names = kept.get("run-names", RunNames)
        self.watch = kept.get("train runs", lambda: RunsWatch(session, engine, names))
        self.queue = kept.get("queue", self._make_queue)
        self.queue.look(session.folder)
        ground = self.trainings, self.record, self.watch
        self.plan = PlanPanel(studio, self)
        self.plan.setFixedWidth(PLAN_WIDTH)
        theme = studio.theme
        self.buttons = TrainButtons(theme, self)
        self.start, self.pause = self.buttons.start, self.buttons.pause
        self.stop = self.buttons.stop
        self.waiting = QueuePanel(studio, self.queue, self.trainings, self)
        self.waiting.setFixedWidth(PLAN_WIDTH)
        self.progress = Progress(theme, self)
        self.figures, self.bar = self.progress.figures, self.progress.bar
        self.tools = Toolbar(self.record, self)
        self.note, self.moved = self.tools.note, self.tools.moved
        self.charts = Charts(theme, self, self.record.metric)
        self.loss, self.quality = self.charts.loss, self.charts.quality
        self.bottom = Bottom(studio, self.trainings, self.watch, self)
        self.log, self.runs = self.bottom.log, self.bottom.runs
        self.offers = Offers(studio, self.record, self.watch, self)
        self.verdict = VerdictLine(studio, self.trainings, self.record, self)
        self.starting = Starting(studio, *ground, self.queue, self)
        parts = self.progress, self.charts, self.bottom
        self.drawing = Drawing(studio, *ground, parts, self)
        self._build()
        self._connect()
        self.tools.logarithmic.setChecked(self.record.logarithmic)
        self.bottom.show_tab(self.record.tab)
        self._forget_other()
        self._show_state(self.trainings.state)

    @property
    def interrupted(self) -> NoticeBar | None:
        """What is said of a run that was cut off."""
        return self.offers.interrupted

    def train(self) -> None:
        """Start, as the header's button does."""
        self.starting.train()

    def queue_training(self) -> None:
        """Let the project as it is now wait its turn."""
        self.starting.wait()

    def train_longer(self, run: str, more: int) -> None:
        """Go on with a run for some more epochs."""
        self.starting.go_on(run, more)

    def main(self) -> Series:
        """The run whose figures are shown."""
        return self.drawing.main()

    def showEvent(self, event: QShowEvent) -> None:
        """Runs made elsewhere appear while somebody looks."""
        super().showEvent(event)
        self.watch.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is read."""
        super().hideEvent(event)
        self.watch.look(False)

    def _build(self) -> None:
        self.buttons.add(self.waiting.add)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.buttons)
        left.addWidget(self.waiting)
        left.addWidget(self.plan, 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.offers)
        right.addWidget(self.verdict)
        right.addWidget(self.progress)
        right.addWidget(self.tools)
        right.addWidget(Halves(self.record, self.charts, self.bottom, self), 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 16, 16, 16)
        line.setSpacing(16)
        line.addLayout(left)
        line.addLayout(right, 1)

    def _connect(self) -> None:
        starting, trainings, redraw = self.starting, self.trainings, self.drawing.redraw
        self.start.clicked.connect(self.train)
        self.pause.clicked.connect(starting.pause_or_resume)
        self.stop.clicked.connect(trainings.stop)
        self.waiting.add.clicked.connect(starting.wait)
        starting.began.connect(self._began)
        self.offers.go_on.connect(starting.go_on)
        self.tools.smoothed.connect(redraw)
        self.tools.scaled.connect(self.loss.set_logarithmic)
        self.charts.chosen.connect(self._choose_metric)
        self.bottom.turned.connect(self._turned)
        self.runs.selected.connect(self._select)
        self.runs.details.go_on.connect(starting.go_on)
        self.plan.preflight.problems_wanted.connect(self._problems)
        for plot in (self.loss, self.quality, *self.bottom.plots):
            plot.save_wanted.connect(self._save)
        trainings.state_changed.connect(self._show_state)
        trainings.failed.connect(self._failed)
        trainings.progressed.connect(self._preparing)
        self.watch.changed.connect(self._runs_changed)
        self.watch.failed.connect(self._studio.notices.error)
        self._studio.session.changed.connect(self._changed)
        self._studio.session.saved_changed.connect(self._opened)
        self.drawing.told.connect(self._tell)

    def _make_queue(self) -> TrainingQueue:
        made = TrainingQueue(self.trainings)
        made.beginning.connect(self.record.begin)
        return made

    # What somebody does.

    def _began(self) -> None:
        self.runs.choose(())
        self.drawing.redraw()

    def _turned(self, tab: str) -> None:
        self.record.tab = tab
        self.drawing.redraw()

    def _select(self, runs: tuple[str, ...]) -> None:
        self.record.selected = runs
        self.drawing.follow()
        self.drawing.redraw()

    def _choose_metric(self, name: str) -> None:
        self.record.metric = name
        self.drawing.redraw()

    def _problems(self) -> None:
        self._studio.go("model")

    def _save(self, plot: Plot) -> None:
        save_plot(self._studio, self, plot)

    # What happens.

    def _runs_changed(self) -> None:
        self.drawing.follow()
        self._offer()
        self._say_classes()
        self.drawing.redraw()

    def _tell(self, events: list[Event]) -> None:
        series = self.record.series
        if self.trainings.state != IDLE:
            tell_header(self._studio, self.trainings.state, series, self._elsewhere())
        if series.refusal:
            self._studio.notices.told.emit(series.refusal, "warning", "")
            series.refusal = ""
        ended = ended_in(events)
        if ended is not None:
            tell_ending(self._studio, ended, self._elsewhere())
            if self._is_here():
                self.note.setText(series.message)
        if events:
            self._say_classes()

    def _show_state(self, state: str) -> None:
        running = state != IDLE
        self.buttons.show_state(state)
        self.progress.epoch_bar.setVisible(running)
        self._studio.activity.offer(self.starting.controls())
        self.runs.details.set_idle(not running)
        self.plan.preflight.setVisible(not running)
        self.drawing.go(running)
        if not running:
            self.plan.preflight.refresh()
            self.watch.refresh()
        self.tools.say_state(state, self._is_here())
        self._say_moved()
        self._say_classes()
        self._offer()
        self.drawing.redraw()
        self._forget_other()

    def _changed(self) -> None:
        self.queue.look(self._studio.session.folder)
        self._say_moved()

    def _is_here(self) -> bool:
        """Whether what was trained last is of the project that is open."""
        return self.record.folder in (None, self._studio.session.folder)

    def _elsewhere(self) -> str:
        """The name of the project that trains, if another one is open."""
        order = self.trainings.order
        if self._is_here() or order is None:
            return ""
        return order.project.name or order.folder.name

    def _forget_other(self) -> None:
        """What has ended in another project is of no interest here."""
        if self.trainings.state == IDLE and not self._is_here():
            self.record.clear(self._studio.session.folder)

    def _opened(self) -> None:
        """Another project, or another folder of this one."""
        folder = self._studio.session.folder
        if folder == self._folder:
            return
        self._folder = folder
        self._forget_other()
        self.record.selected = ()
        self.watch.refresh()
        self.tools.say_state(self.trainings.state, self._is_here())
        self._runs_changed()

    def _offer(self) -> None:
        self.offers.refresh(self.trainings.state == IDLE)

    def _say_classes(self) -> None:
        """Steering knows the layers and classes of what trains."""
        order = self.trainings.order
        running = self.trainings.state not in (IDLE, "stopping") and self._is_here()
        entry = self.watch.entry(self.record.series.run)
        project = order.project if order and running else None
        self.bottom.steer.show_project(project, entry.classes if entry else ())

    def _say_moved(self) -> None:
        trainings = self.trainings
        self.tools.say_moved(self._studio, trainings.order, trainings.state)

    def _preparing(self, told: PreparationProgress) -> None:
        if self.trainings.state == "preparing" and self._is_here():
            self.tools.say_preparing(told)

    def _failed(self, error: BaseException) -> None:
        elsewhere = self._elsewhere()
        say = partial(_could_not_begin, elsewhere)
        if elsewhere:
            self._studio.notices.told.emit(f"{say()} {error}", "bad", "")
        else:
            self._studio.notices.error(error, say(), "train")
            self.record.series.message = str(error)
            self.note.setText(str(error))
        self._studio.activity.show(say, "train", "bad")


def _could_not_begin(project: str) -> str:
    if project:
        return _("The training of “{name}” could not begin.").format(name=project)
    return _("The training could not begin.")
