"""Jobs: work on a worker thread that ends exactly once.

    thread.job(scan, path).on_success(show).on_failure(report).start()

A job is generic in the result and the progress of its work, so that type checkers
verify the callbacks. A `WorkerThread` runs its jobs one after another; it owns objects
that must not be shared. Callbacks run on the thread that created the job (the
window's); methods of deleted widgets are not called.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    NoReturn,
    ParamSpec,
    TypeVar,
    overload,
)

from PySide6.QtCore import QObject, Qt, QThread, Signal
from shiboken6 import Shiboken

from dlstudio.i18n import _

if TYPE_CHECKING:
    from typing_extensions import Self

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)
E_contra = TypeVar("E_contra", contravariant=True)


class JobContext:
    """The work's view of its job: whether to stop."""

    def __init__(self, job: Job[object]) -> None:
        self._job = job

    def should_stop(self) -> bool:
        """Whether cancellation was requested."""
        return self._job.stopping

    @property
    def cancel_event(self) -> threading.Event:
        """Set when cancellation is requested, for the engine's stop tokens."""
        return self._job.cancel_event


class ReportingContext(JobContext, Generic[E_contra]):
    """For work that also reports progress, as events of one type."""

    def report(self, event: E_contra) -> None:
        """Report progress; `on_progress` is called on the starter's thread."""
        self._job.progressed.emit(event)


class Cancelled(Exception):
    """Raised by work that stops after cancellation."""


class Job(QObject, Generic[T_co]):
    """A cancellable unit of work that returns a T."""

    progressed = Signal(object)
    _ended = Signal(str, object)

    def __init__(
        self, thread: WorkerThread, work: Callable[[ReportingContext[Any]], T_co]
    ) -> None:
        super().__init__()
        self._thread = thread
        self._work = work
        self.cancel_event = threading.Event()
        self._callbacks: dict[str, list[Callable[[Any], None]]] = {}
        self.outcome = ""
        # Queued: callbacks run on the creating thread, never on the worker.
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    def on_success(self, callback: Callable[[T_co], None]) -> Self:
        """Set the callback for success, called with the result."""
        return self._on("succeeded", callback)

    def on_failure(self, callback: Callable[[Exception], None]) -> Self:
        """Set the callback for failure, called with the exception."""
        return self._on("failed", callback)

    def on_cancelled(self, callback: Callable[[None], None]) -> Self:
        """Set the callback for cancellation, called with None."""
        return self._on("cancelled", callback)

    def on_end(self, callback: Callable[[str], None]) -> Self:
        """Set the callback for any end, called last with the outcome's name."""
        return self._on("ended", callback)

    def start(self) -> Self:
        """Queue the work on its thread."""
        self._thread.add(self)
        return self

    def cancel(self) -> None:
        """Request a stop; the job ends as "cancelled" unless it was already done."""
        self.cancel_event.set()

    @property
    def stopping(self) -> bool:
        """Whether `cancel` was called."""
        return self.cancel_event.is_set()

    def run(self) -> None:
        """Run the work; called on the worker thread."""
        try:
            if self.stopping:
                raise Cancelled
            result = self._work(ReportingContext(self))
        except Cancelled:
            self._ended.emit("cancelled", None)
        except Exception as error:  # every failure is reported by the starter
            self._ended.emit("failed", error)
        except BaseException as error:  # SystemExit from a library must not be lost
            self._ended.emit("failed", RuntimeError(_describe(error)))
        else:
            self._ended.emit("succeeded", result)

    def refuse(self) -> None:
        """End without having started; used by a closed thread."""
        self._ended.emit("cancelled", None)

    def _on(self, outcome: str, callback: Callable[..., None]) -> Self:
        self._callbacks.setdefault(outcome, []).append(callback)
        return self

    def _call(self, outcome: str, value: object) -> None:
        for callback in self._callbacks.get(outcome, ()):
            if not _is_gone(callback):
                callback(value)

    def _progress(self, event: object) -> None:
        if not self._thread.closed:
            self._call("progress", event)

    def _finish(self, outcome: str, value: object) -> None:
        if self.outcome:
            return
        self.outcome = outcome
        self._thread.forget(self)
        if not self._thread.closed:  # else the window is closing
            self._call(outcome, value)
        self._call("ended", outcome)
        self._callbacks.clear()  # release the widgets that they refer to


class ReportingJob(Job[T_co], Generic[T_co, E_co]):
    """A job whose work reports progress, as events of one type."""

    def on_progress(self, callback: Callable[[E_co], None]) -> Self:
        """Set the callback for progress, called with each event."""
        return self._on("progress", callback)


def _is_gone(callback: Callable[..., None]) -> bool:
    """Whether it is a method of a widget that was deleted in the meantime."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return isinstance(owner, QObject) and not Shiboken.isValid(owner)


def _describe(error: BaseException) -> str:
    return _("The job was ended by {error}.").format(error=type(error).__name__)


class WorkerThread(QObject):
    """A named thread that runs its jobs one after another."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _JobThread(name)
        self._jobs: set[Job[object]] = set()  # keeps a job alive until it has ended
        # The worker releases a job when it takes the next one. Until then it is also
        # kept here: a job may refer to objects of the window, such as a room's method,
        # and Qt objects must not be destroyed on another thread.
        self._last_ended: Job[object] | None = None
        self._closed = False

    @overload
    def job(
        self,
        work: Callable[Concatenate[JobContext, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, NoReturn]: ...

    @overload
    def job(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]: ...

    def job(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]:
        """A job for `work(context, *args)`; not started yet."""
        return ReportingJob(self, lambda context: work(context, *args, **kwargs))

    def add(self, job: Job[object]) -> None:
        """Queue a job; used by `Job.start`. Once closed, it ends as cancelled."""
        self._jobs.add(job)
        if self._closed:
            job.refuse()
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._thread.tasks.put(job)

    def forget(self, job: Job[object]) -> None:
        """Release a finished job, once the worker has."""
        self._jobs.discard(job)
        self._last_ended = job

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def busy(self) -> bool:
        """Whether a job is queued or running."""
        return bool(self._jobs)

    def close(self, seconds: float = 10.0) -> bool:
        """Cancel the running job and end the thread; returns whether it ended in time.

        Jobs that end from now on only call `on_end`.
        """
        self._closed = True
        for job in self._jobs:
            job.cancel()
        if not self._thread.isRunning():
            return True
        self._thread.tasks.put(None)
        return self._thread.wait(int(seconds * 1000))


class _JobThread(QThread):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.tasks: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        # TensorFlow's graph building needs more than the 512 KiB some systems give.
        self.setStackSize(16 * 2**20)

    def run(self) -> None:
        while (job := self.tasks.get()) is not None:
            job.run()
