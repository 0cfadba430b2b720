"""Paints one gallery cell: image, label, name and badges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap

from dlstudio.ui.data.gallery.layout import TEXT_HEIGHT
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme

INSET = 6
BADGE_SIZE = 18
EXCLUDED_OPACITY = 0.28
ENLARGE_BELOW = 0.95  # of the cell: smaller images are enlarged on HiDPI screens
MAX_ELIDED = 8192


@dataclass(frozen=True, slots=True)
class CellContent:
    """Text and badges of a cell.

    Attributes:
        label, name: The two lines of text below the image.
        split: Split name at the end of the first line, such as "test", or "".
        badges: Icons in the image's corner, each with the name of its colour.
    """

    label: str
    name: str
    split: str = ""
    excluded: bool = False
    badges: tuple[tuple[str, str], ...] = ()


class CellPainter:
    """Paints cells in the theme's colours; caches fonts and badges."""

    def __init__(self, theme: Theme, scale: float) -> None:
        c = self._colors = theme.colors
        self._scale = scale
        self._fonts = (
            text_font(theme, theme.small_size, 500),
            text_font(theme, theme.tiny_size),
        )
        self._metrics = tuple(QFontMetrics(font) for font in self._fonts)
        self._baselines = _baselines(*self._metrics)
        self._text, self._faint = QColor(c.text), QColor(c.text_faint)
        self._accent = QColor(c.accent)
        self._accent_soft = QColor(c.accent_soft)
        self._well = QColor(c.hover)
        self._radius = theme.radius_small
        self._elided = lru_cache(maxsize=MAX_ELIDED)(self._elide)
        self._icons: dict[tuple[str, str], QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        box: QRect,
        cell_content: CellContent,
        image: QImage | None,
        failed: bool,
    ) -> None:
        """Paint a cell without selection and cursor.

        Args:
            painter: Painter in view coordinates.
            box: The cell's rectangle.
            cell_content: Its label and badges.
            image: The thumbnail; None until it is loaded.
            failed: Whether the image could not be read.
        """
        side = box.width() - 2 * INSET
        place = QRect(box.left() + INSET, box.top() + INSET, side, side)
        if cell_content.excluded:
            painter.setOpacity(EXCLUDED_OPACITY)
        if image is None:
            painter.fillRect(place, self._well)
            if failed:
                self._draw_icon(painter, place, "mdi6.image-broken-variant", 28)
        else:
            self._draw_image(painter, place, image)
        if cell_content.excluded:
            painter.setOpacity(1.0)
        self._draw_badges(painter, place, cell_content)
        self._draw_text(painter, box, cell_content)

    def paint_selected(self, painter: QPainter, box: QRect) -> None:
        """Paint the background of a selected cell."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(self._accent, 1.5))
        painter.setBrush(self._accent_soft)
        frame = QRectF(box).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, self._radius, self._radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def paint_cursor(self, painter: QPainter, box: QRect) -> None:
        """Paint the ring around the keyboard cursor's cell."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(self._accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = QRectF(box).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, self._radius, self._radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_image(self, painter: QPainter, place: QRect, image: QImage) -> None:
        """Centre the image at native resolution; small ones are enlarged."""
        longer, scale = max(image.width(), image.height()), self._scale
        ratio = scale
        if longer < ENLARGE_BELOW * place.width() * scale:
            ratio = min(scale, longer / min(longer, place.width()))
        if image.devicePixelRatio() != ratio:
            image.setDevicePixelRatio(ratio)
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, ratio != scale)
        size = image.deviceIndependentSize()
        x = place.left() + (place.width() - size.width()) / 2
        y = place.top() + (place.height() - size.height()) / 2
        at = QPointF(round(x * scale) / scale, round(y * scale) / scale)
        painter.drawImage(at, image)

    def _draw_badges(
        self, painter: QPainter, place: QRect, cell_content: CellContent
    ) -> None:
        x = place.right() - BADGE_SIZE + 3
        for name, color in cell_content.badges:
            box = QRect(x, place.top() - 3, BADGE_SIZE, BADGE_SIZE)
            painter.drawPixmap(box.topLeft(), self._badge(name, color))
            x -= BADGE_SIZE + 2

    def _badge(self, name: str, color: str) -> QPixmap:
        """A round badge that contains an icon."""
        if (name, color) not in self._icons:
            pixmap = self._blank(BADGE_SIZE)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._colors.surface), 1.5))
            painter.setBrush(QColor(getattr(self._colors, color)))
            painter.drawEllipse(QRectF(1, 1, BADGE_SIZE - 2, BADGE_SIZE - 2))
            drawn = icon(name, self._colors.surface)
            drawn.paint(painter, QRect(4, 4, BADGE_SIZE - 8, BADGE_SIZE - 8))
            painter.end()
            self._icons[name, color] = pixmap
        return self._icons[name, color]

    def _draw_icon(self, painter: QPainter, place: QRect, name: str, side: int) -> None:
        key = (name, "")
        if key not in self._icons:
            pixmap = self._blank(side)
            inner = QPainter(pixmap)
            icon(name, self._colors.text_faint).paint(inner, QRect(0, 0, side, side))
            inner.end()
            self._icons[key] = pixmap
        middle = place.center() - QPoint(side // 2, side // 2)
        painter.drawPixmap(middle, self._icons[key])

    def _blank(self, side: int) -> QPixmap:
        pixmap = QPixmap(round(side * self._scale), round(side * self._scale))
        pixmap.setDevicePixelRatio(self._scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _draw_text(
        self, painter: QPainter, box: QRect, cell_content: CellContent
    ) -> None:
        left, width = box.left() + INSET, box.width() - 2 * INSET
        base, second = (box.bottom() + offset for offset in self._baselines)
        painter.setFont(self._fonts[1])
        painter.setPen(self._faint)
        painter.drawText(left, second, self._elided(1, cell_content.name, width))
        if cell_content.split:
            taken = self._metrics[1].horizontalAdvance(cell_content.split)
            painter.drawText(left + width - taken, base, cell_content.split)
            width -= taken + 6
        painter.setFont(self._fonts[0])
        painter.setPen(self._text)
        painter.drawText(left, base, self._elided(0, cell_content.label, width))

    def _elide(self, line: int, text: str, width: int) -> str:
        # Elide in the middle: the end of a file name identifies the file.
        mode = Qt.TextElideMode.ElideMiddle if line else Qt.TextElideMode.ElideRight
        return self._metrics[line].elidedText(text, mode, width)

    @property
    def fonts(self) -> tuple[QFont, ...]:
        """The fonts of the two lines."""
        return self._fonts


def _baselines(upper: QFontMetrics, lower: QFontMetrics) -> tuple[int, int]:
    """Baselines of the two lines, in pixels from a cell's bottom (negative)."""
    first = upper.ascent() + 2 - TEXT_HEIGHT
    # Fonts with tall lines, such as those for Chinese, would leave the cell.
    second = min(first + lower.height() + 2, -INSET)
    return min(first, second - lower.ascent() - 2), second
