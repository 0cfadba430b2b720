"""The state of the Data room; outlives the room and follows the session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import translator
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.services.dataset.image_controller import ImageController
from dlstudio.ui.services.dataset.latest_job import NamedJobs
from dlstudio.ui.services.dataset.project_source import ProjectSource
from dlstudio.ui.services.dataset.source_opener import SourceOpener
from dlstudio.ui.services.dataset.table_controller import TableController
from dlstudio.ui.session import ProjectChange, Session
from dlstudio.ui.source_watcher import SourceWatcher, missing_source
from dlstudio.workers.dataset import Dataset, ExaminedDataset, IncompleteSource
from dlstudio.workers.image_files import find_changes
from dlstudio.workers.jobs import WorkerThread
from dlstudio.workers.progress import Progress
from dlstudio.workers.table_dataset import TableDataset
from dlstudio.workers.thumbnails import Thumbnails

EMPTY, OPENING, READY, FAILED = "empty", "opening", "ready", "failed"
MAX_AUTO_EXAMINED = 5_000  # images that are examined automatically


class DatasetController(QObject):
    """Opens, splits and examines the session's dataset in the background.

    Signals:
        state_changed: Emitted with "empty", "opening", "ready" or "failed".
        dataset_changed: Emitted when another dataset or its first images are available.
        changed: Emitted when `view` has new labels, splits or findings.
        examining: Emitted with a `Progress` during an examination; None at its end.
        examined_known: Emitted with an `ImageExamination` after examining every image.
        failed: Emitted with the exception of a request that changed nothing.
        changes_found: Emitted with the `FileChanges` since the files were prepared.
    """

    state_changed = Signal(str)
    dataset_changed = Signal()
    changed = Signal()
    examining = Signal(object)
    examined_known = Signal(object)
    failed = Signal(object)
    changes_found = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.state = EMPTY
        self.error: BaseException | None = None
        self._language = ""  # of the error
        self._watcher = SourceWatcher(session, self)
        self._watcher.changed.connect(self._presence_changed)
        self._source = ProjectSource(session, self)
        thread, examining = WorkerThread("data", self), WorkerThread("examine", self)
        self.files = WorkerThread("data-files", self)
        self.preparing = WorkerThread("data-prepare", self)
        self._threads = (thread, examining, self.files, self.preparing)
        self.jobs = NamedJobs(self)
        self._opener = SourceOpener(thread, self)
        self._images = ImageController(session, thread, examining, self)
        self.tables = TableController(session, thread, examining, self)
        self._connect()
        self._source.update()

    @property
    def recipe(self) -> DataRecipe:
        """The session's data recipe."""
        return self.session.project.data

    @property
    def base(self) -> Path:
        """The folder to which relative paths refer."""
        return self.session.folder or Path.cwd()

    @property
    def dataset(self) -> Dataset | None:
        """The open dataset of images; None if there is none, or a table is open."""
        return self._images.dataset

    @property
    def examined(self) -> ExaminedDataset | None:
        """The examination of every image; None before its end."""
        return self._images.examined

    @property
    def view(self) -> DatasetView | None:
        """The dataset as the recipe changes it; None if there is no dataset."""
        return self._images.view

    @property
    def thumbnails(self) -> Thumbnails:
        """Small images of the dataset."""
        return self._images.thumbnails

    @property
    def progress(self) -> Progress | None:
        """Progress of the examination; None if none is running."""
        return self._images.progress

    @property
    def busy(self) -> bool:
        """Whether any job is pending."""
        return self._images.pending or any(each.busy for each in self._threads)

    def preload(self) -> None:
        """Get ready for a drop: import what reads data, in the background."""
        if self.state == EMPTY:  # otherwise it is imported already
            self._opener.preload(self.session.catalog)

    def open(self) -> None:
        """Open the project's source again from the current files."""
        self._set_dataset(None)
        missing = missing_source(self.session)
        if missing is not None:
            self._opener.forget()
            self._open_failed(missing)
            return
        self._opener.open(self.session.catalog, self.recipe.source, self.base)

    def drop(self, paths: Sequence[Path]) -> None:
        """Recognize files and make them the project's data."""
        self._opener.recognise(self.session.catalog, paths, self.session.folder)

    def open_other(self, source: Spec) -> None:
        """Open another source, or the same read otherwise, and then use it."""
        self._opener.open_other(self.session.catalog, source, self.base)

    def drop_folder(self, folder: Path) -> None:
        """Like `drop`, for a single folder."""
        self.drop([folder])

    def cancel(self) -> None:
        """Cancel opening or examining."""
        self._opener.cancel()
        self._images.cancel()

    def examine(self) -> None:
        """Examine every image."""
        self._images.examine()

    def preview_split(self, split: Split | None) -> None:
        """Preview another split without changing the project; None ends the preview."""
        self._images.preview_split(split)

    def check_for_changes(self) -> None:
        """Check for files changed since preparation; emits `changes_found`."""
        dataset, folder = self.dataset, self.session.folder
        if dataset is None or not dataset.complete or folder is None:
            return
        job = self.files.job(find_changes, dataset, self.recipe, folder)
        job.on_success(self.changes_found.emit).start()

    def retranslate(self) -> None:
        """Regenerate the messages in the current language."""
        self._images.find()
        failed = self.state == FAILED and self._language != translator.language
        if failed or not self.tables.is_translated:
            self.open()  # what was found while reading is a text, too

    def close(self) -> bool:
        """Stop all threads; returns whether they stopped in time."""
        self._watcher.close()
        ended = [each.close() for each in (self._images, *self._threads)]
        return all(ended)

    def _connect(self) -> None:
        source, opening, images = self._source, self._opener, self._images
        source.removed.connect(self._source_removed)
        source.changed.connect(self.open)
        source.opened.connect(self._opened)
        opening.started.connect(self._began)
        opening.previewed.connect(self._preview)
        opening.opened.connect(self._opened)
        opening.open_failed.connect(self._open_failed)
        opening.recognised.connect(self._recognised)
        opening.recognition_failed.connect(self._recognition_failed)
        opening.cancelled.connect(self._restore_state)
        images.changed.connect(self.changed)
        images.examining.connect(self.examining)
        images.examined_known.connect(self.examined_known)
        images.failed.connect(self.failed)
        self.session.opened.connect(self._reset_project)
        self.session.changed.connect(self._session_changed)
        self.session.saved_changed.connect(source.update)

    # Session changes.

    def _reset_project(self) -> None:
        """Discard what was requested for the previous project."""
        self._opener.forget()
        self.jobs.forget()
        self._source.forget()

    def _presence_changed(self) -> None:
        """The source files disappeared or reappeared."""
        if self._watcher.missing or self.state == FAILED:
            self.open()

    @property
    def missing(self) -> bool:
        """Whether the source files are missing."""
        return missing_source(self.session) is not None

    def _session_changed(self, change: ProjectChange) -> None:
        self._source.update()
        before, after = change.before, change.after
        changed = before.data != after.data or before.head != after.head
        if changed and self.state == READY:
            self._images.update()

    def _source_removed(self) -> None:
        self._set_dataset(None)
        self._set_state(EMPTY)

    # Results of opening.

    def _began(self) -> None:
        self._set_state(OPENING)

    def _preview(self, first: Dataset) -> None:
        if self.state == OPENING and self.dataset is None:
            self._set_dataset(first)

    def _opened(self, dataset: Dataset | TableDataset) -> None:
        if dataset.source != self.recipe.source:
            return  # superseded by another request
        if isinstance(dataset, TableDataset):
            self._set_dataset(None)
            self.tables.show(dataset)
            self._set_state(READY)
            return
        self._set_dataset(dataset)
        self._set_state(READY)
        self._images.split()
        self.check_for_changes()
        if len(dataset) <= MAX_AUTO_EXAMINED:
            self.examine()

    def _open_failed(self, error: BaseException) -> None:
        self.error, self._language = error, translator.language
        self._set_dataset(None)
        self._set_state(FAILED)

    def _recognised(self, dataset: Dataset | TableDataset) -> None:
        # The same source: opened again, as its files may have changed.
        if dataset.source == self.recipe.source:
            self._opened(dataset)
            return
        try:
            self._source.use(dataset)
        except UserError as error:
            self.failed.emit(error)

    def _recognition_failed(self, error: BaseException) -> None:
        if isinstance(error, IncompleteSource) and error.source != self.recipe.source:
            self._source.use_incomplete(error.source)
            return
        self.failed.emit(error)
        self._restore_state()

    def _restore_state(self) -> None:
        """Restore the state from before a failed opening."""
        is_open = self.dataset is not None and self.dataset.complete
        if is_open or self.tables.dataset is not None:
            self._set_state(READY)
            return
        self._set_dataset(None)
        self._set_state(EMPTY if not self.recipe.source.kind else FAILED)

    def _set_dataset(self, dataset: Dataset | None) -> None:
        self.tables.show(None)
        self._images.show(dataset)
        self.dataset_changed.emit()
        self.changed.emit()

    def _set_state(self, state: str) -> None:
        if state != FAILED:
            self.error = None
        self.state = state
        self.state_changed.emit(state)
