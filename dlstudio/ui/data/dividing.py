"""Dividing the samples behind the window, a moment after each change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.plan import DataRecipe, Split
from dlstudio.ui.data.newest import Newest
from dlstudio.workers.dataset import Dataset, DatasetSplit, ExaminedDataset
from dlstudio.workers.dataset_examination import split_dataset
from dlstudio.workers.jobs import WorkerThread

REST_MS = 60
Ground = Callable[[], tuple[Dataset | None, DataRecipe, ExaminedDataset | None]]


class Dividing(QObject):
    """Divides as the recipe says, or as somebody tries.

    Args:
        ground: What there is to divide when the rest is over.

    Signals:
        divided: A `DatasetSplit`.
    """

    divided = Signal(object)

    def __init__(
        self, lane: WorkerThread, ground: Ground, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ground = ground
        self._trial: Split | None = None
        self._newest = Newest(lane, split_dataset, self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._divide)

    @property
    def resting(self) -> bool:
        """Whether it is about to begin."""
        return self._rest.isActive()

    def soon(self) -> None:
        """Divide anew, a moment after the last call."""
        self._rest.start()

    def attempt(self, split: Split | None) -> None:
        """Divide as this split would; None: as the recipe says."""
        self._trial = split
        self.soon()

    def forget(self) -> None:
        """What is being divided is of no use now."""
        self._newest.forget()

    def stop(self) -> None:
        """Begin no more."""
        self._rest.stop()

    def _divide(self) -> None:
        dataset, recipe, examined = self._ground()
        if dataset is None or not dataset.complete:
            return
        if self._trial is not None:
            recipe = replace(recipe, split=self._trial)
        self._newest.ask(self._answer, dataset, recipe, examined)

    def _answer(self, division: DatasetSplit) -> None:
        self.divided.emit(division)
