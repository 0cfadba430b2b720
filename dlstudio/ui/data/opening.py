"""Opening data behind the window: the project's source, or whatever was dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec
from dlstudio.workers.dataset_opener import open_dataset, recognise
from dlstudio.workers.jobs import Job, WorkerThread


class Opening(QObject):
    """One thing is opened at a time; what was begun before is cancelled.

    Signals:
        began: Something is being opened.
        previewed: The first few samples, as a `DataSet`, while others are counted.
        opened, broken: The source's `DataSet`, or the exception.
        recognised, refused: The `DataSet` of what was dropped, or the exception.
        cancelled: Nothing came of the newest.
    """

    began = Signal()
    previewed = Signal(object)
    opened = Signal(object)
    broken = Signal(object)
    recognised = Signal(object)
    refused = Signal(object)
    cancelled = Signal()

    def __init__(self, lane: WorkerThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._job: Job | None = None

    def open(self, catalog: Catalog, source: Spec, base: Path) -> None:
        """Open a source, from the files as they are now."""
        job = self._lane.job(open_dataset, catalog, source, base)
        self._start(job, self.opened.emit, self.broken.emit)

    def recognise(
        self, catalog: Catalog, paths: Sequence[Path], folder: Path | None
    ) -> None:
        """Find out what files are, and open them."""
        job = self._lane.job(recognise, catalog, tuple(paths), folder)
        self._start(job, self.recognised.emit, self.refused.emit)

    def forget(self) -> None:
        """Stop it, and tell nothing of it: another project is open."""
        self.cancel()
        self._job = None

    def cancel(self) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()

    def _start(
        self, job: Job, good: Callable[[Any], None], bad: Callable[[Any], None]
    ) -> None:
        self.cancel()
        job.on_success(partial(self._tell, job, good))
        job.on_failure(partial(self._tell, job, bad))
        job.on_progress(partial(self._tell, job, self.previewed.emit))
        job.on_cancelled(partial(self._was_cancelled, job))
        job.on_end(partial(self._ended, job))
        self._job = job.start()
        self.began.emit()

    def _tell(self, job: Job, then: Callable[[Any], None], told: Any) -> None:
        if self._job is job:  # else something else is wanted by now
            then(told)

    def _was_cancelled(self, job: Job, _nothing: object) -> None:
        if self._job is job:
            self.cancelled.emit()

    def _ended(self, job: Job, _outcome: str) -> None:
        if self._job is job:
            self._job = None
