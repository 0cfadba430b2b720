"""The zoomed-out graph: all cards and edges painted by one item."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.scene.edge_layer import EdgeLayer
from dlstudio.ui.model.canvas.scene.group_layer import GroupLayer

MARGIN = 40.0


class OverviewScene(Protocol):
    """The scene interface that the overview depends on."""

    edge_layer: EdgeLayer
    group_layer: GroupLayer
    canvas_style: CanvasStyle

    def visible(self) -> list[NodeItem]:
        """Return the visible cards: nodes and collapsed groups."""

    def content_rect(self) -> QRectF:
        """Return the area of all cards and frames; empty without nodes."""


class OverviewItem(QGraphicsItem):
    """Paints cards as boxes in their category's colour, and edges as straight lines.

    Painting a thousand items one by one takes 0.1 s; in a few batches it takes a few
    milliseconds. The minimap uses it too.
    """

    def __init__(self, scene: OverviewScene) -> None:
        super().__init__()
        self._scene = scene
        self._bounds = QRectF()
        self._cards: dict[str, list[QRectF]] | None = None
        self._lines: list[QLineF] = []
        self.setVisible(False)
        self.setZValue(20)

    def refresh(self) -> None:
        """Collect the shapes again: now if visible, else before it is shown."""
        self._cards = None
        if self.isVisible():
            self._gather()
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _gather(self) -> dict[str, list[QRectF]]:
        scene = self._scene
        cards: dict[str, list[QRectF]] = {}
        for item in scene.visible():
            color = item.card.color
            if item.card.severity == "error":
                color = "bad"
            elif item.selected:
                color = "accent"
            rect = QRectF(
                item.x_at - item.width / 2,
                item.y_at - item.height / 2,
                item.width,
                item.height,
            )
            cards.setdefault(color, []).append(rect)
        self._lines = [
            QLineF(*edge.points[0], *edge.points[-1])
            for edge in scene.edge_layer.items.values()
            if edge.points and not scene.group_layer.inside(edge.edge)
        ]
        self._cards = cards
        bounds = scene.content_rect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        return cards

    def setVisible(self, visible: bool) -> None:
        """Collect the shapes before the item becomes visible."""
        if visible and not self.isVisible():
            self._gather()
        super().setVisible(visible)

    def paint(
        self,
        painter: QPainter,
        _option: Option | None = None,
        _widget: QWidget | None = None,
    ) -> None:
        """Paint edges, then cards by colour."""
        cards = self._cards if self._cards is not None else self._gather()
        style = self._scene.canvas_style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._lines) < 300)
        pen = QPen(style.color("edge"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(self._lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, rects in cards.items():
            painter.setBrush(self._tint(color))
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _tint(self, color: str) -> QColor:
        style = self._scene.canvas_style
        return style.color(color) if color in ("bad", "accent") else style.bar(color)
