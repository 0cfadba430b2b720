"""A job: work on a thread of its own that ends exactly once.

    thread.job(scan, path).on_success(show).on_failure(report).start()

The job knows what its work returns and which progress it reports, so that the callbacks
are checked against it. A `WorkerThread` does its jobs one after the other; it owns what
must not be shared. Callbacks run on the thread that made it (the window's); a method of
a widget that is gone by then is not called.
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
    """What the work sees of its job: it may ask whether to stop."""

    def __init__(self, job: Job[object]) -> None:
        self._job = job

    def should_stop(self) -> bool:
        """Whether the starter has asked to stop."""
        return self._job.stopping

    @property
    def cancel_event(self) -> threading.Event:
        """Set when the starter has asked to stop, for the engine's own tokens."""
        return self._job.cancel_event


class ReportingContext(JobContext, Generic[E_contra]):
    """For work that also reports how it goes, in events of one type."""

    def report(self, event: E_contra) -> None:
        """Report progress; it reaches `on_progress` on the starter's thread."""
        self._job.progressed.emit(event)


class Cancelled(Exception):
    """Raised by work that stops because it was asked to."""


class Job(QObject, Generic[T_co]):
    """One piece of work that returns a T. The starter may cancel; the work may ask."""

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
        # Queued: the callbacks run where the job was made, never on the worker.
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    def on_success(self, callback: Callable[[T_co], None]) -> Self:
        """Call with the result."""
        return self._on("succeeded", callback)

    def on_failure(self, callback: Callable[[Exception], None]) -> Self:
        """Call with the exception."""
        return self._on("failed", callback)

    def on_cancelled(self, callback: Callable[[None], None]) -> Self:
        """Call with None."""
        return self._on("cancelled", callback)

    def on_end(self, callback: Callable[[str], None]) -> Self:
        """Call with the outcome's name, after the callback of the outcome itself."""
        return self._on("ended", callback)

    def start(self) -> Self:
        """Queue the work on its thread."""
        self._thread.add(self)
        return self

    def cancel(self) -> None:
        """Ask the work to stop; it ends as "cancelled" unless it was done already."""
        self.cancel_event.set()

    @property
    def stopping(self) -> bool:
        """Whether `cancel` was called."""
        return self.cancel_event.is_set()

    def run(self) -> None:
        """Do the work; called on the worker's thread."""
        try:
            if self.stopping:
                raise Cancelled
            result = self._work(ReportingContext(self))
        except Cancelled:
            self._ended.emit("cancelled", None)
        except Exception as error:  # every failure is told by the starter
            self._ended.emit("failed", error)
        except BaseException as error:  # SystemExit from a library must not be lost
            self._ended.emit("failed", RuntimeError(_describe(error)))
        else:
            self._ended.emit("succeeded", result)

    def refuse(self) -> None:
        """End without having begun; used by a thread that is closed."""
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
        if not self._thread.closed:  # else nobody is there any more to do more with it
            self._call(outcome, value)
        self._call("ended", outcome)
        self._callbacks.clear()  # nobody is called any more: widgets need not wait


class ReportingJob(Job[T_co], Generic[T_co, E_co]):
    """A job whose work reports progress, in events of one type."""

    def on_progress(self, callback: Callable[[E_co], None]) -> Self:
        """Call with each event that the work reports."""
        return self._on("progress", callback)


def _is_gone(callback: Callable[..., None]) -> bool:
    """Whether it is a method of a widget that was deleted while the work went on."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return isinstance(owner, QObject) and not Shiboken.isValid(owner)


def _describe(error: BaseException) -> str:
    return _("The job was ended by {error}.").format(error=type(error).__name__)


class WorkerThread(QObject):
    """One named thread that does its jobs in turn."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _JobThread(name)
        self._jobs: set[Job[object]] = set()  # keeps a job alive until it has ended
        # The worker lets go of a job when it takes the next one. Until then it is kept
        # here too: what a job holds, such as a room's method, is the window's, and
        # Qt's objects must not be destroyed on another thread than their own.
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
        """Let go of a job that has ended, once the worker has."""
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
        """Cancel what runs and end the thread; whether it ended in time.

        What ends from now on is told to `on_end` alone.
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
