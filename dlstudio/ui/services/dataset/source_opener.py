"""Opening data behind the window: the project's source, or whatever was dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.dataset_opener import open_dataset, recognise
from dlstudio.workers.jobs import Job, ReportingJob, WorkerThread

T = TypeVar("T")


class SourceOpener(QObject):
    """One thing is opened at a time; what was begun before is cancelled.

    Signals:
        started: Something is being opened.
        previewed: The first few samples, as a `DataSet`, while others are counted.
        opened, open_failed: The source's `DataSet`, or the exception.
        recognised, recognition_failed: The dropped `DataSet`, or the exception.
        cancelled: Nothing came of the newest.
    """

    started = Signal()
    previewed = Signal(object)
    opened = Signal(object)
    open_failed = Signal(object)
    recognised = Signal(object)
    recognition_failed = Signal(object)
    cancelled = Signal()

    def __init__(self, thread: WorkerThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = thread
        self._job: Job[Dataset] | None = None

    def open(self, catalog: Catalog, source: Spec, base: Path) -> None:
        """Open a source, from the files as they are now.

        Args:
            catalog: Describes the sources.
            source: Kind and parameters.
            base: The folder where relative paths start.
        """
        job = self._thread.job(open_dataset, catalog, source, base)
        self._start(job, self.opened.emit, self.open_failed.emit)

    def recognise(
        self, catalog: Catalog, paths: Sequence[Path], folder: Path | None
    ) -> None:
        """Find out what dropped or chosen files are, and open them.

        Args:
            catalog: Describes the sources.
            paths: Files or folders.
            folder: The project's; None before it is saved.
        """
        job = self._thread.job(recognise, catalog, tuple(paths), folder)
        self._start(job, self.recognised.emit, self.recognition_failed.emit)

    def forget(self) -> None:
        """Stop it, and tell nothing of it: another project is open."""
        self.cancel()
        self._job = None

    def cancel(self) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()

    def _start(
        self,
        job: ReportingJob[Dataset, Dataset],
        good: Callable[[Dataset], None],
        bad: Callable[[Exception], None],
    ) -> None:
        self.cancel()
        job.on_success(partial(self._forward, job, good))
        job.on_failure(partial(self._forward, job, bad))
        job.on_progress(partial(self._forward, job, self.previewed.emit))
        job.on_cancelled(partial(self._was_cancelled, job))
        job.on_end(partial(self._ended, job))
        self._job = job.start()
        self.started.emit()

    def _forward(self, job: Job[Dataset], then: Callable[[T], None], result: T) -> None:
        if self._job is job:  # else something else is wanted by now
            then(result)

    def _was_cancelled(self, job: Job[Dataset], _nothing: object) -> None:
        if self._job is job:
            self.cancelled.emit()

    def _ended(self, job: Job[Dataset], _outcome: str) -> None:
        if self._job is job:
            self._job = None
