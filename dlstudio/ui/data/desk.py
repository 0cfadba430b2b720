"""What the Data room knows: kept while rooms are made anew, following the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data.edits import use_source
from dlstudio.ui.data.newest import Newest, Running
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.words import source_title
from dlstudio.ui.session import Change, Session
from dlstudio.workers.dataset import DataSet, Division, Examined, Found
from dlstudio.workers.dataset_files import Changes, find_changes
from dlstudio.workers.examining import divide, examine, findings, notes
from dlstudio.workers.jobs import Job, Lane
from dlstudio.workers.opening import open_dataset, recognise
from dlstudio.workers.progress import Progress
from dlstudio.workers.thumbnails import Thumbnails

EMPTY, OPENING, READY, FAILED = "empty", "opening", "ready", "failed"
EXAMINED_UNASKED = 5_000  # pictures that are looked at without being asked to
REST_MS = 60


class DataDesk(QObject):
    """Opens the session's data, divides and examines it behind the window.

    Signals:
        state_changed: "empty", "opening", "ready" or "failed".
        dataset_changed: Another data set is there (or its first pictures).
        changed: `shown` is newer: labels, parts, findings.
        examining: A `Progress` while every picture is looked at; None when it is over.
        failed: An exception of something asked for that leaves all as it was.
        changes_found: `Changes` of the files since they were prepared.
    """

    state_changed = Signal(str)
    dataset_changed = Signal()
    changed = Signal()
    examining = Signal(object)
    failed = Signal(object)
    changes_found = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.state = EMPTY
        self.error: BaseException | None = None
        self.dataset: DataSet | None = None
        self.examined: Examined | None = None
        self.shown: Shown | None = None
        self.thumbnails = Thumbnails(parent=self)
        self.progress: Progress | None = None
        self._source: tuple[Spec, Path | None] | None = None
        self._lane = Lane("data", self)
        self._looking = Lane("examine", self)
        self.files = Lane("data-files", self)
        self.preparing = Lane("data-prepare", self)
        self.running = Running(self)
        self._opening: Job | None = None
        self._examining: Job | None = None
        self._ready_made: DataSet | None = None
        self._dividing = Newest(self._lane, divide, self)
        self._finding = Newest(self._looking, findings, self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._divide_now)
        self._trial: Split | None = None
        session.changed.connect(self._session_changed)
        session.saved_changed.connect(self._follow)
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
    def busy(self) -> bool:
        """Whether anything is still to be found out."""
        lanes = (self._lane, self._looking, self.files, self.preparing)
        return self._rest.isActive() or any(lane.busy for lane in lanes)

    def open(self) -> None:
        """Open the project's source again, from the files as they are now."""
        self._begin(open_dataset, self.session.catalog, self.recipe.source, self.base)

    def drop(self, paths: Sequence[Path]) -> None:
        """Find out what files are and make them the project's data."""
        catalog, folder = self.session.catalog, self.session.folder
        job = self._lane.job(recognise, catalog, tuple(paths), folder)
        job.on_success(self._recognised).on_failure(self._not_recognised)
        self._start_opening(job)

    def drop_folder(self, folder: Path) -> None:
        """As `drop`, of one folder."""
        self.drop([folder])

    def cancel(self) -> None:
        """Stop opening, or looking at the pictures."""
        for job in (self._opening, self._examining):
            if job is not None:
                job.cancel()

    def examine(self) -> None:
        """Look at every picture."""
        if self.dataset is None or self._examining is not None:
            return
        job = self._looking.job(examine, self.dataset)
        job.on_success(self._looked).on_failure(self.failed.emit)
        job.on_progress(self._look_on).on_end(partial(self._looked_or_not, job))
        self._examining = job.start()
        self._look_on(Progress(0, len(self.dataset)))

    def try_split(self, split: Split | None) -> None:
        """Divide as this split would, without changing the project; None: as it is."""
        self._trial = split
        self._rest.start()

    def look_for_changes(self) -> None:
        """Whether files changed since they were prepared; told by `changes_found`."""
        if self.dataset is None or not self.dataset.complete:
            return
        if self.session.folder is None:
            return
        job = self.files.job(
            find_changes, self.dataset, self.recipe, self.session.folder
        )
        job.on_success(self._changes).start()

    def retell(self) -> None:
        """Make the sentences again, in the language of now."""
        self._find_now()

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        self._rest.stop()
        lanes = (self._lane, self._looking, self.files, self.preparing)
        ended = [lane.close() for lane in lanes]
        return all([self.thumbnails.close(), *ended])

    # Following the session.

    def _session_changed(self, change: Change) -> None:
        self._follow()
        if change.before.data != change.after.data and self.state == READY:
            self._trial = None
            self._show()
            self._rest.start()
            self._find_now()

    def _follow(self) -> None:
        source = self.recipe.source
        wanted = (source, self.session.folder)
        if wanted == self._source:
            return
        before, self._source = self._source, wanted
        made, self._ready_made = self._ready_made, None
        if not source.kind:
            self._become(None)
            self._enter(EMPTY)
        elif made is not None and made.source == source:
            self._opened(made)
        elif before is not None and before[0] == source and self._is_absolute():
            return  # it was saved elsewhere, and its data stayed
        else:
            self.open()

    def _is_absolute(self) -> bool:
        path = self.recipe.source.params.get("path")
        return not isinstance(path, str) or Path(path).is_absolute()

    # Opening.

    def _begin(self, work: Callable[..., Any], *args: Any) -> None:
        job = self._lane.job(work, *args)
        job.on_success(self._opened).on_failure(self._not_opened)
        self._become(None)
        self._start_opening(job)

    def _start_opening(self, job: Job) -> None:
        if self._opening is not None:
            self._opening.cancel()
        job.on_cancelled(partial(self._cancelled, job))
        job.on_end(partial(self._opened_or_not, job))
        job.on_progress(self._preview)
        self._opening = job.start()
        self._enter(OPENING)

    def _preview(self, first: DataSet) -> None:
        if self.state == OPENING and self.dataset is None:
            self._become(first)

    def _opened(self, dataset: DataSet) -> None:
        if dataset.source != self.recipe.source:
            return  # another one is wanted by now
        self._become(dataset)
        self._enter(READY)
        self._rest.start()
        self.look_for_changes()
        if len(dataset) <= EXAMINED_UNASKED:
            self.examine()

    def _not_opened(self, error: BaseException) -> None:
        self.error = error
        self._become(None)
        self._enter(FAILED)

    def _recognised(self, dataset: DataSet) -> None:
        # The same source again: opened anew, for its files may have changed.
        if dataset.source == self.recipe.source:
            self._opened(dataset)
            return
        self._ready_made = dataset  # it is open already
        text = _("Data from {name}").format(name=source_title(dataset.source))
        task = self._fitting_task(dataset)
        edit = use_source(dataset.source, dataset.has_splits, task)
        try:
            self.session.do(edit, text)
        except UserError as error:
            self.failed.emit(error)

    def _fitting_task(self, dataset: DataSet) -> str:
        """A task for labels like these; "" where the project's own is one."""
        catalog = self.session.catalog
        labels = "multi" if dataset.multi_label else "single"
        fits = [t.kind for t in catalog.family("tasks") if t.extra["labels"] == labels]
        return "" if self.session.project.task in fits or not fits else fits[0]

    def _not_recognised(self, error: BaseException) -> None:
        self.failed.emit(error)
        self._back()

    def _cancelled(self, job: Job, _nothing: object) -> None:
        if self._opening is job:
            self._back()

    def _back(self) -> None:
        """As it was before something was opened in vain."""
        if self.dataset is not None and self.dataset.complete:
            self._enter(READY)
            return
        self._become(None)
        self._enter(EMPTY if not self.recipe.source.kind else FAILED)

    def _opened_or_not(self, job: Job, _outcome: str) -> None:
        if self._opening is job:
            self._opening = None

    def _become(self, dataset: DataSet | None) -> None:
        if self._examining is not None:
            self._examining.cancel()
            self._examining = None
            self._look_on(None)
        self._dividing.forget()
        self._finding.forget()
        self.dataset, self.examined = dataset, None
        self.thumbnails.show(dataset)
        self.shown = None
        if dataset is not None:
            found = notes(dataset) if dataset.complete else ()
            self.shown = Shown(dataset, self.recipe, found)
        self.dataset_changed.emit()
        self.changed.emit()

    def _enter(self, state: str) -> None:
        if state != FAILED:
            self.error = None
        self.state = state
        self.state_changed.emit(state)

    # What follows from it.

    def _show(self, **newer: Any) -> None:
        """Make `shown` anew from the recipe of now."""
        if self.shown is not None:
            self.shown = replace(self.shown, recipe=self.recipe, **newer)
            self.changed.emit()

    def _divide_now(self) -> None:
        if self.dataset is None or not self.dataset.complete:
            return
        recipe = self.recipe
        if self._trial is not None:
            recipe = replace(recipe, split=self._trial)
        self._dividing.ask(self._divided, self.dataset, recipe, self.examined)

    def _divided(self, division: Division) -> None:
        self._show(division=division)

    def _look_on(self, progress: Progress | None) -> None:
        self.progress = progress
        self.examining.emit(progress)

    def _looked(self, examined: Examined) -> None:
        if examined.dataset is not self.dataset:
            return
        self.examined = examined
        self._show(examined=examined)
        self._rest.start()
        self._find_now()

    def _looked_or_not(self, job: Job, _outcome: str) -> None:
        if self._examining is job:
            self._examining = None
            self._look_on(None)

    def _find_now(self) -> None:
        if self.dataset is None or not self.dataset.complete:
            return
        if self.examined is None:
            self._show(found=notes(self.dataset))
            return
        self._finding.ask(self._found, self.dataset, self.examined, self.recipe)

    def _found(self, found: tuple[Found, ...]) -> None:
        self._show(found=found)

    def _changes(self, changes: Changes) -> None:
        self.changes_found.emit(changes)
