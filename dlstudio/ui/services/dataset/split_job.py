"""Dividing the samples behind the window, a moment after each change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.plan import DataRecipe, Split
from dlstudio.ui.services.dataset.latest_job import LatestJob
from dlstudio.workers.dataset import Dataset, DatasetSplit, ExaminedDataset
from dlstudio.workers.dataset_examination import split_dataset
from dlstudio.workers.jobs import WorkerThread

DEBOUNCE_MS = 60
SplitInputs = tuple[Dataset | None, DataRecipe, ExaminedDataset | None]


class SplitJob(QObject):
    """Divides as the recipe says, or as a preview asks.

    Signals:
        completed: A `DatasetSplit`.

    Args:
        thread: Where it is computed.
        inputs: The samples to divide.
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
        """Whether it is about to begin."""
        return self._debounce.isActive()

    def schedule(self) -> None:
        """Divide anew, a moment after the last call."""
        self._debounce.start()

    def preview(self, split: Split | None) -> None:
        """Divide as this split would; None: as the recipe says."""
        self._preview = split
        self.schedule()

    def forget(self) -> None:
        """What is being divided is of no use now."""
        self._latest.forget()

    def stop(self) -> None:
        """Begin no more."""
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
