"""Graphics items of groups: a frame behind the nodes, or one collapsed box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.document.canvas.boxes import NodeBox, frame_around
from dlstudio.document.graph import Group
from dlstudio.ui.model.canvas.items.canvas_style import (
    DETAIL_SCALE,
    OVERVIEW_SCALE,
    CanvasStyle,
    draw_text,
    shape_text,
)
from dlstudio.ui.model.canvas.items.node_item import NodeItem

HEADER_HEIGHT = 26.0


class GroupFrameItem(QGraphicsRectItem):
    """A frame around the nodes of an open group, with the group's name on top."""

    def __init__(
        self, group: Group, style: CanvasStyle, parent: QGraphicsItem | None
    ) -> None:
        super().__init__(parent)
        self.id = group.id
        self.name = group.name
        self.canvas_style = style
        self.selected = False
        self.hovered = False
        self._runs = shape_text(group.name, style.count_bold)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def surround(self, whole: NodeBox) -> None:
        """Enclose a bounding box."""
        frame = frame_around(whole)
        self.setRect(frame.left, frame.top, frame.width, frame.height)

    def box(self) -> NodeBox:
        """Return the area the frame covers."""
        rect = self.rect()
        middle = rect.center()
        return NodeBox(middle.x(), middle.y(), rect.width(), rect.height())

    def header(self) -> QRectF:
        """Return the area by which the frame can be dragged."""
        rect = self.rect()
        return QRectF(rect.left(), rect.top(), rect.width(), HEADER_HEIGHT)

    def chevron(self) -> QRectF:
        """Return the area that collapses the group when clicked."""
        header = self.header()
        return QRectF(header.left() + 4, header.top() + 3, 20, 20)

    def mark(self, **states: bool) -> None:
        """Set `selected` or `hovered`, and repaint on change."""
        changed = {k: v for k, v in states.items() if getattr(self, k) != v}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.update()

    def paint(
        self, painter: QPainter, _option: Option, _widget: QWidget | None = None
    ) -> None:
        style = self.canvas_style
        if style.scale < OVERVIEW_SCALE:
            return
        marked = self.selected or self.hovered
        painter.setPen(style.group_border_selected if marked else style.group_border)
        painter.setBrush(style.group_fill)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 10, 10)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if style.scale < DETAIL_SCALE:
            return
        header = self.header()
        pixmap = style.pixmap("mdi6.chevron-down", style.colors.text_muted, 16)
        painter.drawPixmap(header.topLeft() + QPointF(7, 6), pixmap)
        painter.setPen(style.muted)
        draw_text(painter, header.topLeft() + QPointF(26, 6), self._runs)


class CollapsedGroupItem(NodeItem):
    """One card that replaces the nodes of a collapsed group."""
