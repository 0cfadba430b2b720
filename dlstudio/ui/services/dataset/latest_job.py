"""Jobs of which only the latest counts, and named jobs shared by all windows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Concatenate, Generic, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from dlstudio.workers.jobs import Job, JobContext, ReportingJob, WorkerThread
from dlstudio.workers.progress import Progress

P = ParamSpec("P")
T = TypeVar("T")


class LatestJob(QObject, Generic[P, T]):
    """Runs one job at a time; of the requests in between, only the latest one."""

    def __init__(
        self,
        thread: WorkerThread,
        work: Callable[Concatenate[JobContext, P], T],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._thread = thread
        self._work = work
        self._wanted: Callable[[JobContext], T] | None = None
        self._then: Callable[[T], None] | None = None
        self._job: Job[T] | None = None

    def request(
        self, then: Callable[[T], None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run a job and call `then(result)`, unless superseded by a newer request."""
        work = self._work
        self._wanted = lambda context: work(context, *args, **kwargs)
        self._then = then
        self._next()

    def forget(self) -> None:
        """Discard all requests."""
        self._wanted = self._then = None

    def _next(self) -> None:
        if self._job is not None or self._wanted is None:
            return
        job = self._thread.job(self._wanted)
        self._wanted = None
        self._job = job.on_success(self._report).on_end(self._finished).start()

    def _report(self, result: T) -> None:
        if self._wanted is None and self._then is not None:
            self._then(result)

    def _finished(self, _outcome: str) -> None:
        self._job = None
        self._next()


class NamedJobs(QObject):
    """Long jobs by name, with their progress.

    Signals:
        progressed: Emitted with name and `Progress`; None at the end.
    """

    progressed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progresses: dict[str, Progress] = {}
        self._jobs: dict[str, Job[object]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._jobs

    def run(self, name: str, job: ReportingJob[object, Progress]) -> None:
        """Start a job that any window can observe and cancel by its name."""
        job.on_progress(partial(self._report_progress, name, job))
        job.on_end(partial(self._ended, name, job))
        self._jobs[name] = job.start()
        self._set_progress(name, Progress(0, 0))

    def cancel(self, name: str) -> None:
        """Cancel a job if it is running."""
        if name in self._jobs:
            self._jobs[name].cancel()

    def forget(self) -> None:
        """Cancel all jobs without emitting anything: another project is open."""
        for name, job in tuple(self._jobs.items()):
            job.cancel()
            del self._jobs[name]
            self.progresses.pop(name, None)
            self.progressed.emit(name, None)

    def is_current(self, job: Job[object]) -> bool:
        """Whether the job has not been superseded."""
        return job in self._jobs.values()

    def _set_progress(self, name: str, progress: Progress) -> None:
        self.progresses[name] = progress
        self.progressed.emit(name, progress)

    def _report_progress(self, name: str, job: Job[object], progress: Progress) -> None:
        if self.is_current(job):
            self._set_progress(name, progress)

    def _ended(self, name: str, job: Job[object], _outcome: str) -> None:
        if not self.is_current(job):
            return
        self._jobs.pop(name, None)
        self.progresses.pop(name, None)
        self.progressed.emit(name, None)
