"""Looking at every picture behind the window, and what that comes to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from dlstudio.document.plan import DataRecipe
from dlstudio.ui.data.newest import Newest
from dlstudio.workers.dataset import Dataset, DatasetFinding, ExaminedDataset
from dlstudio.workers.dataset_examination import examine, findings
from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.progress import Progress


class Examination(QObject):
    """One data set is examined at a time; findings are made anew for each recipe.

    Signals:
        went_on: A `Progress`; None when it is over.
        done: An `ExaminedDataset`.
        failed: The exception.
        found: A tuple of `DatasetFinding`, for the newest recipe.
    """

    went_on = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    found = Signal(object)

    def __init__(self, lane: WorkerThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._job: Job | None = None
        self.progress: Progress | None = None
        self._finding = Newest(lane, findings, self)

    def start(self, dataset: Dataset) -> None:
        """Look at every picture, unless somebody does."""
        if self._job is not None:
            return
        job = self._lane.job(examine, dataset)
        job.on_success(self.done.emit).on_failure(self.failed.emit)
        job.on_progress(self._go_on).on_end(partial(self._ended, job))
        self._job = job.start()
        self._go_on(Progress(0, len(dataset)))

    def find(
        self, dataset: Dataset, examined: ExaminedDataset, recipe: DataRecipe
    ) -> None:
        """Find out what is wrong under a recipe."""
        self._finding.ask(self._found, dataset, examined, recipe)

    def cancel(self) -> None:
        """Look no further."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """There is another data set: nothing of this one is wanted any more."""
        self._finding.forget()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._go_on(None)

    def _found(self, found: tuple[DatasetFinding, ...]) -> None:
        self.found.emit(found)

    def _go_on(self, progress: Progress | None) -> None:
        self.progress = progress
        self.went_on.emit(progress)

    def _ended(self, job: Job, _outcome: str) -> None:
        if self._job is job:
            self._job = None
            self._go_on(None)
