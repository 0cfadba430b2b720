"""Splits the samples in the background, shortly after each change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.plan import DataRecipe, Split
from dlstudio.ui.services.dataset.latest_job import LatestJob
from dlstudio.workers.dataset import Dataset, DatasetSplit, ExaminedDataset
from dlstudio.workers.image_examination import split_dataset
from dlstudio.workers.jobs import WorkerThread

DEBOUNCE_MS = 60
SplitInputs = tuple[Dataset | None, DataRecipe, ExaminedDataset | None]


class SplitJob(QObject):
    """Computes the split of the recipe, or of a preview.

    Args:
        thread: Thread on which the split is computed.
        inputs: Returns the samples to split.

    Signals:
        completed: Emitted with a `DatasetSplit`.
    """

    completed = Signal(object)

    def __init__(
        self,
        thread: WorkerThread,
        inputs: Callable[[], SplitInputs],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._inputs = inputs
        self._preview: Split | None = None
        self._latest = LatestJob(thread, split_dataset, self)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._run)

    @property
    def pending(self) -> bool:
        """Whether a computation is scheduled."""
        return self._debounce.isActive()

    def schedule(self) -> None:
        """Recompute the split, debounced."""
        self._debounce.start()

    def preview(self, split: Split | None) -> None:
        """Preview a split; None returns to the recipe's."""
        self._preview = split
        self.schedule()

    def forget(self) -> None:
        """Discard the running computation."""
        self._latest.forget()

    def stop(self) -> None:
        """Stop scheduling."""
        self._debounce.stop()

    def _run(self) -> None:
        dataset, recipe, examined = self._inputs()
        if dataset is None or not dataset.complete:
            return
        if self._preview is not None:
            recipe = replace(recipe, split=self._preview)
        self._latest.request(self._report, dataset, recipe, examined)

    def _report(self, dataset_split: DatasetSplit) -> None:
        self.completed.emit(dataset_split)
