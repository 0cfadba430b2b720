"""The project that is open: its history, its folder, and who is told of changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.diff import GraphDiff, diff
from dlstudio.document.edits import Edit
from dlstudio.document.history import History
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project


@dataclass(frozen=True, slots=True)
class Change:
    """Two projects, one after the other, and the number of the second."""

    before: Project
    after: Project
    revision: int

    def graph(self, name: str) -> GraphDiff:
        """How one graph differs; everything is added or removed when it is new/gone."""
        from dlstudio.document.graph import Graph

        empty = Graph()
        return diff(
            self.before.graphs.get(name, empty), self.after.graphs.get(name, empty)
        )


class Session(QObject):
    """The only place where the open project changes.

    Views connect to `changed` and look at the difference; they never change the
    project but through `do`.

    Signals:
        changed: A `Change`, after every edit, undo, redo and open.
        saved_changed: Whether there are unsaved changes, or the folder, differs.
    """

    changed = Signal(object)
    saved_changed = Signal()

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.history = History(Project())
        self.folder: Path | None = None
        self.revision = 0
        self._saved: Project | None = self.history.project

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.history.project

    @property
    def unsaved(self) -> bool:
        """Whether the file on disk differs from the project."""
        return self.project != self._saved

    @property
    def at_stake(self) -> bool:
        """Whether something would be lost; an untouched empty project is nothing."""
        empty = self.project == Project(name=self.project.name)
        return self.unsaved and not (empty and not self.history.past)

    def do(self, edit: Edit, name: str = "") -> None:
        """Apply an edit as one step that can be undone, shown as `name`.

        Raises:
            UserError: The edit does not fit; nothing changes.
        """
        self._become(self.history.do(edit, name))

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        self._become(self.history.undo())

    def redo(self) -> None:
        """Do the last undone step again, if there is one."""
        self._become(self.history.redo())

    def open(self, folder: Path) -> None:
        """Open a project folder.

        Raises:
            UserError: It cannot be opened; what was open stays open.
        """
        project = load_project(folder)
        self.replace(project, folder, saved=True)

    def replace(self, project: Project, folder: Path | None, saved: bool) -> None:
        """Begin anew with another project; the history is empty.

        It is told of even where the project equals the one before: its folder, and so
        its runs and its data, are others.
        """
        self.folder = folder
        self._saved = project if saved else None
        self._become(History(project), anew=True)

    def save(self, folder: Path | None = None) -> None:
        """Write the project into its folder, or into another one from now on.

        Raises:
            UserError: It could not be written; the old file stays.
        """
        target = folder or self.folder
        assert target is not None, "a folder is chosen before the first save"
        save_project(self.project, target)
        self.folder = target
        self._saved = self.project
        self.saved_changed.emit()

    def _become(self, history: History, anew: bool = False) -> None:
        before, after = self.history.project, history.project
        was_unsaved = self.unsaved
        self.history = history
        differs = anew or before != after
        if differs:
            self.revision += 1
            self.changed.emit(Change(before, after, self.revision))
        if differs or was_unsaved != self.unsaved:
            self.saved_changed.emit()
