"""Small rounded labels, painted in cells and headers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

PADDING = 7.0
ARROW = 12.0


def chip_width(metrics: QFontMetricsF, text: str, arrow: bool = False) -> float:
    """The width of a chip in pixels.

    Args:
        metrics: Of its font.
        text: In it.
        arrow: Whether it opens a menu.
    """
    return metrics.horizontalAdvance(text) + 2 * PADDING + (ARROW if arrow else 0)


def paint_chip(
    painter: QPainter,
    area: QRectF,
    text: str,
    colors: tuple[QColor, QColor],
    arrow: bool = False,
) -> None:
    """Paint a chip in the painter's font.

    Args:
        painter: Where to draw.
        area: The whole chip.
        text: In it; elided if it is too long.
        colors: Of the text, and of the background.
        arrow: Whether it opens a menu.
    """
    ink, background = colors
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(background)
    painter.drawRoundedRect(area, 5, 5)
    inner = area.adjusted(PADDING, 0, -PADDING - (ARROW if arrow else 0), 0)
    painter.setPen(ink)
    shown = QFontMetricsF(painter.font()).elidedText(
        text, Qt.TextElideMode.ElideRight, inner.width() + 1
    )
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)
    if arrow:
        middle = QPointF(area.right() - PADDING - 3, area.center().y())
        offsets = (QPointF(-3, -1.5), QPointF(0, 1.5), QPointF(3, -1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1.4))
        painter.drawPolyline(QPolygonF([middle + each for each in offsets]))
    painter.restore()
