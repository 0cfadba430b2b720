"""Paints drawings with Qt, in the fonts of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    RoundedBox,
    Stroke,
    TextStyle,
)
from dlstudio.ui.theme.fonts import mono_font, text_font
from dlstudio.ui.theme.tokens import Theme


class DrawingPainter:
    """Paints drawings; it may be used on any thread, but only on one.

    Args:
        theme: Provides the fonts.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._fonts: dict[tuple[float, int, bool], QFont] = {}
        self._metrics: dict[tuple[float, int, bool], QFontMetricsF] = {}

    def measure(self, text: str, style: TextStyle) -> float:
        """Return the width of a text, in pixels at 100 %."""
        key = _font_key(style)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self._font(style))
        return self._metrics[key].horizontalAdvance(text)

    def paint(self, painter: QPainter, drawing: Drawing) -> None:
        """Paint a drawing with its upper left corner at the origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, 0, drawing.width, drawing.height)
        painter.fillRect(area, QColor(drawing.background))
        for shape in drawing.shapes:
            if isinstance(shape, RoundedBox):
                _paint_box(painter, shape)
            elif isinstance(shape, BezierCurve):
                _paint_curve(painter, shape)
            else:
                self._paint_label(painter, shape)

    def _paint_label(self, painter: QPainter, label: Label) -> None:
        painter.setPen(QColor(label.style.color))
        painter.setFont(self._font(label.style))
        x = label.x - self.measure(label.text, label.style) if label.right else label.x
        painter.drawText(QPointF(x, label.y), label.text)

    def _font(self, style: TextStyle) -> QFont:
        key = _font_key(style)
        if key not in self._fonts:
            make = mono_font if style.mono else text_font
            self._fonts[key] = make(self._theme, round(style.size), style.weight)
        return self._fonts[key]


def _font_key(style: TextStyle) -> tuple[float, int, bool]:
    return (style.size, style.weight, style.mono)


def _paint_box(painter: QPainter, box: RoundedBox) -> None:
    painter.setPen(_pen(box.stroke))
    if box.fill:
        fill = QColor(box.fill)
        fill.setAlphaF(box.opacity)
        painter.setBrush(fill)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    area = QRectF(box.left, box.top, box.width, box.height)
    painter.drawRoundedRect(area, box.radius, box.radius)


def _paint_curve(painter: QPainter, curve: BezierCurve) -> None:
    path = QPainterPath(QPointF(*curve.points[0]))
    for at in range(1, len(curve.points) - 2, 3):
        path.cubicTo(*(QPointF(*point) for point in curve.points[at : at + 3]))
    painter.setPen(_pen(curve.stroke))
    filled = QColor(curve.fill) if curve.fill else Qt.BrushStyle.NoBrush
    painter.setBrush(filled)
    painter.drawPath(path)


def _pen(stroke: Stroke | None) -> QPen:
    if stroke is None:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(QColor(stroke.color), stroke.width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if stroke.dash:
        pen.setDashPattern([length / stroke.width for length in stroke.dash])
    return pen
