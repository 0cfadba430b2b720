"""How a graph differs from another one: marked cards, and ghosts of removed layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.document.canvas.boxes import NodeBox, clamp_position, free_position
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.document.diff import GraphDiff, diff
from dlstudio.document.graph import Graph, Node
from dlstudio.document.layout import HEIGHT, WIDTH
from dlstudio.ui.model.canvas.items.canvas_style import (
    OVERVIEW_SCALE,
    CanvasStyle,
    draw_text,
    shape_text,
)
from dlstudio.ui.model.canvas.items.node_item import NodeItem

ADDED, CHANGED = "added", "changed"


class DifferenceScene(Protocol):
    """The scene interface that the difference layer depends on."""

    graph: Graph
    nodes: dict[str, NodeItem]
    canvas_style: CanvasStyle

    def boxes(self) -> Mapping[str, NodeBox]:
        """Return the boxes of all visible nodes."""

    def removeItem(self, item: QGraphicsItem, /) -> None:
        """Remove an item from the scene."""


class DifferenceLayer:
    """Marks what was added, changed and removed since another graph.

    Args:
        scene: The scene whose cards are marked.
        root: Parent item of the ghosts.
        z: The ghosts' z value.

    Attributes:
        ghosts: Items of removed layers, by id.
        found: The difference; empty while nothing is compared.
    """

    def __init__(self, scene: DifferenceScene, root: QGraphicsItem, z: float) -> None:
        self._scene = scene
        self._root = root
        self._z = z
        self._base: Graph | None = None
        self.ghosts: dict[str, GhostItem] = {}
        self.found = GraphDiff()

    def compare(self, base: Graph | None) -> None:
        """Compare with another graph, or stop comparing for None."""
        self._base = base
        self.refresh()

    def refresh(self) -> None:
        """Compare again, after a change of the graph."""
        base, graph = self._base, self._scene.graph
        if base is None and not self.found and not self.ghosts:
            return
        self.found = diff(base, graph) if base is not None else GraphDiff()
        changed = self.changed()
        for id, item in self._scene.nodes.items():
            state = ADDED if id in self.found.added else ""
            item.mark(difference=CHANGED if id in changed else state)
        for ghost in self.ghosts.values():
            self._scene.removeItem(ghost)
        self.ghosts.clear()
        boxes = list(self._scene.boxes().values())
        for id in self.found.removed if base is not None else ():
            assert base is not None
            ghost = GhostItem(base.nodes[id], self._scene.canvas_style, self._root)
            place = free_position(boxes, *clamp_position(base.nodes[id].position))
            ghost.setPos(*place)
            ghost.setZValue(self._z)
            boxes.append(NodeBox(*place))
            self.ghosts[id] = ghost

    def changed(self) -> frozenset[str]:
        """Return the nodes with other parameters or other inputs."""
        new = {*self.found.added, *self.found.removed}
        moved = (*self.found.connected, *self.found.disconnected)
        ends = {edge.target for edge in moved if edge.target not in new}
        return frozenset({*self.found.changed, *ends} & self._scene.nodes.keys())


class GhostItem(QGraphicsRectItem):
    """The outline of a removed layer where it was."""

    def __init__(
        self, node: Node, style: CanvasStyle, parent: QGraphicsItem | None
    ) -> None:
        super().__init__(-WIDTH / 2, -HEIGHT / 2, WIDTH, HEIGHT, parent)
        self.name = node.name
        self.canvas_style = style
        self._name = shape_text(node.name, style.name_font)
        self._kind = shape_text(kind_name(node.kind), style.sub_font)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def paint(
        self, painter: QPainter, _option: Option, _widget: QWidget | None = None
    ) -> None:
        style = self.canvas_style
        if style.scale < OVERVIEW_SCALE:
            return
        area: QRectF = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(style.ghost)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 7, 7)
        painter.setPen(style.bad)
        draw_text(painter, area.topLeft() + QPointF(13, 5.5), self._name)
        painter.setPen(style.muted)
        draw_text(painter, area.topLeft() + QPointF(13, 24.5), self._kind)
