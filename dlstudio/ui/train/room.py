"""The Train room: the plan, live figures and curves, and what was done."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.events import Event, RunEnded
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.runs.words import short_id
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.train.cards import Figures, clock
from dlstudio.ui.train.plan_panel import PlanPanel
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.series import Series, smooth
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.training import IDLE, Order, Preparing, Trainings

FRAMES_PER_SECOND = 30
PLAN_WIDTH = 288
STEP_POINTS = 20_000


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return TrainRoom(studio)


class TrainRoom(QWidget):
    """Starts and stops trainings and draws them, thirty times a second at most."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        catalog = studio.session.catalog
        self.trainings = studio.kept.get("trainings", lambda: Trainings(catalog))
        self.record = studio.kept.get("record", Record)
        self.plan = PlanPanel(studio, self)
        self.plan.setFixedWidth(PLAN_WIDTH)
        self.start = QPushButton(_("Start training"), self)
        self.start.setProperty("role", "primary")
        self.stop = QPushButton(_("Stop"), self)
        self.stop.setProperty("role", "danger")
        self.figures = Figures(studio.theme, self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(_("Progress"))
        self.note = label("", "muted", wrap=True)
        self.loss = Plot(studio.theme, _("Loss"), self)
        self.quality = Plot(studio.theme, _("Accuracy"), self)
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(60)
        self.smoothing.setFixedWidth(120)
        self.smoothing.setAccessibleName(_("Smoothing"))
        self.logarithmic = QCheckBox(_("Logarithmic loss"), self)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setFont(mono_font(studio.theme))
        self.log.setAccessibleName(_("Log"))
        self._drawn_lines = 0
        self._build()
        self._frame = QTimer(self, interval=1000 // FRAMES_PER_SECOND)
        self._connect()
        self._show_state(self.trainings.state)
        self._draw(force=True)

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
        if self.trainings.state != IDLE:
            self._studio.notices.info(_("A training is running already."))
            return
        self.record.clear()
        self._drawn_lines = 0
        self.log.clear()
        self.trainings.start(Order(session.project, folder))
        self._draw(force=True)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.stop)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(buttons)
        left.addWidget(self.plan, 1)
        tools = QHBoxLayout()
        tools.setSpacing(12)
        tools.addWidget(self.note, 1)
        tools.addWidget(QLabel(_("Smoothing")))
        tools.addWidget(self.smoothing)
        tools.addWidget(self.logarithmic)
        curves = QHBoxLayout()
        curves.setSpacing(12)
        curves.addWidget(self.loss, 1)
        curves.addWidget(self.quality, 1)
        logged = Card(self)
        logged.body.addWidget(heading(self._studio.theme, _("Log")))
        logged.body.addWidget(self.log, 1)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.figures)
        right.addWidget(self.bar)
        right.addLayout(tools)
        right.addLayout(curves, 3)
        right.addWidget(logged, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 16, 16, 16)
        line.setSpacing(16)
        line.addLayout(left)
        line.addLayout(right, 1)

    def _connect(self) -> None:
        self.start.clicked.connect(self.train)
        self.stop.clicked.connect(self.trainings.stop)
        self.smoothing.valueChanged.connect(self._redraw)
        self.logarithmic.toggled.connect(self.loss.set_logarithmic)
        self.trainings.state_changed.connect(self._show_state)
        self.trainings.failed.connect(self._failed)
        self.trainings.progressed.connect(self._preparing)
        self._frame.timeout.connect(self._draw)

    def _redraw(self) -> None:
        self._draw(force=True)

    def _show_state(self, state: str) -> None:
        running = state != IDLE
        self.start.setEnabled(not running)
        self.stop.setEnabled(running and state != "stopping")
        if running:
            self._frame.start()
        else:
            self._frame.stop()
            self._draw(force=True)
        texts = {
            "preparing": _("Preparing the data…"),
            "stopping": _("Stopping; everything so far is kept."),
        }
        self.note.setText(texts.get(state, self.record.series.message))
        self._tell_header()

    def _preparing(self, told: Preparing) -> None:
        if self.trainings.state == "preparing":
            text = _("Preparing the data: {done} of {total} pictures")
            self.note.setText(text.format(done=told.done, total=told.total))

    def _failed(self, error: BaseException) -> None:
        doing = _("The training could not begin.")
        self._studio.notices.error(error, doing)
        self.note.setText(str(error))
        self._studio.activity.show(doing, "train", "bad")

    def _draw(self, force: bool = False) -> None:
        events = self.trainings.take()
        self.record.series.see_all(events)
        if not events and not force:
            return
        series = self.record.series
        self.figures.show_series(series)
        self.bar.setValue(round(series.share * 1000))
        self._draw_loss(series)
        self._draw_metric(series)
        self._draw_log(series)
        self._tell_header()
        self._tell_ending(events)

    def _draw_loss(self, series: Series) -> None:
        colors = self._studio.theme.colors
        weight = self.smoothing.value() / 100
        x, y = series.losses.x[-STEP_POINTS:], series.losses.y[-STEP_POINTS:]
        self.loss.line(_("step"), x, y, colors.training, width=1, alpha=70, quiet=True)
        self.loss.line(_("training"), x, smooth(y, weight), colors.training)
        validation = series.validation.get("loss")
        if validation:
            self.loss.line(
                _("validation"), validation.x, validation.y, colors.validation
            )
        self.loss.marks(series.marks)

    def _draw_metric(self, series: Series) -> None:
        colors = self._studio.theme.colors
        names = [name for name in series.metric_names() if name != "loss"]
        name = "accuracy" if "accuracy" in names or not names else names[0]
        within = series.within.get(name)
        for title, curve, color in (
            (_("training"), series.training.get(name) or within, colors.training),
            (_("validation"), series.validation.get(name), colors.validation),
        ):
            if curve:
                self.quality.line(title, curve.x, curve.y, color)
        self.quality.marks(series.marks)

    def _draw_log(self, series: Series) -> None:
        for line in series.log[self._drawn_lines :]:
            self.log.appendPlainText(line)
        self._drawn_lines = len(series.log)

    def _tell_header(self) -> None:
        series, state = self.record.series, self.trainings.state
        activity = self._studio.activity
        if state == "preparing":
            activity.show(_("Preparing the data"), "train")
        elif state != IDLE:
            left = series.left()
            text = _("Run {run} · epoch {epoch}/{epochs}").format(
                run=short_id(series.run), epoch=series.epoch, epochs=series.epochs
            )
            if left is not None:
                text += " · " + _("{time} left").format(time=clock(left))
            activity.show(text, "train")

    def _tell_ending(self, events: list[Event]) -> None:
        ended = next((e for e in events if isinstance(e, RunEnded)), None)
        if ended is None:
            return
        tones = {"succeeded": "good", "cancelled": "warning", "failed": "bad"}
        texts = {
            "succeeded": _("Run {run} finished"),
            "cancelled": _("Run {run} stopped"),
            "failed": _("Run {run} failed"),
        }
        text = texts.get(ended.outcome, "{run}").format(run=short_id(ended.run))
        self._studio.activity.show(text, "train", tones.get(ended.outcome, "bad"))
        if ended.message:
            error = UserError(ended.message, ended.hint)
            self._studio.notices.error(error)
        self.note.setText(self.record.series.message)


class Record(QObject):
    """The series of the run that is shown; outlives the room's widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.series = Series()

    def clear(self) -> None:
        """Begin with an empty one."""
        self.series = Series()
