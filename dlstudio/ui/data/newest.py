"""Jobs of which only the newest counts, and jobs that any window may watch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.progress import Progress


class Newest(QObject):
    """Runs one job at a time; of those asked for meanwhile, only the newest."""

    def __init__(
        self, lane: WorkerThread, work: Callable[..., Any], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._work = work
        self._wanted: tuple[Any, ...] | None = None
        self._then: Callable[[Any], None] | None = None
        self._job: Job | None = None

    def ask(self, then: Callable[[Any], None], *args: Any) -> None:
        """Answer `then(result)` unless something newer is asked before."""
        self._wanted, self._then = args, then
        self._next()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = self._then = None

    def _next(self) -> None:
        if self._job is not None or self._wanted is None:
            return
        job = self._lane.job(self._work, *self._wanted)
        self._wanted = None
        self._job = job.on_success(self._answer).on_end(self._over).start()

    def _answer(self, result: Any) -> None:
        if self._wanted is None and self._then is not None:
            self._then(result)

    def _over(self, _outcome: str) -> None:
        self._job = None
        self._next()


class Running(QObject):
    """Long jobs by name, with how far they are.

    Signals:
        going_on: Name and `Progress`; None: it is over.
    """

    going_on = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progresses: dict[str, Progress] = {}
        self._jobs: dict[str, Job] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._jobs

    def run(self, name: str, job: Job) -> None:
        """Start a job that any window may watch and stop under its name."""
        job.on_progress(partial(self._told, name, job))
        job.on_end(partial(self._gone_by, name, job))
        self._jobs[name] = job.start()
        self._going_on(name, Progress(0, 0))

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
            self.going_on.emit(name, None)

    def is_wanted(self, job: Job) -> bool:
        """Whether nothing else is wanted by now."""
        return job in self._jobs.values()

    def _going_on(self, name: str, progress: Progress) -> None:
        self.progresses[name] = progress
        self.going_on.emit(name, progress)

    def _told(self, name: str, job: Job, progress: Progress) -> None:
        if self.is_wanted(job):
            self._going_on(name, progress)

    def _gone_by(self, name: str, job: Job, _outcome: str) -> None:
        if not self.is_wanted(job):
            return
        self._jobs.pop(name, None)
        self.progresses.pop(name, None)
        self.going_on.emit(name, None)
