"""A pixmap cache for card backgrounds, which are slow to draw."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

CARD_MARGIN = 8.0  # space around the card for shadow and border
BAR_WIDTH = 5.0
RADIUS = 7.0
SHADOW_SCALE = 0.55  # no shadow below this scale
ZOOM_STEPS = (0.4, 0.55, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)  # used while zooming
MAX_PIXMAPS = 600  # cache size


class CardPixmapCache:
    """Pixmaps of cards without texts, cached per size, colour, state and zoom.

    While the user zooms, pixmaps of a few fixed scales are stretched. Once the zoom
    rests, they are redrawn at the exact scale and aligned to device pixels, so that
    edges are sharp.

    Args:
        borders: Pens by border name, such as "plain" or "selected".
        surface: Brush of the card's background.
        shadow: Brush of the card's shadow.

    Attributes:
        zoom_at_rest: Whether no zoom is in progress.
    """

    def __init__(
        self,
        borders: Mapping[str, QPen],
        surface: QBrush,
        shadow: QBrush,
    ) -> None:
        self._borders = borders
        self._surface = surface
        self._shadow = shadow
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}
        self.zoom_at_rest = True

    def paint(
        self,
        painter: QPainter,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        appearance: tuple[str, str, bool],
    ) -> None:
        """Draw a card around the origin.

        Args:
            painter: Its origin is the centre of the card.
            size: Width and height in pixels at 100 %.
            scale: The zoom, 1.0 at 100 %.
            ratio: Device pixel ratio.
            appearance: Colour of the bar ("#rrggbb"), name of the border, and whether
                the card has a double border.
        """
        width, height = size
        left, top = -width / 2 - CARD_MARGIN, -height / 2 - CARD_MARGIN
        if not self.zoom_at_rest:
            wanted = scale * ratio
            step = next((each for each in ZOOM_STEPS if each >= wanted), ZOOM_STEPS[-1])
            pixmap = self._cached_pixmap(size, step, 1.0, appearance)
            area = QRectF(left, top, width + 2 * CARD_MARGIN, height + 2 * CARD_MARGIN)
            painter.drawPixmap(area, pixmap, QRectF(pixmap.rect()))
            return
        key = (size, scale, ratio, appearance)
        pixmap = self._pixmaps.get(key) or self._cached_pixmap(
            size, scale, ratio, appearance
        )
        transform = painter.worldTransform()
        x = round((transform.dx() + left * scale) * ratio) / ratio
        y = round((transform.dy() + top * scale) * ratio) / ratio
        painter.resetTransform()
        painter.drawPixmap(QPointF(x, y), pixmap)
        painter.setWorldTransform(transform)

    def _cached_pixmap(
        self,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        appearance: tuple[str, str, bool],
    ) -> QPixmap:
        key = (size, scale, ratio, appearance)
        found = self._pixmaps.get(key)
        if found is None:
            if len(self._pixmaps) > MAX_PIXMAPS:
                self._pixmaps.clear()
            found = self._draw(size, scale, ratio, appearance)
            self._pixmaps[key] = found
        return found

    def _draw(
        self,
        size: tuple[float, float],
        scale: float,
        ratio: float,
        appearance: tuple[str, str, bool],
    ) -> QPixmap:
        (width, height), (color, border, double) = size, appearance
        device = scale * ratio
        pixmap = QPixmap(
            round((width + 2 * CARD_MARGIN) * device) + 1,
            round((height + 2 * CARD_MARGIN) * device) + 1,
        )
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(device, device)
        painter.translate(CARD_MARGIN, CARD_MARGIN)
        card = QRectF(0, 0, width, height)
        if scale >= SHADOW_SCALE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._shadow)
            painter.drawRoundedRect(card.translated(0, 1.5), RADIUS, RADIUS)
        painter.setBrush(self._surface)
        if double:
            painter.setPen(self._borders["plain"])
            painter.drawRoundedRect(card.adjusted(6, 6, -6, 5), RADIUS, RADIUS)
        painter.setPen(self._borders[border])
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawPath(_bar(height))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _bar(height: float) -> QPainterPath:
    """Return the path of the narrow colour bar: rounded on the left only."""
    path = QPainterPath()
    box = QRectF(0.5, 0.5, 2 * RADIUS, height - 1)
    path.addRoundedRect(box, RADIUS - 0.5, RADIUS - 0.5)
    rest = QPainterPath()
    rest.addRect(QRectF(BAR_WIDTH, 0, 2 * RADIUS + 2, height))
    return path.subtracted(rest)
