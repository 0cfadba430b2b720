"""Pictures of empty cards: a rounded, shadowed, coloured card is slow to draw."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

RIM = 8.0  # around the card: shadow and ring
BAR = 5.0
RADIUS = 7.0
FLAT = 0.55  # below this scale there is no shadow
STEPS = (0.4, 0.55, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)  # while zooming
MOST = 600  # pictures kept


class Grounds:
    """Cards without texts, drawn once per size, colour, state and zoom.

    While the zoom changes, pictures of a few scales are stretched; when it rests,
    they are made anew and laid on whole pixels, so that edges are sharp.

    Attributes:
        settled: Whether the zoom rests.
    """

    def __init__(
        self,
        edges: Mapping[str, QPen],
        surface: QBrush,
        shadow: QBrush,
    ) -> None:
        self._edges = edges
        self._surface = surface
        self._shadow = shadow
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self.settled = True

    def paint(
        self,
        painter: QPainter,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        look: tuple[str, str, bool],
    ) -> None:
        """Draw a card around the origin.

        Args:
            size: Width and height at 100 %.
            scale, ratio: The zoom, and device pixels per pixel.
            look: Colour of the bar ("#rrggbb"), name of the edge, whether it is two.
        """
        width, height = size
        left, top = -width / 2 - RIM, -height / 2 - RIM
        if not self.settled:
            wanted = scale * ratio
            step = next((each for each in STEPS if each >= wanted), STEPS[-1])
            picture = self._picture(size, step, 1.0, look)
            area = QRectF(left, top, width + 2 * RIM, height + 2 * RIM)
            painter.drawPixmap(area, picture, QRectF(picture.rect()))
            return
        key = (size, scale, ratio, look)
        picture = self._kept.get(key) or self._picture(size, scale, ratio, look)
        transform = painter.worldTransform()
        x = round((transform.dx() + left * scale) * ratio) / ratio
        y = round((transform.dy() + top * scale) * ratio) / ratio
        painter.resetTransform()
        painter.drawPixmap(QPointF(x, y), picture)
        painter.setWorldTransform(transform)

    def _picture(
        self,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        look: tuple[str, str, bool],
    ) -> QPixmap:
        key = (size, scale, ratio, look)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > MOST:
                self._kept.clear()
            found = self._make(size, scale, ratio, look)
            self._kept[key] = found
        return found

    def _make(
        self,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        look: tuple[str, str, bool],
    ) -> QPixmap:
        (width, height), (color, edge, double) = size, look
        device = scale * ratio
        picture = QPixmap(
            round((width + 2 * RIM) * device) + 1,
            round((height + 2 * RIM) * device) + 1,
        )
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(device, device)
        painter.translate(RIM, RIM)
        card = QRectF(0, 0, width, height)
        if scale >= FLAT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._shadow)
            painter.drawRoundedRect(card.translated(0, 1.5), RADIUS, RADIUS)
        painter.setBrush(self._surface)
        if double:
            painter.setPen(self._edges["plain"])
            painter.drawRoundedRect(card.adjusted(6, 6, -6, 5), RADIUS, RADIUS)
        painter.setPen(self._edges[edge])
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawPath(_bar(height))
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture


def _bar(height: float) -> QPainterPath:
    """The narrow bar: square to the right, round as the card to the left."""
    path = QPainterPath()
    box = QRectF(0.5, 0.5, 2 * RADIUS, height - 1)
    path.addRoundedRect(box, RADIUS - 0.5, RADIUS - 0.5)
    rest = QPainterPath()
    rest.addRect(QRectF(BAR, 0, 2 * RADIUS + 2, height))
    return path.subtracted(rest)
