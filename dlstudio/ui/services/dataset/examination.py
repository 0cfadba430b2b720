"""Examines every image in the background and derives findings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from dlstudio.document.plan import DataRecipe
from dlstudio.ui.services.dataset.latest_job import LatestJob
from dlstudio.workers.dataset import Dataset, DatasetFinding, ExaminedDataset
from dlstudio.workers.image_examination import examine, findings, notes
from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.progress import Progress


class Examination(QObject):
    """Examines one dataset at a time; findings are updated for each recipe.

    Signals:
        progressed: Emitted with a `Progress`; None at the end.
        done: Emitted with an `ExaminedDataset`.
        failed: Emitted with the exception.
        found: Emitted with a tuple of `DatasetFinding` for the latest recipe.
    """

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    found = Signal(object)

    def __init__(self, thread: WorkerThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = thread
        self._job: Job[ExaminedDataset] | None = None
        self.progress: Progress | None = None
        self._latest_findings = LatestJob(thread, findings, self)

    def start(self, dataset: Dataset) -> None:
        """Examine every image, unless an examination is running."""
        if self._job is not None:
            return
        job = self._thread.job(examine, dataset)
        job.on_success(self.done.emit).on_failure(self.failed.emit)
        job.on_progress(self._set_progress).on_end(partial(self._ended, job))
        self._job = job.start()
        self._set_progress(Progress(0, len(dataset)))

    def find(
        self, dataset: Dataset, examined: ExaminedDataset | None, recipe: DataRecipe
    ) -> None:
        """Find problems in the data under a recipe; emits `found`.

        Args:
            dataset: The dataset as read from its source.
            examined: The examination of its files; None before that.
            recipe: Excluded, relabelled and moved samples.
        """
        if examined is None:
            self.found.emit(notes(dataset))
            return
        self._latest_findings.request(self._found, dataset, examined, recipe)

    def cancel(self) -> None:
        """Stop examining; remaining images are skipped."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """Discard all pending work: there is another dataset."""
        self._latest_findings.forget()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._set_progress(None)

    def _found(self, found: tuple[DatasetFinding, ...]) -> None:
        self.found.emit(found)

    def _set_progress(self, progress: Progress | None) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    def _ended(self, job: Job[ExaminedDataset], _outcome: str) -> None:
        if self._job is job:
            self._job = None
            self._set_progress(None)
