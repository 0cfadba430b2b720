"""Starting a training, going on with one, and what controls it meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.ui.source_watcher import missing_source
from dlstudio.ui.studio import Control, Studio
from dlstudio.ui.train.record import Record
from dlstudio.ui.train.series import Series
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.workers.queue import TrainingQueue
from dlstudio.workers.training import IDLE, PAUSED, TrainingController, TrainingRequest


class Starting(QObject):
    """Gives orders to the trainings.

    Signals:
        began: A training was ordered; its series is empty, or that of before.
    """

    began = Signal()

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        record: Record,
        watch: RunsWatch,
        queue: TrainingQueue,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        queue.beginning.connect(self._next)
        queue.failed.connect(self._not_kept)
        self._studio = studio
        self._trainings = trainings
        self._record = record
        self._watch = watch

    def train(self) -> None:
        """Save the project and train it."""
        order = self._order()
        if order is not None:
            self._begin(order, Series())

    def wait(self) -> None:
        """Save the project and put it into the queue as it is now."""
        order = self._order()
        if order is not None:
            self._queue.add(order)

    def go_on(self, run: str, more: int = 0) -> None:
        """Go on with a run, from its newest checkpoint.

        Args:
            more: Epochs to train beyond those it has done; 0 to the planned end.
        """
        session = self._studio.session
        folder = session.folder
        try:
            session.check_folder()
        except UserError as error:
            self._studio.notices.error(error)
            return
        if folder is not None:
            order = TrainingRequest(session.project, folder, run, more)
            own = self._record.series
            series = own if own.run == run else self._watch.series.get(run, Series())
            self._begin(order, series)

    def pause_or_resume(self) -> None:
        """Wait after the step that runs, or go on."""
        if self._trainings.state == PAUSED:
            self._trainings.resume()
        else:
            self._trainings.pause()

    def controls(self) -> tuple[Control, ...]:
        """What the header offers while it trains."""
        trainings, state = self._trainings, self._trainings.state
        if state in (IDLE, "stopping"):
            return ()
        stop = Control(marked("Stop"), "mdi6.stop", "danger", trainings.stop)
        if state == "preparing":
            return (stop,)
        if state == PAUSED:
            return Control(marked("Resume"), "mdi6.play", "", trainings.resume), stop
        return Control(marked("Pause"), "mdi6.pause", "", trainings.pause), stop

    def _order(self) -> TrainingRequest | None:
        session = self._studio.session
        try:
            folder = session.folder
            if folder is None:
                raise UserError(
                    _("The project has no folder yet."),
                    _("Save it first; its runs are kept beside it."),
                )
            session.check_folder()
            missing = missing_source(session)
            if missing is not None:
                raise missing
            if session.unsaved and not session.read_only:
                session.save()
        except UserError as error:
            self._studio.notices.error(error, topic="train")
            return None
        return TrainingRequest(session.project, folder)

    def _next(self, _order: TrainingRequest, failed: bool) -> None:
        """The queue starts one."""
        if failed:
            text = _("That training failed; the next one of the queue begins.")
            self._studio.notices.info(text)
        self.began.emit()

    def _not_kept(self, error: UserError) -> None:
        self._studio.notices.error(error)

    def _begin(self, order: TrainingRequest, series: Series) -> None:
        if self._trainings.state != IDLE:
            self._studio.notices.info(_("A training is running already."))
            return
        self._studio.notices.resolve("train")
        self._record.clear(order.folder, series)
        self._trainings.start(order)
        self.began.emit()
