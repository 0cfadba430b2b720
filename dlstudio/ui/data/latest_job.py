"""Jobs of which only the newest counts, and jobs that any window may watch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.progress import Progress


class LatestJob(QObject):
    """Runs one job at a time; of those asked for meanwhile, only the newest."""

    def __init__(
        self, thread: WorkerThread, work: Callable[..., Any], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._thread = thread
        self._work = work
        self._next_args: tuple[Any, ...] | None = None
        self._then: Callable[[Any], None] | None = None
        self._job: Job | None = None

    def request(self, then: Callable[[Any], None], *args: Any) -> None:
        """Answer `then(result)` unless something newer is asked before."""
        self._next_args, self._then = args, then
        self._next()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._next_args = self._then = None

    def _next(self) -> None:
        if self._job is not None or self._next_args is None:
            return
        job = self._thread.job(self._work, *self._next_args)
        self._next_args = None
        self._job = job.on_success(self._report).on_end(self._finished).start()

    def _report(self, result: Any) -> None:
        if self._next_args is None and self._then is not None:
            self._then(result)

    def _finished(self, _outcome: str) -> None:
        self._job = None
        self._next()


class NamedJobs(QObject):
    """Long jobs by name, with how far they are.

    Signals:
        going_on: Name and `Progress`; None: it is over.
    """

    progressed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progresses: dict[str, Progress] = {}
        self._jobs: dict[str, Job] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._jobs

    def run(self, name: str, job: Job) -> None:
        """Start a job that any window may watch and stop under its name."""
        job.on_progress(partial(self._report_progress, name, job))
        job.on_end(partial(self._ended, name, job))
        self._jobs[name] = job.start()
        self._set_progress(name, Progress(0, 0))

    def cancel(self, name: str) -> None:
        """Stop one, if it runs."""
        if name in self._jobs:
            self._jobs[name].cancel()

    def forget(self) -> None:
        """Stop all, and tell nothing of them: another project is open."""
        for name, job in tuple(self._jobs.items()):
            job.cancel()
            del self._jobs[name]
            self.progresses.pop(name, None)
            self.progressed.emit(name, None)

    def is_current(self, job: Job) -> bool:
        """Whether nothing else is wanted by now."""
        return job in self._jobs.values()

    def _set_progress(self, name: str, progress: Progress) -> None:
        self.progresses[name] = progress
        self.progressed.emit(name, progress)

    def _report_progress(self, name: str, job: Job, progress: Progress) -> None:
        if self.is_current(job):
            self._set_progress(name, progress)

    def _ended(self, name: str, job: Job, _outcome: str) -> None:
        if not self.is_current(job):
            return
        self._jobs.pop(name, None)
        self.progresses.pop(name, None)
        self.progressed.emit(name, None)
