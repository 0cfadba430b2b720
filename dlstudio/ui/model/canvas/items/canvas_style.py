"""Fonts, pens and colours of the canvas, created once from the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QGlyphRun,
    QPainter,
    QPen,
    QPixmap,
    QTextLayout,
)

from dlstudio.ui.model.canvas.items.card_pixmaps import CardPixmapCache
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.fonts import mono_font, text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme

DETAIL_SCALE = 0.55  # from this scale on, cards show all details
OVERVIEW_SCALE = 0.36  # below it, cards are drawn in one batch as plain boxes
GlyphRuns = list[QGlyphRun]


class CanvasStyle:
    """Cached drawing resources of the canvas items.

    Attributes:
        scale: The view's zoom, 1.0 at 100 %; set by the view.
        ratio: Device pixel ratio.
    """

    def __init__(self, theme: Theme) -> None:
        c = theme.colors
        self.theme = theme
        self.colors = c
        self.scale = 1.0
        self.ratio = 1.0
        self.dark = QColor(c.background).lightness() < 128
        self.name_font = text_font(theme, theme.text_size, 600)
        self.overview_font = text_font(theme, theme.large_size * 6 // 5, 600)
        self.sub_font = text_font(theme, theme.small_size)
        self.count_font = text_font(theme, theme.tiny_size)
        self.count_bold = text_font(theme, theme.tiny_size, 600)
        self.shape_font = mono_font(theme, theme.tiny_size)
        self.name_metrics = QFontMetricsF(self.name_font)
        self.sub_metrics = QFontMetricsF(self.sub_font)
        self.count_metrics = QFontMetricsF(self.count_font)
        self.shape_metrics = QFontMetricsF(self.shape_font)
        self.text = QColor(c.text)
        self.muted = QColor(c.text_muted)
        self.faint = QColor(c.text_faint)
        self.bad = QColor(c.bad)
        self.accent = QColor(c.accent)
        self.background = QColor(c.background)
        self.surface = QBrush(QColor(c.surface))
        borders = {
            "plain": QPen(QColor(c.line), 1),
            "hover": QPen(QColor(c.line_strong), 1),
            "selected": QPen(self.accent, 2),
            "bad": QPen(self.bad, 1.4),
            "warning": QPen(QColor(c.warning), 1.4),
            "added": QPen(QColor(c.good), 2.2),
            "changed": QPen(QColor(c.validation), 2.2),
        }
        self.card_pixmaps = CardPixmapCache(
            borders, self.surface, QBrush(QColor(c.shadow))
        )
        self.edge = with_round_caps(QPen(QColor(c.edge), 1.6))
        self.edge_hover = with_round_caps(QPen(self.accent, 2))
        self.edge_selected = with_round_caps(QPen(self.accent, 2.4))
        self.edge_invalid = QPen(self.bad, 2)
        self.edge_invalid.setDashPattern([2.5, 2.0])
        self.ghost = QPen(self.bad, 1.4, Qt.PenStyle.DashLine)
        self.group_border = QPen(QColor(c.line_strong), 1, Qt.PenStyle.DashLine)
        self.group_border_selected = QPen(self.accent, 1.5, Qt.PenStyle.DashLine)
        tint = QColor(c.accent_soft if self.dark else c.line)
        tint.setAlphaF(0.35)
        self.group_fill = QBrush(tint)
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._colors: dict[str, QColor] = {}

    def color(self, name: str) -> QColor:
        """Return a colour by theme name or "#rrggbb", cached."""
        found = self._colors.get(name)
        if found is None:
            found = QColor(getattr(self.colors, name, name))
            self._colors[name] = found
        return found

    def bar(self, color: str) -> QColor:
        """Return a category's bar colour, lightened in dark themes."""
        key = f"bar {color}"
        found = self._colors.get(key)
        if found is None:
            found = category_color(self.theme, color)
            self._colors[key] = found
        return found

    def pixmap(self, name: str, color: str, size: int) -> QPixmap:
        """Return an icon as a pixmap, cached per colour, size and device pixel ratio.

        Args:
            name: Icon name as in `qtawesome`.
            color: "#rrggbb".
            size: Width and height in pixels at 100 %.
        """
        key = (name, color, size, self.ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = QPixmap(QSize(size, size) * self.ratio * 2)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            icon(name, color).paint(painter, found.rect())
            painter.end()
            found.setDevicePixelRatio(self.ratio * 2)
            self._pixmaps[key] = found
        return found


def with_round_caps(pen: QPen) -> QPen:
    """Return the pen with round caps."""
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def shape_text(text: str, font: QFont) -> GlyphRuns:
    """Shape a line of text once, so that it can be drawn cheaply at any zoom."""
    if not text:
        return []
    layout = QTextLayout(text, font)
    layout.setCacheEnabled(False)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return list(layout.glyphRuns())


def draw_text(painter: QPainter, at: QPointF, shaped: Sequence[QGlyphRun]) -> None:
    """Draw a shaped line of text with the painter's pen.

    Args:
        painter: In the item's coordinates.
        at: The line's top left corner.
        shaped: The glyph runs that `shape_text` returned.
    """
    for run in shaped:
        painter.drawGlyphRun(at, run)
