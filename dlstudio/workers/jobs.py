"""A job: work on a thread of its own that ends exactly once.

    lane.job(scan, path).on_success(show).on_failure(tell).start()

A `WorkerThread` does its jobs one after the other; it owns what must not
be shared. Callbacks run on the thread that made the lane (the window's); a method of
a widget that is gone by then is not called.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal
from shiboken6 import Shiboken

from dlstudio.i18n import _

Callback = Callable[[Any], None]


class JobContext:
    """What the work sees of its job: it may ask whether to stop, and tell progress."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def should_stop(self) -> bool:
        """Whether the starter has asked to stop."""
        return self._job.stopping

    @property
    def cancel_event(self) -> threading.Event:
        """Set when the starter has asked to stop, for the engine's own tokens."""
        return self._job.cancel_event

    def report(self, event: Any) -> None:
        """Report progress; it reaches `on_progress` on the starter's thread."""
        self._job.progressed.emit(event)


class Cancelled(Exception):
    """Raised by work that stops because it was asked to."""


class Job(QObject):
    """One piece of work. The starter may cancel; the work may only ask."""

    progressed = Signal(object)
    _ended = Signal(str, object)

    def __init__(
        self, thread: WorkerThread, work: Callable[..., Any], args: tuple[Any, ...]
    ):
        super().__init__()
        self._thread = thread
        self._work = work
        self._args = args
        self.cancel_event = threading.Event()
        self._callbacks: dict[str, list[Callback]] = {}
        self.outcome = ""
        # Queued: the callbacks run where the job was made, never on the worker.
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    def on_success(self, callback: Callback) -> Job:
        """Call with the result."""
        return self._on("succeeded", callback)

    def on_failure(self, callback: Callback) -> Job:
        """Call with the exception."""
        return self._on("failed", callback)

    def on_cancelled(self, callback: Callback) -> Job:
        """Call with None."""
        return self._on("cancelled", callback)

    def on_progress(self, callback: Callback) -> Job:
        """Call with whatever the work tells."""
        return self._on("progress", callback)

    def on_end(self, callback: Callback) -> Job:
        """Call with the outcome's name, after the callback of the outcome itself."""
        return self._on("ended", callback)

    def start(self) -> Job:
        """Queue the work on its lane."""
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
        """Do the work; called on the lane's thread."""
        try:
            if self.stopping:
                raise Cancelled
            result = self._work(JobContext(self), *self._args)
        except Cancelled:
            self._ended.emit("cancelled", None)
        except Exception as error:  # every failure is told by the starter
            self._ended.emit("failed", error)
        except BaseException as error:  # SystemExit from a library must not be lost
            self._ended.emit("failed", RuntimeError(_describe(error)))
        else:
            self._ended.emit("succeeded", result)

    def refuse(self) -> None:
        """End without having begun; used by a lane that is closed."""
        self._ended.emit("cancelled", None)

    def _on(self, outcome: str, callback: Callback) -> Job:
        self._callbacks.setdefault(outcome, []).append(callback)
        return self

    def _call(self, outcome: str, value: Any) -> None:
        for callback in self._callbacks.get(outcome, ()):
            if not _is_gone(callback):
                callback(value)

    def _progress(self, event: Any) -> None:
        if not self._thread.closed:
            self._call("progress", event)

    def _finish(self, outcome: str, value: Any) -> None:
        if self.outcome:
            return
        self.outcome = outcome
        self._thread.forget(self)
        if not self._thread.closed:  # else nobody is there any more to do more with it
            self._call(outcome, value)
        self._call("ended", outcome)
        self._callbacks.clear()  # nobody is called any more: widgets need not wait


def _is_gone(callback: Callback) -> bool:
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
        self._jobs: set[Job] = set()  # keeps a job alive until it has ended
        # The worker lets go of a job when it takes the next one. Until then it is kept
        # here too: what a job holds, such as a room's method, is the window's, and
        # Qt's objects must not be destroyed on another thread than their own.
        self._last_ended: Job | None = None
        self._closed = False

    def job(self, work: Callable[..., Any], *args: Any) -> Job:
        """A job for `work(ask, *args)`; not started yet."""
        return Job(self, work, args)

    def add(self, job: Job) -> None:
        """Queue a job; used by `Job.start`. Once closed, it ends as cancelled."""
        self._jobs.add(job)
        if self._closed:
            job.refuse()
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._thread.tasks.put(job)

    def forget(self, job: Job) -> None:
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
        self.tasks: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        # TensorFlow's graph building needs more than the 512 KiB some systems give.
        self.setStackSize(16 * 2**20)

    def run(self) -> None:
        while (job := self.tasks.get()) is not None:
            job.run()
