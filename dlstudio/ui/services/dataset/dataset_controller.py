"""What the Data room knows: kept while rooms are made anew, following the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from dlstudio.document.analysis import ImageExamination
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.source_edits import fitting_task, use_source
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import source_title
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.services.dataset.examination import Examination
from dlstudio.ui.services.dataset.latest_job import NamedJobs
from dlstudio.ui.services.dataset.source_opener import SourceOpener
from dlstudio.ui.services.dataset.split_job import SplitJob
from dlstudio.ui.session import ProjectChange, Session
from dlstudio.ui.source_watcher import SourceWatcher, missing_source
from dlstudio.workers.dataset import (
    Dataset,
    DatasetFinding,
    DatasetSplit,
    ExaminedDataset,
    IncompleteSource,
)
from dlstudio.workers.dataset_examination import notes
from dlstudio.workers.dataset_files import FileChanges, find_changes
from dlstudio.workers.jobs import WorkerThread
from dlstudio.workers.progress import Progress
from dlstudio.workers.thumbnails import Thumbnails

EMPTY, OPENING, READY, FAILED = "empty", "opening", "ready", "failed"
MAX_AUTO_EXAMINED = 5_000  # images that are looked at without being asked to


class DatasetController(QObject):
    """Keeps the session's data open, divided and examined behind the window.

    Signals:
        state_changed: "empty", "opening", "ready" or "failed".
        dataset_changed: Another dataset is there (or its first images).
        changed: `view` is newer: labels, parts, findings.
        examining: A `Progress` while every image is looked at; None when it is over.
        examined_known: `ImageExamination`: every image was examined.
        failed: An exception of something asked for that leaves all as it was.
        changes_found: `FileChanges` of the files since they were prepared.
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
        self.dataset: Dataset | None = None
        self.examined: ExaminedDataset | None = None
        self.view: DatasetView | None = None
        self.thumbnails = Thumbnails(parent=self)
        self._watcher = SourceWatcher(session, self)
        self._watcher.changed.connect(self._source_changed)
        self._source: tuple[Spec, Path | None] | None = None
        self._thread = WorkerThread("data", self)
        self._examine_thread = WorkerThread("examine", self)
        self.files = WorkerThread("data-files", self)
        self.preparing = WorkerThread("data-prepare", self)
        self.jobs = NamedJobs(self)
        self._opener = SourceOpener(self._thread, self)
        self._examination = Examination(self._examine_thread, self)
        self._split_job = SplitJob(self._thread, self._split_inputs, self)
        self._recognised_dataset: Dataset | None = None
        self._connect()
        self._follow()

    @property
    def recipe(self) -> DataRecipe:
        """The session's recipe."""
        return self.session.project.data

    @property
    def base(self) -> Path:
        """Where relative paths begin."""
        return self.session.folder or Path.cwd()

    @property
    def progress(self) -> Progress | None:
        """How far the look at every image is; None while nobody looks."""
        return self._examination.progress

    @property
    def busy(self) -> bool:
        """Whether anything is still to be found out."""
        threads = (self._thread, self._examine_thread, self.files, self.preparing)
        return self._split_job.pending or any(thread.busy for thread in threads)

    def open(self) -> None:
        """Open the project's source again, from the files as they are now."""
        self._set_dataset(None)
        missing = missing_source(self.session)
        if missing is not None:
            self._opener.forget()
            self._open_failed(missing)
            return
        self._opener.open(self.session.catalog, self.recipe.source, self.base)

    def drop(self, paths: Sequence[Path]) -> None:
        """Find out what files are and make them the project's data."""
        self._opener.recognise(self.session.catalog, paths, self.session.folder)

    def drop_folder(self, folder: Path) -> None:
        """As `drop`, of one folder."""
        self.drop([folder])

    def cancel(self) -> None:
        """Stop opening, or looking at the images."""
        self._opener.cancel()
        self._examination.cancel()

    def examine(self) -> None:
        """Look at every image."""
        if self.dataset is not None:
            self._examination.start(self.dataset)

    def preview_split(self, split: Split | None) -> None:
        """Divide as this split would, without changing the project; None: as it is."""
        self._split_job.preview(split)

    def check_for_changes(self) -> None:
        """Whether files changed since they were prepared; told by `changes_found`."""
        if self.dataset is None or not self.dataset.complete:
            return
        if self.session.folder is None:
            return
        job = self.files.job(
            find_changes, self.dataset, self.recipe, self.session.folder
        )
        job.on_success(self._report_changes).start()

    def retranslate(self) -> None:
        """Make the sentences again, in the language of now."""
        self._find_now()

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        self._watcher.close()
        self._split_job.stop()
        threads = (self._thread, self._examine_thread, self.files, self.preparing)
        ended = [thread.close() for thread in threads]
        return all([self.thumbnails.close(), *ended])

    def _connect(self) -> None:
        opening, examination = self._opener, self._examination
        opening.started.connect(self._began)
        opening.previewed.connect(self._preview)
        opening.opened.connect(self._opened)
        opening.open_failed.connect(self._open_failed)
        opening.recognised.connect(self._recognised)
        opening.recognition_failed.connect(self._recognition_failed)
        opening.cancelled.connect(self._restore_state)
        examination.progressed.connect(self.examining)
        examination.done.connect(self._examined)
        examination.failed.connect(self.failed)
        examination.found.connect(self._found)
        self._split_job.completed.connect(self._split_computed)
        self.session.opened.connect(self._reset_project)
        self.session.changed.connect(self._session_changed)
        self.session.saved_changed.connect(self._follow)

    # Following the session.

    def _reset_project(self) -> None:
        """What was begun for the last project is not done to this one."""
        self._opener.forget()
        self.jobs.forget()
        self._source = None
        self._recognised_dataset = None

    def _source_changed(self) -> None:
        """The files went, or are there again."""
        if self._watcher.missing or self.state == FAILED:
            self.open()

    @property
    def missing(self) -> bool:
        """Whether the files are not where the project says."""
        return missing_source(self.session) is not None

    def _session_changed(self, change: ProjectChange) -> None:
        self._follow()
        if change.before.data != change.after.data and self.state == READY:
            self._show()
            self._split_job.preview(None)
            self._find_now()

    def _follow(self) -> None:
        source = self.recipe.source
        wanted = (source, self.session.folder)
        if wanted == self._source:
            return
        before, self._source = self._source, wanted
        made, self._recognised_dataset = self._recognised_dataset, None
        if not source.kind:
            self._set_dataset(None)
            self._set_state(EMPTY)
        elif made is not None and made.source == source:
            self._opened(made)
        elif before is not None and before[0] == source and self._is_absolute():
            return  # it was saved elsewhere, and its data stayed
        else:
            self.open()

    def _is_absolute(self) -> bool:
        path = self.recipe.source.params.get("path")
        return not isinstance(path, str) or Path(path).is_absolute()

    # What was opened.

    def _began(self) -> None:
        self._set_state(OPENING)

    def _preview(self, first: Dataset) -> None:
        if self.state == OPENING and self.dataset is None:
            self._set_dataset(first)

    def _opened(self, dataset: Dataset) -> None:
        if dataset.source != self.recipe.source:
            return  # another one is wanted by now
        self._set_dataset(dataset)
        self._set_state(READY)
        self._split_job.schedule()
        self.check_for_changes()
        if len(dataset) <= MAX_AUTO_EXAMINED:
            self.examine()

    def _open_failed(self, error: BaseException) -> None:
        self.error = error
        self._set_dataset(None)
        self._set_state(FAILED)

    def _recognised(self, dataset: Dataset) -> None:
        # The same source again: opened anew, for its files may have changed.
        if dataset.source == self.recipe.source:
            self._opened(dataset)
            return
        self._recognised_dataset = dataset  # it is open already
        text = self._use_text(dataset.source)
        task = fitting_task(
            self.session.catalog, self.session.project.task, dataset.multi_label
        )
        edit = use_source(dataset.source, dataset.has_splits, task)
        try:
            self.session.do(edit, text)
        except UserError as error:
            self.failed.emit(error)

    def _recognition_failed(self, error: BaseException) -> None:
        if isinstance(error, IncompleteSource) and error.source != self.recipe.source:
            # Taken all the same: what is missing is set in the room.
            text = self._use_text(error.source)
            self.session.do(use_source(error.source, False), text)
            return
        self.failed.emit(error)
        self._restore_state()

    def _use_text(self, source: Spec) -> str:
        name = source_title(source, self.session.catalog)
        return _("Use data from {name}").format(name=name)

    def _restore_state(self) -> None:
        """As it was before something was opened in vain."""
        if self.dataset is not None and self.dataset.complete:
            self._set_state(READY)
            return
        self._set_dataset(None)
        self._set_state(EMPTY if not self.recipe.source.kind else FAILED)

    def _set_dataset(self, dataset: Dataset | None) -> None:
        self._examination.forget()
        self._split_job.forget()
        self.dataset, self.examined = dataset, None
        self.thumbnails.show(dataset)
        self.view = None
        if dataset is not None:
            found = notes(dataset) if dataset.complete else ()
            self.view = DatasetView(dataset, self.recipe, found)
        self.dataset_changed.emit()
        self.changed.emit()

    def _set_state(self, state: str) -> None:
        if state != FAILED:
            self.error = None
        self.state = state
        self.state_changed.emit(state)

    # What follows from it.

    def _show(self, **newer: Any) -> None:
        """Make `view` anew from the recipe of now."""
        if self.view is not None:
            self.view = replace(self.view, recipe=self.recipe, **newer)
            self.changed.emit()

    def _split_inputs(
        self,
    ) -> tuple[Dataset | None, DataRecipe, ExaminedDataset | None]:
        return self.dataset, self.recipe, self.examined

    def _split_computed(self, dataset_split: DatasetSplit) -> None:
        self._show(dataset_split=dataset_split)

    def _examined(self, examined: ExaminedDataset) -> None:
        if examined.dataset is not self.dataset:
            return
        self.examined = examined
        source, folder = examined.dataset.source, self.session.folder
        found = examined.unreadable(), examined.mirrored
        self.examined_known.emit(ImageExamination(source, folder, *found))
        self._show(examined=examined)
        self._split_job.schedule()
        self._find_now()

    def _find_now(self) -> None:
        if self.dataset is None or not self.dataset.complete:
            return
        if self.examined is None:
            self._show(found=notes(self.dataset))
            return
        self._examination.find(self.dataset, self.examined, self.recipe)

    def _found(self, found: tuple[DatasetFinding, ...]) -> None:
        self._show(found=found)

    def _report_changes(self, changes: FileChanges) -> None:
        self.changes_found.emit(changes)
