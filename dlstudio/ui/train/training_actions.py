"""Starts, resumes and controls trainings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.ui.activity import ActivityControl
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.source_watcher import missing_source
from dlstudio.ui.studio import Studio
from dlstudio.workers.queue import TrainingQueue
from dlstudio.workers.training import IDLE, PAUSED, TrainingController, TrainingRequest


class TrainingActions(QObject):
    """Passes the user's requests to the training controller.

    Args:
        studio: The window's services, theme and navigation.
        trainings: Controls the running training.
        view_state: View state of the Train room.
        run_monitor: Reads the project's runs.
        queue: The training queue.

    Signals:
        began: Emitted when a training was requested and its history set.
    """

    began = Signal()

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        view_state: TrainViewState,
        run_monitor: RunMonitor,
        queue: TrainingQueue,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        queue.begun.connect(self._next)
        queue.failed.connect(self._save_failed)
        self._studio = studio
        self._trainings = trainings
        self._view_state = view_state
        self._run_monitor = run_monitor

    def train(self) -> None:
        """Save the project and train it.

        Asks first whether to download the pretrained weights that it begins with, if
        they are missing.
        """
        self._studio.services.pretrained_weights.when_at_hand(self._train)

    def enqueue(self) -> None:
        """Save the project and add it to the queue in its current state."""
        self._studio.services.pretrained_weights.when_at_hand(self._enqueue)

    def _train(self) -> None:
        request = self._request()
        if request is not None:
            self._begin(request, RunHistory())

    def _enqueue(self) -> None:
        request = self._request()
        if request is not None:
            self._queue.add(request)

    def resume_run(self, run: str, more: int = 0) -> None:
        """Resume a run from its newest checkpoint.

        Args:
            more: Epochs to train beyond those completed; 0 to train as planned.
        """
        session = self._studio.session
        folder = session.folder
        try:
            session.check_folder()
        except UserError as error:
            self._studio.notices.error(error)
            return
        if folder is not None:
            request = TrainingRequest(session.project, folder, run, more)
            own = self._view_state.history
            history = (
                own
                if own.run == run
                else self._run_monitor.history.get(run, RunHistory())
            )
            self._begin(request, history)

    def pause_or_resume(self) -> None:
        """Pause after the current step, or resume."""
        if self._trainings.state == PAUSED:
            self._trainings.resume()
        else:
            self._trainings.pause()

    def controls(self) -> tuple[ActivityControl, ...]:
        """The header's control buttons during training."""
        trainings, state = self._trainings, self._trainings.state
        if state in (IDLE, "stopping"):
            return ()
        stop = ActivityControl(marked("Stop"), "mdi6.stop", "danger", trainings.stop)
        if state == "preparing":
            return (stop,)
        if state == PAUSED:
            return ActivityControl(
                marked("Resume"), "mdi6.play", "", trainings.resume
            ), stop
        return ActivityControl(marked("Pause"), "mdi6.pause", "", trainings.pause), stop

    def _request(self) -> TrainingRequest | None:
        session = self._studio.session
        try:
            folder = session.folder
            if folder is None:
                raise UserError(
                    _("The project has not been saved yet."),
                    _("Save it first. Its runs are stored in the project folder."),
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

    def _next(self, _request: TrainingRequest, failed: bool) -> None:
        """The queue starts a training."""
        if failed:
            text = _("The run failed. Starting the next one in the queue.")
            self._studio.notices.info(text)
        self.began.emit()

    def _save_failed(self, error: UserError) -> None:
        self._studio.notices.error(error)

    def _begin(self, request: TrainingRequest, history: RunHistory) -> None:
        if self._trainings.state != IDLE:
            self._studio.notices.info(_("Training is already running."))
            return
        self._studio.notices.resolve("train")
        self._view_state.clear(request.folder, history)
        self._trainings.start(request)
        self.began.emit()
