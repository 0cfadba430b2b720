"""Opens data in the background: the project's source, or dropped files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.dataset_opener import load_readers, open_dataset, recognise
from dlstudio.workers.jobs import Job, ReportingJob, WorkerThread
from dlstudio.workers.table_dataset import TableDataset

T = TypeVar("T")
OpenedData = Dataset | TableDataset


class SourceOpener(QObject):
    """Opens one source at a time; a new request cancels the previous one.

    Signals:
        started: Emitted when opening starts.
        previewed: Emitted with a `Dataset` of the first samples while loading.
        opened, open_failed: Emitted with the source's `Dataset` or
            `TableDataset`, or the exception.
        recognised, recognition_failed: The same for dropped files.
        cancelled: Emitted when the latest request was cancelled.
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
        self._job: Job[OpenedData] | None = None

    def preload(self, catalog: Catalog) -> None:
        """Import the readers of all sources before they are needed."""
        self._thread.job(load_readers, catalog).start()

    def open(self, catalog: Catalog, source: Spec, base: Path) -> None:
        """Open a source from the current files.

        Args:
            catalog: Describes the sources.
            source: Kind and parameters.
            base: Folder to which relative paths refer.
        """
        job = self._thread.job(open_dataset, catalog, source, base)
        self._start(job, self.opened.emit, self.open_failed.emit)

    def open_other(self, catalog: Catalog, source: Spec, base: Path) -> None:
        """Open a source that is to replace the project's; reported as recognised.

        Args:
            catalog: Describes the sources.
            source: Kind and parameters.
            base: Folder to which relative paths refer.
        """
        job = self._thread.job(open_dataset, catalog, source, base)
        self._start(job, self.recognised.emit, self.recognition_failed.emit)

    def recognise(
        self, catalog: Catalog, paths: Sequence[Path], folder: Path | None
    ) -> None:
        """Recognize dropped or chosen files and open them.

        Args:
            catalog: Describes the sources.
            paths: Files or folders.
            folder: Folder of the project; None if it was never saved.
        """
        job = self._thread.job(recognise, catalog, tuple(paths), folder)
        self._start(job, self.recognised.emit, self.recognition_failed.emit)

    def forget(self) -> None:
        """Cancel silently: another project is open."""
        self.cancel()
        self._job = None

    def cancel(self) -> None:
        """Cancel opening."""
        if self._job is not None:
            self._job.cancel()

    def _start(
        self,
        job: ReportingJob[OpenedData, Dataset],
        good: Callable[[OpenedData], None],
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

    def _forward(
        self, job: Job[OpenedData], then: Callable[[T], None], result: T
    ) -> None:
        if self._job is job:  # otherwise superseded by another request
            then(result)

    def _was_cancelled(self, job: Job[OpenedData], _nothing: object) -> None:
        if self._job is job:
            self.cancelled.emit()

    def _ended(self, job: Job[OpenedData], _outcome: str) -> None:
        if self._job is job:
            self._job = None
