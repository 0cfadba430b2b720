"""Background training, on a thread or in a subprocess, with its controller."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import Event, RunEnded
from dlstudio.i18n import _
from dlstudio.workers.jobs import Cancelled, Job, ReportingContext, WorkerThread
from dlstudio.workers.runners import TrainingRequest, TrainingTask, runner_of

if TYPE_CHECKING:
    from dlstudio.engine.training.control import TrainingControl

IDLE, PREPARING, RUNNING = "idle", "preparing", "running"
PAUSED, STOPPING = "paused", "stopping"


@dataclass(frozen=True, slots=True)
class PreparationProgress:
    """Progress of preparing the data."""

    done: int
    total: int


class TrainingController(QObject):
    """Runs one training at a time on a worker thread; the window may stop and steer it.

    Events are buffered; the charts take them thirty times a second, so that a thousand
    steps per second do not slow down the window.

    Signals:
        state_changed: "idle", "preparing", "running", "paused" or "stopping".
        ended: The `RunEnded` event, or None if it could not start.
        failed: The exception if it could not start.
        progressed: A `PreparationProgress`.
    """

    state_changed = Signal(str)
    ended = Signal(object)
    failed = Signal(object)
    progressed = Signal(object)

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._thread = WorkerThread("train", self)
        self._job: Job[RunEnded | None] | None = None
        self._buffer: deque[Event] = deque()
        self._control: TrainingControl | None = None
        self.state = IDLE
        self.request: TrainingRequest | None = None
        self._gradients = False

    @property
    def control(self) -> TrainingControl | None:
        """The control of the running training; None if there is none."""
        return None if self._job is None else self._control

    @property
    def gradients(self) -> bool:
        """Whether gradient norms are measured."""
        return self._gradients

    @property
    def busy(self) -> bool:
        """Whether the thread has a job."""
        return self._thread.busy

    @property
    def needs_quit_confirmation(self) -> bool:
        """Whether quitting needs confirmation: a training is running."""
        return self.state != IDLE

    @property
    def quit_warning(self) -> str:
        """What quitting would do, for the user."""
        if self.state == IDLE:
            return ""
        return _(
            "Training is in progress. If you quit, it stops; you can resume it later."
        )

    def start(self, request: TrainingRequest) -> None:
        """Start a training; does nothing while one is running."""
        if self._job is not None:
            return
        self.request = request
        self._buffer.clear()
        self._control = _new_control()
        self._control.watch_gradients(self._gradients)
        job = self._thread.job(
            _train, request, self._catalog, self._buffer, self._control
        )
        job.on_progress(self._progress).on_success(self._succeeded)
        job.on_failure(self.failed.emit).on_end(self._over)
        self._job = job.start()
        self._enter(PREPARING)

    def stop(self) -> None:
        """Stop after the current step; everything so far is kept."""
        if self._job is not None:
            self._enter(STOPPING)
            self._job.cancel()

    def pause(self) -> None:
        """Pause after the current call, with a checkpoint."""
        if self._control is not None and self.state == RUNNING:
            self._control.pause()
            self._enter(PAUSED)

    def resume(self) -> None:
        """Resume after a pause."""
        if self._control is not None and self.state == PAUSED:
            self._control.resume()
            self._enter(RUNNING)

    def watch_gradients(self, on: bool) -> None:
        """Start or stop measuring gradient norms; slows training slightly."""
        self._gradients = on
        if self._control is not None:
            self._control.watch_gradients(on)

    def take(self) -> list[Event]:
        """All events since the last call, in order."""
        events: list[Event] = []
        while self._buffer:
            events.append(self._buffer.popleft())
        if events and self.state == PREPARING:
            self._enter(RUNNING)
        return events

    def close(self) -> bool:
        """Stop and wait; a checkpoint is kept to resume from."""
        return self._thread.close(seconds=30)

    def _progress(self, progress: PreparationProgress) -> None:
        self.progressed.emit(progress)

    def _succeeded(self, ended: RunEnded | None) -> None:
        self.ended.emit(ended)

    def _over(self, _outcome: str) -> None:
        self._job = None
        self._enter(IDLE)

    def _enter(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _new_control() -> TrainingControl:
    from dlstudio.engine.training.control import TrainingControl

    return TrainingControl()


def _train(
    context: ReportingContext[PreparationProgress],
    request: TrainingRequest,
    catalog: Catalog,
    buffer: deque[Event],
    control: TrainingControl,
) -> RunEnded | None:
    """Runs on the training thread."""
    from dlstudio.engine.runtime.stop_token import Stopped, StopToken

    last: list[RunEnded] = []

    def emit(event: Event) -> None:
        buffer.append(event)
        if isinstance(event, RunEnded):
            last.append(event)

    def progress(done: int, total: int) -> None:
        context.report(PreparationProgress(done, total))

    run = runner_of(request)
    try:
        run(
            TrainingTask(
                request,
                catalog,
                emit,
                progress,
                StopToken(context.cancel_event),
                control,
            )
        )
    except Stopped:
        raise Cancelled from None
    return last[0] if last else None


__all__ = (
    "IDLE",
    "PAUSED",
    "PREPARING",
    "RUNNING",
    "STOPPING",
    "PreparationProgress",
    "TrainingController",
    "TrainingRequest",
)
