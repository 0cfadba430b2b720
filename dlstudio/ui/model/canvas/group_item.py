"""A group: a frame behind its nodes, or one box in their place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.document.graph import Group
from dlstudio.i18n import ngettext
from dlstudio.ui.model.canvas.boxes import Box, framed
from dlstudio.ui.model.canvas.face import Face
from dlstudio.ui.model.canvas.look import FAR, NEAR, Look, draw, runs
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.summary_text import count_text

HEADER = 26.0
BOX_COLOR = "#64748b"


class GroupFrame(QGraphicsRectItem):
    """A soft frame around the nodes of an open group, with its name above them."""

    def __init__(self, group: Group, look: Look, parent: QGraphicsItem | None) -> None:
        super().__init__(parent)
        self.id = group.id
        self.name = group.name
        self.look = look
        self.selected = False
        self.hovered = False
        self._runs = runs(group.name, look.count_bold)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def surround(self, whole: Box) -> None:
        """Stand around the nodes."""
        frame = framed(whole)
        self.setRect(frame.left, frame.top, frame.width, frame.height)

    def box(self) -> Box:
        """What it covers."""
        rect = self.rect()
        middle = rect.center()
        return Box(middle.x(), middle.y(), rect.width(), rect.height())

    def header(self) -> QRectF:
        """Where it is taken hold of."""
        rect = self.rect()
        return QRectF(rect.left(), rect.top(), rect.width(), HEADER)

    def chevron(self) -> QRectF:
        """Where a click folds it."""
        header = self.header()
        return QRectF(header.left() + 4, header.top() + 3, 20, 20)

    def mark(self, **states: bool) -> None:
        """Set `selected` or `hovered`, and repaint if it differs."""
        changed = {k: v for k, v in states.items() if getattr(self, k) != v}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.update()

    def paint(
        self, painter: QPainter, _option: Option, _widget: QWidget | None = None
    ) -> None:
        """Draw the frame, and the name where it can be read."""
        look = self.look
        if look.scale < FAR:
            return
        marked = self.selected or self.hovered
        painter.setPen(look.group_edge_selected if marked else look.group_edge)
        painter.setBrush(look.group_ground)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 10, 10)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if look.scale < NEAR:
            return
        header = self.header()
        picture = look.picture("mdi6.chevron-down", look.colors.text_muted, 16)
        painter.drawPixmap(header.topLeft() + QPointF(7, 6), picture)
        painter.setPen(look.muted)
        draw(painter, header.topLeft() + QPointF(26, 6), self._runs)


class GroupBox(NodeItem):
    """A folded group: one card in the place of its nodes."""

    def show_group(
        self,
        group: Group,
        count: int,
        parameters: int,
        share: float,
        ports: tuple[int, int],
        error: bool,
    ) -> None:
        """Show name, number of nodes and weights.

        Args:
            count: Number of nodes, also of those in groups inside it.
            ports: Numbers of ports in and out.
        """
        title = ngettext("{count} layer", "{count} layers", count)
        self.show_face(
            Face(
                name=group.name,
                title=title.format(count=count),
                color=BOX_COLOR,
                count=count_text(parameters) if parameters else "",
                share=share,
                nested=True,
                severity="error" if error else None,
                inputs=ports[0],
                main=max(1, ports[0]),
                outputs=ports[1],
            )
        )
