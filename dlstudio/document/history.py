"""Undo and redo, by restoring the previous value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.project import Project

LIMIT = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An earlier project, and the name of the edit that followed."""

    project: Project
    name: str


@dataclass(frozen=True, slots=True)
class History:
    """The current project, earlier ones and undone ones."""

    project: Project
    past: tuple[HistoryEntry, ...] = ()
    future: tuple[HistoryEntry, ...] = ()
    limit: int = LIMIT

    def do(self, edit: Edit, name: str = "") -> History:
        """The history after an edit; an edit without effect adds no step.

        Raises:
            UserError: The edit does not fit; the history is unchanged.
        """
        after = edit.apply(self.project)
        if after == self.project:
            return self
        entry = HistoryEntry(self.project, name or type(edit).__name__)
        past = (*self.past, entry)[-self.limit :]
        return replace(self, project=after, past=past, future=())

    def undo(self) -> History:
        """One step back; the same history when there is none."""
        if not self.past:
            return self
        *past, entry = self.past
        redo = HistoryEntry(self.project, entry.name)
        return replace(
            self,
            project=entry.project,
            past=tuple(past),
            future=(redo, *self.future),
        )

    def redo(self) -> History:
        """One undone step forward; the same history when there is none."""
        if not self.future:
            return self
        entry, *future = self.future
        undo = HistoryEntry(self.project, entry.name)
        return replace(
            self,
            project=entry.project,
            past=(*self.past, undo),
            future=tuple(future),
        )

    @property
    def projects(self) -> Iterator[Project]:
        """The current project, earlier ones and undone ones."""
        yield self.project
        for entry in (*self.past, *self.future):
            yield entry.project

    def mapped(self, change: Callable[[Project], Project]) -> History:
        """The history in which each project is changed; no step is added.

        Args:
            change: Gives the other project.
        """

        def entries(found: Iterable[HistoryEntry]) -> tuple[HistoryEntry, ...]:
            return tuple(replace(e, project=change(e.project)) for e in found)

        return replace(
            self,
            project=change(self.project),
            past=entries(self.past),
            future=entries(self.future),
        )

    @property
    def undo_name(self) -> str:
        """Name of the edit that undo would revert, or ""."""
        return self.past[-1].name if self.past else ""

    @property
    def redo_name(self) -> str:
        """Name of the edit that redo would apply, or ""."""
        return self.future[0].name if self.future else ""
