"""Looking at every image behind the window, and what that comes to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from dlstudio.document.plan import DataRecipe
from dlstudio.ui.services.dataset.latest_job import LatestJob
from dlstudio.workers.dataset import Dataset, DatasetFinding, ExaminedDataset
from dlstudio.workers.dataset_examination import examine, findings, notes
from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.progress import Progress


class Examination(QObject):
    """One dataset is examined at a time; findings are made anew for each recipe.

    Signals:
        progressed: A `Progress`; None when it is over.
        done: An `ExaminedDataset`.
        failed: The exception.
        found: A tuple of `DatasetFinding`, for the newest recipe.
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
        """Look at every image, unless somebody does."""
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
        """Find what is wrong with the data under a recipe; `found` is emitted with it.

        Args:
            dataset: As its source gave it.
            examined: What was found in each of its files; None before that.
            recipe: What is excluded, relabelled and moved.
        """
        if examined is None:
            self.found.emit(notes(dataset))
            return
        self._latest_findings.request(self._found, dataset, examined, recipe)

    def cancel(self) -> None:
        """Look no further."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """There is another dataset: nothing of this one is wanted any more."""
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
