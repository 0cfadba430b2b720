"""The Train room: the plan, live figures and curves, and all runs."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.events import Event
from dlstudio.document.wording import describe_change
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.studio import Control, Studio
from dlstudio.ui.train.bottom import Bottom
from dlstudio.ui.train.cards import Figures
from dlstudio.ui.train.charts import Charts, Overlay
from dlstudio.ui.train.plan_panel import PlanPanel
from dlstudio.ui.train.plot import FORMATS, Plot
from dlstudio.ui.train.record import Record
from dlstudio.ui.train.series import Series
from dlstudio.ui.train.telling import ended_in, tell_ending, tell_header
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.notice import NoticeBar
from dlstudio.workers.training import IDLE, PAUSED, Order, Preparing, Trainings

FRAMES_PER_SECOND = 30
DRAWING = 15
"""Drawing may take this part of the time: a fifteenth."""
LONGEST = 0.4
"""Seconds between two drawings, at most, however slow they are."""
PLAN_WIDTH = 272
THIN = (
    "QProgressBar, QProgressBar::chunk"
    " { min-height: 3px; max-height: 3px; border-radius: 1px; }"
)


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return TrainRoom(studio)


class TrainRoom(QWidget):
    """Starts and stops trainings and draws them, thirty times a second at most."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        session, engine, kept = studio.session, studio.engine, studio.kept
        self.trainings = kept.get("trainings", lambda: Trainings(session.catalog))
        self.record = kept.get("record", Record)
        self.watch = kept.get("train runs", lambda: RunsWatch(session, engine))
        self.plan = PlanPanel(studio, self)
        self.plan.setFixedWidth(PLAN_WIDTH)
        theme = studio.theme
        self.start = button(theme, _("Start training"), "primary", "mdi6.play")
        self.pause = button(theme, _("Pause"), "", "mdi6.pause")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.figures = Figures(theme, self)
        self.bar = _bar(_("Progress"), self)
        self.epoch_bar = _bar(_("Progress of the epoch"), self)
        self.epoch_bar.setStyleSheet(THIN)
        self.epoch_bar.setFixedHeight(3)
        self.note = label("", "muted", wrap=True)
        self.moved = label("", "warning", wrap=True)
        self.charts = Charts(theme, self)
        self.loss, self.quality = self.charts.loss, self.charts.quality
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(self.record.smoothing)
        self.smoothing.setFixedWidth(100)
        self.smoothing.setAccessibleName(_("Smoothing"))
        self.logarithmic = QCheckBox(_("Logarithmic loss"), self)
        self.bottom = Bottom(studio, self.trainings, self.watch, self)
        self.log = self.bottom.log
        self.runs = self.bottom.runs
        self.interrupted: NoticeBar | None = None
        self._top = QVBoxLayout()
        self._build()
        self._next = 0.0
        self._frame = QTimer(self, interval=1000 // FRAMES_PER_SECOND)
        self._connect()
        self.logarithmic.setChecked(self.record.logarithmic)
        self.bottom.show_tab(self.record.tab)
        self._show_state(self.trainings.state)

    def train(self) -> None:
        """Start, as the header's button does."""
        session = self._studio.session
        try:
            folder = session.folder
            if folder is None:
                raise UserError(
                    _("The project has no folder yet."),
                    _("Save it first; its runs are kept beside it."),
                )
            if session.unsaved:
                session.save()
        except UserError as error:
            self._studio.notices.error(error)
            return
        self._begin(Order(session.project, folder), Series())

    def go_on(self, run: str, epochs: int = 0) -> None:
        """Go on with a run, from its newest checkpoint.

        Args:
            epochs: Train up to this many; 0 for as many as were planned.
        """
        folder = self._studio.session.folder
        if folder is not None:
            order = Order(self._studio.session.project, folder, run, epochs or None)
            own = self.record.series
            series = own if own.run == run else self.watch.series.get(run, Series())
            self._begin(order, series)

    def showEvent(self, event: QShowEvent) -> None:
        """Runs made elsewhere appear while somebody looks."""
        super().showEvent(event)
        self.watch.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is read."""
        super().hideEvent(event)
        self.watch.look(False)

    def _begin(self, order: Order, series: Series) -> None:
        if self.trainings.state != IDLE:
            self._studio.notices.info(_("A training is running already."))
            return
        self.record.clear(series)
        self.runs.choose(())
        self.trainings.start(order)
        self._draw(force=True)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for each in (self.start, self.pause, self.stop):
            buttons.addWidget(each, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(buttons)
        left.addWidget(self.plan, 1)
        tools = QHBoxLayout()
        tools.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.note)
        words.addWidget(self.moved)
        tools.addLayout(words, 1)
        tools.addWidget(QLabel(_("Smoothing")))
        tools.addWidget(self.smoothing)
        tools.addWidget(self.logarithmic)
        bars = QVBoxLayout()
        bars.setSpacing(2)
        bars.addWidget(self.bar)
        bars.addWidget(self.epoch_bar)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addLayout(self._top)
        right.addWidget(self.figures)
        right.addLayout(bars)
        right.addLayout(tools)
        right.addWidget(self.charts, 3)
        right.addWidget(self.bottom, 2)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 16, 16, 16)
        line.setSpacing(16)
        line.addLayout(left)
        line.addLayout(right, 1)

    def _connect(self) -> None:
        self.start.clicked.connect(self.train)
        self.pause.clicked.connect(self._pause)
        self.stop.clicked.connect(self.trainings.stop)
        self.smoothing.valueChanged.connect(self._smooth)
        self.logarithmic.toggled.connect(self._log_scale)
        self.bottom.turned.connect(self._turned)
        self.runs.selected.connect(self._select)
        self.runs.details.go_on.connect(self.go_on)
        self.plan.preflight.problems_wanted.connect(self._problems)
        for plot in (self.loss, self.quality, *self.bottom.layers.plots):
            plot.save_wanted.connect(self._save)
        self.trainings.state_changed.connect(self._show_state)
        self.trainings.failed.connect(self._failed)
        self.trainings.progressed.connect(self._preparing)
        self.watch.changed.connect(self._runs_changed)
        self.watch.curves_changed.connect(self._redraw)
        self.watch.failed.connect(self._studio.notices.error)
        self._studio.session.changed.connect(self._say_moved)
        self._frame.timeout.connect(self._draw)

    # What is done.

    def _pause(self) -> None:
        if self.trainings.state == PAUSED:
            self.trainings.resume()
        else:
            self.trainings.pause()

    def _smooth(self, value: int) -> None:
        self.record.smoothing = value
        self._redraw()

    def _log_scale(self, on: bool) -> None:
        self.record.logarithmic = on
        self.loss.set_logarithmic(on)

    def _turned(self, tab: str) -> None:
        self.record.tab = tab
        self._redraw()

    def _select(self, runs: tuple[str, ...]) -> None:
        self.record.selected = runs
        self._follow()
        self._redraw()

    def _problems(self) -> None:
        self._studio.go("model")

    def _save(self, plot: Plot) -> None:
        folder = self._studio.session.folder or Path.home()
        kinds = ";;".join(f"{kind.upper()} (*.{kind})" for kind in FORMATS)
        start = str(folder / f"{plot.title}.png")
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save these curves"), start, kinds
        )
        if name:
            try:
                plot.save(Path(name))
            except UserError as error:
                self._studio.notices.error(error)
            else:
                saved = _("Saved as {path}.").format(path=name)
                self._studio.notices.good(saved)

    # What is shown.

    def main(self) -> Series:
        """The run whose figures are shown: what trains here, is chosen, or newest."""
        own = self.record.series
        if self.trainings.state != IDLE:
            return own
        wanted = self._wanted()
        if not wanted or wanted[0] == own.run:
            return own
        return self.watch.series.get(wanted[0], own)

    def _wanted(self) -> tuple[str, ...]:
        """The runs that are drawn, the first of them with its figures."""
        own, selected = self.record.series.run, self.record.selected
        if self.trainings.state != IDLE:
            return tuple(dict.fromkeys([own, *selected])) if own else selected
        if selected or own:
            return selected or (own,)
        return tuple(entry.id for entry in self.watch.entries[:1])

    def _follow(self) -> None:
        own = self.record.series.run
        self.watch.follow(run for run in self._wanted() if run != own)

    def _runs_changed(self) -> None:
        self._follow()
        self._offer()
        self._say_classes()
        self._redraw()

    def _redraw(self) -> None:
        self._draw(force=True)

    def _draw(self, force: bool = False) -> None:
        began = perf_counter()
        if began < self._next and not force:
            return
        events = self.trainings.take()
        self.record.series.see_all(events)
        if not events and not force:
            return
        self._show_all(events)
        # What is drawn is not trained: on few cores it is the same processor.
        cost = perf_counter() - began + self.charts.seconds
        self._next = began + min(DRAWING * cost, LONGEST)

    def _show_all(self, events: list[Event]) -> None:
        series = self.main()
        self.figures.show_series(series)
        self.bar.setValue(round(series.share * 1000))
        part = series.step / max(series.steps_per_epoch, 1)
        self.epoch_bar.setValue(round(part * 1000))
        overlays = self._overlays()
        if len(overlays) > 1:
            self.charts.show_runs(overlays)
        else:
            self.charts.show_run(series, self.smoothing.value() / 100)
        self.bottom.show_series(series)
        if self.trainings.state != IDLE:
            tell_header(self._studio, self.trainings.state, series)
        self._tell(events)

    def _overlays(self) -> dict[str, Overlay]:
        found = {}
        for run in self._wanted():
            own = self.record.series
            series = own if run == own.run else self.watch.series.get(run)
            if series is not None:
                entry = self.watch.entry(run)
                number = entry.number if entry else len(self.watch.entries) + 1
                color = self._studio.theme.run_color(number)
                found[run] = Overlay(str(number), color, series)
        return found

    def _tell(self, events: list[Event]) -> None:
        refusal = self.record.series.refusal
        if refusal:
            self.record.series.refusal = ""
            self._studio.notices.told.emit(refusal, "warning", "")
        ended = ended_in(events)
        if ended is not None:
            tell_ending(self._studio, ended)
            self.note.setText(self.record.series.message)
        if events:
            self._say_classes()

    def _show_state(self, state: str) -> None:
        running = state != IDLE
        self.start.setVisible(not running)
        self.pause.setVisible(running)
        self.stop.setVisible(running)
        self.epoch_bar.setVisible(running)
        self._studio.activity.offer(self._controls(state))
        self.pause.setEnabled(state in ("running", PAUSED))
        self.pause.setText(_("Resume") if state == PAUSED else _("Pause"))
        self.stop.setEnabled(running and state != "stopping")
        self.runs.details.set_idle(not running)
        self.plan.preflight.setVisible(not running)
        if running:
            self._frame.start()
        else:
            self._frame.stop()
            self.plan.preflight.refresh()
            self.watch.refresh()
        texts = {
            "preparing": _("Preparing the data…"),
            "paused": _("Paused, with a checkpoint; steer it, resume it or stop it."),
            "stopping": _("Stopping; everything so far is kept."),
        }
        self.note.setText(texts.get(state, self.record.series.message))
        self._say_moved()
        self._say_classes()
        self._offer()
        self._draw(force=True)

    def _controls(self, state: str) -> tuple[Control, ...]:
        """What the header offers while it trains."""
        if state in (IDLE, "stopping"):
            return ()
        stop = Control(_("Stop"), "mdi6.stop", "danger", self.trainings.stop)
        if state == "preparing":
            return (stop,)
        if state == PAUSED:
            resume = self.trainings.resume
            return Control(_("Resume"), "mdi6.play", "", resume), stop
        return Control(_("Pause"), "mdi6.pause", "", self.trainings.pause), stop

    def _say_classes(self) -> None:
        """Steering knows the layers and classes of what trains."""
        order = self.trainings.order
        running = self.trainings.state not in (IDLE, "stopping")
        entry = self.watch.entry(self.record.series.run)
        project = order.project if order and running else None
        self.bottom.steer.show_project(project, entry.classes if entry else ())

    def _say_moved(self) -> None:
        order, session = self.trainings.order, self._studio.session
        text = ""
        if order is not None and self.trainings.state != IDLE:
            if order.folder != session.folder:
                text = _("This training belongs to the project in {folder}.")
                text = text.format(folder=order.folder)
            elif not order.resume:
                changed = describe_change(order.project, session.project)
                if changed:
                    text = _(
                        "Changed since it began: {changes}. This run keeps what it"
                        " began with."
                    ).format(changes=changed)
        self.moved.setText(text)
        self.moved.setVisible(bool(text))

    def _preparing(self, told: Preparing) -> None:
        if self.trainings.state == "preparing":
            text = _("Preparing the data: {done} of {total} pictures")
            self.note.setText(text.format(done=told.done, total=told.total))

    def _failed(self, error: BaseException) -> None:
        doing = _("The training could not begin.")
        self._studio.notices.error(error, doing)
        self.record.series.message = str(error)
        self.note.setText(str(error))
        self._studio.activity.show(doing, "train", "bad")

    def _offer(self) -> None:
        """A run that was cut off can go on."""
        entry = next(iter(self.watch.entries), None)
        wanted = (
            entry is not None
            and entry.outcome == "interrupted"
            and entry.can_go_on
            and entry.id not in self.record.dismissed
            and self.trainings.state == IDLE
        )
        if not wanted or entry is None:
            self._close_offer()
            return
        if self.interrupted is not None:
            return
        text = _(
            "Run {number} was cut off in epoch {epoch}. It can go on from its last"
            " checkpoint, as if nothing had happened."
        ).format(number=entry.number, epoch=entry.epochs + 1)
        go = button(self._studio.theme, _("Go on"), "primary")
        run = entry.id
        go.clicked.connect(lambda: self.go_on(run))
        bar = NoticeBar(
            self._studio.theme, text, "warning", buttons=(go,), passing=False
        )
        bar.closed.connect(lambda: self._dismiss(run))
        self._top.addWidget(bar)
        self.interrupted = bar

    def _dismiss(self, run: str) -> None:
        self.record.dismissed.add(run)
        self._close_offer()

    def _close_offer(self) -> None:
        if self.interrupted is not None:
            self.interrupted.hide()
            self.interrupted.deleteLater()
            self.interrupted = None


def _bar(name: str, parent: QWidget) -> QProgressBar:
    made = QProgressBar(parent)
    made.setRange(0, 1000)
    made.setTextVisible(False)
    made.setAccessibleName(name)
    return made
