"""The open dataset of images: what its recipe makes of it, kept up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.groups_of_findings import ABOUT_CLASSES
from dlstudio.document.analysis import ImageExamination
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.services.dataset.examination import Examination
from dlstudio.ui.services.dataset.split_job import SplitInputs, SplitJob
from dlstudio.ui.session import Session
from dlstudio.workers.dataset import (
    Dataset,
    DatasetFinding,
    DatasetSplit,
    ExaminedDataset,
)
from dlstudio.workers.image_examination import notes
from dlstudio.workers.jobs import WorkerThread
from dlstudio.workers.progress import Progress
from dlstudio.workers.thumbnails import Thumbnails


class ImageController(QObject):
    """Splits and examines a dataset of images by the session's recipe.

    Args:
        session: With the open project.
        opening: Thread on which data is opened.
        examining: Thread for work that takes longer.

    Signals:
        changed: Emitted when `view` has new labels, splits or findings.
        examining: Emitted with a `Progress` during an examination; None at its end.
        examined_known: Emitted with an `ImageExamination` after examining every image.
        failed: Emitted with the exception of an examination that failed.
    """

    changed = Signal()
    examining = Signal(object)
    examined_known = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        session: Session,
        opening: WorkerThread,
        examining: WorkerThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.dataset: Dataset | None = None
        self.examined: ExaminedDataset | None = None
        self.view: DatasetView | None = None
        self.thumbnails = Thumbnails(parent=self)
        self._examination = Examination(examining, self)
        self._split_job = SplitJob(opening, self._split_inputs, self)
        self._examination.progressed.connect(self.examining)
        self._examination.done.connect(self._set_examined)
        self._examination.failed.connect(self.failed)
        self._examination.found.connect(self._found)
        self._split_job.completed.connect(self._split_computed)

    @property
    def progress(self) -> Progress | None:
        """Progress of the examination; None if none is running."""
        return self._examination.progress

    @property
    def pending(self) -> bool:
        """Whether a split is about to be computed."""
        return self._split_job.pending

    def show(self, dataset: Dataset | None) -> None:
        """Use another dataset without reporting it; None for none."""
        self._examination.forget()
        self._split_job.forget()
        self.dataset, self.examined = dataset, None
        self.thumbnails.show(dataset)
        self.view = None
        if dataset is not None:
            found = self._relevant(notes(dataset)) if dataset.complete else ()
            self.view = DatasetView(dataset, self._recipe, found)

    def update(self) -> None:
        """Apply the recipe again, which has changed; ends the preview of a split."""
        self._show()
        self._split_job.preview(None)
        self.find()

    def split(self) -> None:
        """Split the samples soon."""
        self._split_job.schedule()

    def preview_split(self, split: Split | None) -> None:
        """Preview another split without changing the project; None ends the preview."""
        self._split_job.preview(split)

    def examine(self) -> None:
        """Examine every image."""
        if self.dataset is not None:
            self._examination.start(self.dataset)

    def cancel(self) -> None:
        """Cancel examining."""
        self._examination.cancel()

    def find(self) -> None:
        """Update the findings; also after a change of the language."""
        if self.dataset is not None and self.dataset.complete:
            self._examination.find(self.dataset, self.examined, self._recipe)

    def close(self) -> bool:
        """Stop scheduling and decoding; returns whether it stopped in time."""
        self._split_job.stop()
        return self.thumbnails.close()

    @property
    def _recipe(self) -> DataRecipe:
        return self._session.project.data

    def _show(self, **newer: Any) -> None:
        """Update `view` from the current recipe."""
        if self.view is not None:
            self.view = replace(self.view, recipe=self._recipe, **newer)
            self.changed.emit()

    def _split_inputs(self) -> SplitInputs:
        return self.dataset, self._recipe, self.examined

    def _split_computed(self, dataset_split: DatasetSplit) -> None:
        self._show(dataset_split=dataset_split)

    def _set_examined(self, examined: ExaminedDataset) -> None:
        if examined.dataset is not self.dataset:
            return
        self.examined = examined
        source, folder = examined.dataset.source, self._session.folder
        found = examined.unreadable(), examined.mirrored
        self.examined_known.emit(ImageExamination(source, folder, *found))
        self._show(examined=examined)
        self.split()
        self.find()

    def _found(self, found: tuple[DatasetFinding, ...]) -> None:
        self._show(found=self._relevant(found))

    def _relevant(
        self, found: tuple[DatasetFinding, ...]
    ) -> tuple[DatasetFinding, ...]:
        """Findings without those about classes if the model uses no labels."""
        head = self._session.catalog.get(self._session.project.head)
        if head is None or not head.extra.get("of_input"):
            return found
        return tuple(each for each in found if each.kind not in ABOUT_CLASSES)
