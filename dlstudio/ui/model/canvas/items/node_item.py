"""The graphics item of a node: its card, state and port positions."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.canvas.card_geometry import (
    card_width,
    input_offset,
    output_offset,
    port_shift,
)
from dlstudio.document.canvas.edge_routing import Point
from dlstudio.document.canvas.node_card import NodeCardModel
from dlstudio.document.layout import HEIGHT, WIDTH
from dlstudio.ui.model.canvas.items.canvas_style import (
    DETAIL_SCALE,
    OVERVIEW_SCALE,
    CanvasStyle,
)
from dlstudio.ui.model.canvas.items.card_painter import CardPainter
from dlstudio.ui.model.canvas.items.card_pixmaps import CARD_MARGIN


class NodeItem(QGraphicsRectItem):
    """A card with name, kind and parameters, and a narrow colour bar.

    Its position is the centre of the card. The scene sets the `NodeCardModel` it shows.

    Attributes:
        target: 1 for a valid target of the edge being drawn, -1 for an invalid one.
        found: Whether the find bar highlights the node.
        difference: "added" or "changed" while the graph is compared with another one.
    """

    def __init__(
        self, id: str, style: CanvasStyle, parent: QGraphicsItem | None
    ) -> None:
        super().__init__(parent)
        self.id = id
        self.canvas_style = style
        self.card = NodeCardModel("", "", "")
        self.x_at = 0.0  # its centre; ten times faster than reading it from Qt
        self.y_at = 0.0
        self.width = WIDTH
        self.height = HEIGHT
        self._box = NodeBox(0.0, 0.0)
        self.selected = False
        self.hovered = False
        self.target = 0
        self.port_shift = 0.0  # offset that puts one input port under its source
        self.found = False
        self.difference = ""
        self._card_painter = CardPainter(self.card, style)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def show_card(self, card: NodeCardModel) -> bool:
        """Show other contents and return whether the ports moved."""
        if card == self.card:
            return False
        before = self._ports_key()
        self.card = card
        self._card_painter = CardPainter(card, self.canvas_style)
        self.width = card_width(self._card_painter.preferred_width())
        self._box = self._box._replace(width=self.width)
        left, top = -self.width / 2 - CARD_MARGIN, -self.height / 2 - CARD_MARGIN
        self.setRect(
            left, top, self.width + 2 * CARD_MARGIN, self.height + 2 * CARD_MARGIN
        )
        self.update()
        return before != self._ports_key()

    def _ports_key(self) -> tuple[float, ...]:
        card = self.card
        outputs = output_offset(card, 0, self.width)
        return (card.inputs, card.outputs, self._input_x(0), outputs)

    def _input_x(self, port: int) -> float:
        return input_offset(self.card, port, self.width)

    def mark(self, **states: bool | int | str) -> None:
        """Set `selected`, `hovered`, `target`, `found` or `difference`, and repaint."""
        changed = {k: v for k, v in states.items() if getattr(self, k) != v}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.update()

    def box(self) -> NodeBox:
        """Return the card's position and size."""
        return self._box

    def move_to(self, x: float, y: float) -> None:
        """Move the card's centre to a position."""
        self.x_at, self.y_at = x, y
        self._box = NodeBox(x, y, self.width, self.height)
        self.setPos(x, y)

    def input_at(self, port: int) -> Point:
        """Return the position of an input port, in scene pixels."""
        x = self.x_at + self._input_x(port) + self.port_shift
        return (x, self.y_at - self.height / 2)

    def align_ports(self, sources: Iterable[tuple[int, Point]]) -> bool:
        """Put one input port directly below its source if that is almost above.

        Args:
            sources: The input port of each edge and the point it comes from.

        Returns:
            Whether the ports moved.
        """
        before = self.port_shift
        self.port_shift = port_shift(self.card, self.x_at, self.width, sources)
        return self.port_shift != before

    def output_at(self, port: int) -> Point:
        """Return the position of an output port, in scene pixels."""
        x = self.x_at + output_offset(self.card, port, self.width)
        return (x, self.y_at + self.height / 2)

    def ports(self) -> list[tuple[str, int, Point]]:
        """Return side ("in" or "out"), number and position of every port."""
        inputs = [("in", i, self.input_at(i)) for i in range(self.card.inputs)]
        outputs = [("out", i, self.output_at(i)) for i in range(self.card.outputs)]
        return inputs + outputs

    def paint(
        self, painter: QPainter, _option: Option, _widget: QWidget | None = None
    ) -> None:
        """Paint the details that are readable at the current zoom."""
        scale = self.canvas_style.scale
        if scale < OVERVIEW_SCALE:
            return
        card_painter = self._card_painter
        card_painter.paint_card(painter, self.width, self.height, self._border())
        if scale < DETAIL_SCALE:
            card_painter.paint_name(painter, self.width)
            return
        card_painter.paint_texts(painter, self.width, self.height)
        if self.hovered or self.target > 0:
            at = (self.x_at, self.y_at)
            ends = (QPointF(x - at[0], y - at[1]) for _s, _n, (x, y) in self.ports())
            card_painter.paint_ports(painter, ends)

    def _border(self) -> str:
        if self.target:
            return "selected" if self.target > 0 else "bad"
        if self.selected or self.found:
            return "selected"
        if self.difference:
            return self.difference
        if self.card.severity == "error":
            return "bad"
        if self.card.severity == "warning":
            return "warning"
        return "hover" if self.hovered else "plain"
