"""The open project: its history, its folder, and change notifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.diff import GraphDiff, diff
from dlstudio.document.drawing.stacked_cards import arrange_stacked
from dlstudio.document.edits.base import Edit
from dlstudio.document.graph import Graph
from dlstudio.document.history import History
from dlstudio.document.moved_project import copy_files, moved_project
from dlstudio.document.project import Project
from dlstudio.document.project_file import (
    NO_FILE,
    ProjectMissing,
    file_digest,
    read_project,
    replace_project,
)
from dlstudio.document.storage import project_file
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """Two consecutive project states and the number of the second."""

    before: Project
    after: Project
    revision: int
    _diffs: dict[str, GraphDiff] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def graph(self, name: str) -> GraphDiff:
        """The difference of one graph; a new or deleted graph differs entirely."""
        if name not in self._diffs:  # several views ask
            empty = Graph()
            before = self.before.graphs.get(name, empty)
            self._diffs[name] = diff(before, self.after.graphs.get(name, empty))
        return self._diffs[name]


class Session(QObject):
    """The only place where the open project changes.

    Views connect to `changed` and inspect the difference; they change the project only
    through `do`.

    Attributes:
        digest: Digest of the project's file as last read or written; `NO_FILE` if there
            is none yet.
        read_only: Whether another window holds the project's folder: saving is
            disabled.

    Signals:
        opened: Emitted before `changed` when another project replaces the current one,
            so that views can drop the old project's state.
        changed: Emitted with a `ProjectChange` after every edit, undo, redo and open.
        saved_changed: Emitted when the unsaved state or the folder changes.
    """

    opened = Signal()
    changed = Signal(object)
    saved_changed = Signal()

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.history = History(Project())
        self.folder: Path | None = None
        self.digest = NO_FILE
        self.read_only = False
        self.revision = 0
        self._saved: Project | None = self.history.project

    @property
    def project(self) -> Project:
        """The current project."""
        return self.history.project

    @property
    def unsaved(self) -> bool:
        """Whether the project differs from the file on disk."""
        return self.project != self._saved

    @property
    def has_unsaved_work(self) -> bool:
        """Whether work would be lost; an untouched empty project does not count."""
        empty = self.project == Project(name=self.project.name)
        return self.unsaved and not (empty and not self.history.past)

    def do(self, edit: Edit, name: str = "") -> None:
        """Apply an edit as one undoable step, displayed as `name`.

        Raises:
            UserError: The edit is invalid; nothing changes.
        """
        self._set_state(self.history.do(edit, name))

    def undo(self) -> None:
        """Undo the last step, if there is one."""
        self._set_state(self.history.undo())

    def redo(self) -> None:
        """Redo the last undone step, if there is one."""
        self._set_state(self.history.redo())

    def open(self, folder: Path, read: tuple[Project, str] | None = None) -> None:
        """Open a project folder; layers that all lie at one place are arranged.

        Args:
            folder: The folder.
            read: The project and its file's digest if it was already read; None reads
                it now.

        Raises:
            UserError: It cannot be opened; the current project stays open.
        """
        if read is None:
            project, digest = read_project(folder)
            read = arrange_stacked(project, self.catalog), digest
        self.replace(read[0], folder, saved=True, digest=read[1])

    def replace(
        self,
        project: Project,
        folder: Path | None,
        saved: bool,
        digest: str | None = None,
    ) -> None:
        """Replace the project and clear the history.

        `changed` is emitted even if the project equals the previous one: its folder,
        and so its runs and its data, differ.

        Args:
            digest: Digest of the file it was read from; None for the current file.

        Raises:
            UserError: The folder cannot be read; the current project stays open.
        """
        if digest is None:
            digest = NO_FILE if folder is None else file_digest(folder)
        another = folder is None or folder != self.folder
        self.folder = folder
        self.digest = digest
        self._saved = project if saved else None
        if another:
            self.opened.emit()
        self._set_state(History(project), replaced=True)

    def save(self, folder: Path | None = None) -> None:
        """Save the project into its folder, or into another one from now on.

        Raises:
            ProjectChanged, ProjectMissing: Another program changed, moved or removed
                the file; nothing was overwritten.
            UserError: It could not be written; the old file remains.
        """
        target = folder or self.folder
        assert target is not None, "a folder is chosen before the first save"
        own = target == self.folder
        if own and self.read_only:
            raise UserError(
                _(
                    "The project is open in another dlstudio window or process and "
                    "is read-only here."
                ),
                _("Take over the project, or save it as another one."),
            )
        if not own and project_file(target).exists():
            raise UserError(
                _("{folder} already contains a project.").format(folder=target),
                _("Choose another folder or another name."),
            )
        history = self.history if own else self._history_in(target)
        known = self.digest if own else NO_FILE
        self.digest = replace_project(history.project, target, known)
        self.folder = target
        self._saved = history.project
        self._set_state(history)
        self.saved_changed.emit()

    def _history_in(self, new: Path) -> History:
        """The history, also of what is undone, that finds its files from a folder.

        Args:
            new: Gets the files that are kept beside the project.

        Raises:
            UserError: A file cannot be copied, or another one has its name.
        """
        old = self.folder
        if old is None:
            return self.history
        copy_files(self.history.projects, old, new)
        return self.history.mapped(
            lambda project: moved_project(project, old, new, self.catalog)
        )

    def keep_mine(self) -> None:
        """Let the next save replace a file that another program changed or removed.

        Raises:
            UserError: The file cannot be read.
        """
        assert self.folder is not None, "only a file on disk can have changed"
        self.digest = file_digest(self.folder)
        self._saved = None
        self.saved_changed.emit()

    def move(self, folder: Path) -> None:
        """Update the folder after the project was moved; nothing else changes."""
        self.folder = folder
        self.saved_changed.emit()

    def set_read_only(self, on: bool) -> None:
        """Set whether another window holds the project's folder."""
        if on != self.read_only:
            self.read_only = on
            self.saved_changed.emit()

    def check_folder(self) -> None:
        """Check that the project's folder still exists, before writing next to it.

        Raises:
            ProjectMissing: The folder was moved, renamed or removed.
        """
        folder = self.folder
        if folder is None or self.digest == NO_FILE or project_file(folder).exists():
            return
        raise ProjectMissing(
            _("The project folder is no longer at {folder}.").format(folder=folder),
            _("Find the folder, or save the project as another one."),
        )

    def _set_state(self, history: History, replaced: bool = False) -> None:
        before, after = self.history.project, history.project
        was_unsaved = self.unsaved
        self.history = history
        differs = replaced or before != after
        if differs:
            self.revision += 1
            self.changed.emit(ProjectChange(before, after, self.revision))
        if differs or was_unsaved != self.unsaved:
            self.saved_changed.emit()
