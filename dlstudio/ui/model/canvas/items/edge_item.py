"""The graphics item of an edge and its shape label."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QWidget
from PySide6.QtWidgets import QStyleOptionGraphicsItem as Option

from dlstudio.document.canvas.edge_labels import (
    LABEL_GAP,
    LABEL_HEIGHT,
    is_straight,
    label_point,
)
from dlstudio.document.canvas.edge_routing import Point, distance
from dlstudio.document.graph import Edge
from dlstudio.ui.model.canvas.items.canvas_style import (
    DETAIL_SCALE,
    OVERVIEW_SCALE,
    CanvasStyle,
    GlyphRuns,
    draw_text,
    shape_text,
    with_round_caps,
)


class EdgeItem(QGraphicsPathItem):
    """A curve with a shape label beside its middle.

    Attributes:
        invalid: Whether no tensor flows here because the source has an error.
        chosen: Whether the edge is selected.
        hovered: Whether the edge is under the pointer or a drop target.
    """

    def __init__(
        self, edge: Edge, style: CanvasStyle, parent: QGraphicsItem | None
    ) -> None:
        super().__init__(parent)
        self.edge = edge
        self.canvas_style = style
        self.points: list[Point] = []
        self.bounds = (0.0, 0.0, -1.0, -1.0)  # left, top, right, bottom
        self._shifted = (0.0, 0.0)  # since the route was computed
        self.text = ""
        self.label_left = False
        self.label_high = False
        self.invalid = False
        self.chosen = False
        self.hovered = False
        self._runs: GlyphRuns = []
        self._label = QRectF()
        self._line = QPainterPath()
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def set_route(self, points: list[Point]) -> None:
        """Set the curve's points."""
        if points == self.points:
            return
        if self._shifted != (0.0, 0.0):
            self._shifted = (0.0, 0.0)
            self.setPos(0.0, 0.0)
        self.points = points
        xs, ys = zip(*points, strict=True)
        self.bounds = (min(xs), min(ys), max(xs), max(ys))
        self._line = path_of(points)
        self._place_label()

    def shift(self, dx: float, dy: float) -> None:
        """Move with both end nodes, without computing a new route."""
        self.points = [(x + dx, y + dy) for x, y in self.points]
        left, top, right, bottom = self.bounds
        self.bounds = (left + dx, top + dy, right + dx, bottom + dy)
        self._shifted = (self._shifted[0] + dx, self._shifted[1] + dy)
        self.setPos(*self._shifted)

    def show_shape(
        self, text: str, invalid: bool, left: bool = False, high: bool = False
    ) -> None:
        """Set the label and whether the edge is invalid.

        Args:
            text: The shape; "" for no label.
            invalid: Whether the source has an error.
            left: Place the label on the left of the edge.
            high: Place the label near the start of the edge.
        """
        shown = (self.text, self.invalid, self.label_left, self.label_high)
        if (text, invalid, left, high) == shown:
            return
        if text != self.text:
            self._runs = []
        self.text, self.invalid = text, invalid
        self.label_left, self.label_high = left, high
        self._place_label()
        self.update()

    def mark(self, **states: bool) -> None:
        """Set `chosen` or `hovered`, and repaint on change."""
        changed = {k: v for k, v in states.items() if getattr(self, k) != v}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.update()

    def straight(self) -> bool:
        """Return whether the edge is a vertical line."""
        return is_straight(self.points)

    def distance(self, x: float, y: float) -> float:
        """Return the distance between a point and the edge, in scene pixels."""
        return distance(self.points, x, y)

    def _place_label(self) -> None:
        """Place the label and update the path, which spans edge and label."""
        if not self.points:
            return
        self._label = QRectF()
        if self.text:
            x, y = label_point(self.points, self.label_high)
            x, y = x - self._shifted[0], y - self._shifted[1]
            width = self.canvas_style.shape_metrics.horizontalAdvance(self.text)
            left = x - LABEL_GAP - width if self.label_left else x + LABEL_GAP
            self._label = QRectF(left, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
        bounds = QPainterPath(self._line)
        bounds.addRect(self._line.boundingRect().adjusted(-3, -3, 3, 3))
        if self.text:
            bounds.addRect(self._label.adjusted(-4, -2, 4, 2))
        self.setPath(bounds)

    def paint(
        self, painter: QPainter, _option: Option, _widget: QWidget | None = None
    ) -> None:
        scale = self.canvas_style.scale
        if scale < OVERVIEW_SCALE:
            return
        painter.setPen(self._pen())
        painter.drawPath(self._line)
        if self.text and scale >= DETAIL_SCALE:
            if not self._runs:
                self._runs = shape_text(self.text, self.canvas_style.shape_font)
            painter.setPen(self.canvas_style.muted)
            draw_text(painter, self._label.topLeft(), self._runs)

    def _pen(self) -> QPen:
        style = self.canvas_style
        if self.chosen:
            return style.edge_selected
        if self.hovered:
            return style.edge_hover
        return style.edge_invalid if self.invalid else style.edge


class DraftEdgeItem(QGraphicsPathItem):
    """The edge being drawn: blue over a valid target, else dashed red."""

    def __init__(self, style: CanvasStyle) -> None:
        super().__init__()
        self._style = style
        self._free = with_round_caps(QPen(style.accent, 2))
        self.setZValue(30)

    def set_route(self, points: Sequence[Point], refused: bool) -> None:
        """Set the curve's points and whether the target is refused."""
        self.setPen(self._style.edge_invalid if refused else self._free)
        self.setPath(path_of(points))


def path_of(points: Sequence[Point]) -> QPainterPath:
    """Return a route as a painter path."""
    path = QPainterPath(QPointF(*points[0]))
    straight = all(abs(x - points[0][0]) < 0.5 for x, _y in points)
    if straight and points[-1][1] >= points[0][1]:
        path.lineTo(QPointF(*points[-1]))
        return path
    for at in range(1, len(points) - 2, 3):
        path.cubicTo(*(QPointF(*point) for point in points[at : at + 3]))
    return path
