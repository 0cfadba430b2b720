"""The dotted background."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle

STEP = 24.0
MIN_STEP = 18.0  # screen pixels; denser dots are thinned out
DOT_SIZE = 2.4


class DotGrid:
    """Dots every 24 pixels, fewer when zoomed out.

    One row of dots is cached as an image and drawn once per line, which is a hundred
    times faster than drawing the dots.
    """

    def __init__(self, canvas_style: CanvasStyle) -> None:
        self._style = canvas_style
        self._row = QPixmap()
        self._made_for: tuple[float, ...] = ()

    def paint(self, painter: QPainter, rect: QRectF, viewport: QWidget) -> None:
        """Fill the background and draw the dots in a part of the scene.

        Args:
            painter: In scene coordinates.
            rect: The part to paint, in scene pixels.
            viewport: The view's viewport; its width is that of a row of dots.
        """
        transform = painter.worldTransform()
        scale = transform.m11()
        step = STEP * scale
        while step < MIN_STEP:
            step *= 2
        area = transform.mapRect(rect).adjusted(-1, -1, 1, 1)
        painter.save()
        painter.resetTransform()
        painter.fillRect(area, self._style.background)
        left = transform.dx() % step
        self._prepare(viewport.width() + step, left, step)
        y = transform.dy() % step + step * int(
            (area.top() - transform.dy() % step) // step
        )
        while y < area.bottom() + step:
            # Align to device pixels, so that all dots are equally sharp.
            painter.drawPixmap(QPointF(0, self._whole(y - 2)), self._row)
            y += step
        painter.restore()

    def _prepare(self, width: float, left: float, step: float) -> None:
        key = (width, round(left, 2), step, self._style.ratio)
        if key == self._made_for:
            return
        self._made_for = key
        ratio = self._style.ratio
        row = QPixmap(round(width * ratio), round(4 * ratio))
        row.setDevicePixelRatio(ratio)
        row.fill(Qt.GlobalColor.transparent)
        painter = QPainter(row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._style.colors.grid))
        x = left - step
        while x < width:
            painter.drawEllipse(QPointF(self._whole(x), 2), DOT_SIZE / 2, DOT_SIZE / 2)
            x += step
        painter.end()
        self._row = row

    def _whole(self, value: float) -> float:
        return round(value * self._style.ratio) / self._style.ratio
