"""A section of the inspector about one selected layer of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.graph import Node
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label


class NodeSection(QWidget):
    """Hidden unless a single layer of its kind is selected.

    Args:
        studio: The window's services, theme and navigation.
        graph: The graph whose layers are shown.

    Signals:
        edit_requested: An edit and its translated name.
    """

    edit_requested = Signal(object, str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio, self._graph = studio, graph
        self._node: Node | None = None
        self.hide()

    def arrange(self, title: str, widgets: Iterable[QWidget]) -> None:
        """Show widgets below each other, under a title."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        if title:
            column.addWidget(label(title, "muted"))
        for each in widgets:
            column.addWidget(each)


def only_node(nodes: Sequence[Node], kind: str) -> Node | None:
    """The selected layer, if it is the only one, of a kind, and has its own weights."""
    (node,) = nodes if len(nodes) == 1 else (None,)
    return node if node is not None and node.kind == kind and not node.shares else None
