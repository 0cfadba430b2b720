"""Base of jobs on a project's runs that keep their latest result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import Job, ReportingJob
from dlstudio.workers.model_cache import RunReference

T = TypeVar("T")
E = TypeVar("E")
V = TypeVar("V")


class ProjectJob(QObject, Generic[T, E]):
    """Base class of work on the open project's runs; outlives the rooms.

    Events and results are dropped once another project is open. Subclasses have a
    method that creates a job and calls `_begin`, and override `_reported` where they
    handle events of type E.

    Args:
        session: The session with the open project.
        engine: Runs the jobs.
        notices: Reports failures.
        topic: Topic of the notices, resolved when the next job begins.

    Attributes:
        found: The latest result; None if there is none.

    Signals:
        changed: Emitted when a job begins or ends, or its state changes.
        found_changed: Emitted when the result is replaced or cleared.
    """

    changed = Signal()
    found_changed = Signal()

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, topic: str
    ) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        self._topic = topic
        self.found: T | None = None
        self._folder: Path | None = None
        self._jobs: list[Job[T | None]] = []

    @property
    def running(self) -> bool:
        """Whether a job is waiting or running."""
        return bool(self._jobs)

    def set_project(self, folder: Path | None) -> None:
        """Discard the state of another project."""
        if folder != self._folder:
            self._folder = folder
            self.stop()
            self._jobs.clear()
            self._forget()
            self._set_found(None)
            self.changed.emit()

    def stop(self) -> None:
        """Cancel the jobs; the latest result remains."""
        for job in self._jobs:
            job.cancel()

    def _reference(self, run: str) -> RunReference:
        """Reference to a run of the open project."""
        folder = self._session.folder
        assert folder is not None, "there is no run without a project"
        self.set_project(folder)
        return RunReference(self._session.catalog, folder, run)

    def _begin(self, job: ReportingJob[T | None, E]) -> None:
        job.on_success(partial(self._if_current, job, self._succeeded))
        job.on_failure(partial(self._if_current, job, self._failed))
        job.on_cancelled(partial(self._if_current, job, self._cancelled))
        job.on_progress(partial(self._if_current, job, self._reported))
        job.on_end(partial(self._ended, job))
        self._jobs.append(job.start())
        self._notices.resolve(self._topic)
        self.changed.emit()

    def _if_current(
        self, job: Job[T | None], callback: Callable[[V], None], value: V
    ) -> None:
        if job in self._jobs:  # otherwise its project is no longer open
            callback(value)

    def _forget(self) -> None:
        """Reset additional state when another project is opened."""

    def _reported(self, event: E) -> None:
        """Called with each event of a job that is shown; ignored by default."""

    def _succeeded(self, found: T | None) -> None:
        self._set_found(found)

    def _failed(self, error: Exception) -> None:
        self._notices.error(error, topic=self._topic)

    def _cancelled(self, _nothing: None) -> None:
        """Called when a cancelled job has ended."""

    def _set_found(self, found: T | None) -> None:
        self.found = found
        self.found_changed.emit()

    def _ended(self, job: Job[T | None], _outcome: str) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self.changed.emit()
