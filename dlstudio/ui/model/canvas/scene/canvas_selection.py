"""The selection of a canvas: nodes, or one edge."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from dlstudio.document.graph import Edge, Graph


class CanvasSelection(QObject):
    """The selected node ids in order of selection, or one selected edge.

    Signals:
        changed: The selected ids, after every change.
    """

    changed = Signal(tuple)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()
        self.edge: Edge | None = None

    @property
    def current(self) -> str | None:
        """The node selected last."""
        return self.ids[-1] if self.ids else None

    def set(self, ids: Iterable[str], edge: Edge | None = None) -> None:
        """Select exactly these nodes, or this edge."""
        wanted = tuple(dict.fromkeys(ids))
        if (wanted, edge) != (self.ids, self.edge):
            self.ids, self.edge = wanted, edge
            self.changed.emit(wanted)

    def add(self, ids: Iterable[str]) -> None:
        """Add nodes to the selection."""
        self.set((*self.ids, *ids))

    def toggle(self, ids: Iterable[str]) -> None:
        """Select these nodes too, or deselect them if all are selected."""
        wanted = tuple(ids)
        if set(wanted) <= set(self.ids):
            self.set(id for id in self.ids if id not in wanted)
        else:
            self.set((*(id for id in self.ids if id not in wanted), *wanted))

    def clear(self) -> None:
        """Deselect all nodes and the edge."""
        self.set(())

    def prune(self, graph: Graph) -> None:
        """Deselect whatever is no longer in the graph."""
        edge = self.edge if self.edge in graph.edges else None
        self.set((id for id in self.ids if id in graph.nodes), edge)
