"""Painting of node cards: background, colour bar, texts, icons and ports."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from dlstudio.document.canvas.card_geometry import (
    GAP,
    ICON_SIZE,
    TEXT_MARGIN,
    preferred_width,
)
from dlstudio.document.canvas.node_card import NodeCardModel
from dlstudio.ui.model.canvas.items.canvas_style import (
    DETAIL_SCALE,
    CanvasStyle,
    GlyphRuns,
    draw_text,
    shape_text,
)
from dlstudio.ui.model.canvas.items.card_pixmaps import BAR_WIDTH

PORT_RADIUS = 4.0
MIN_SHARE = 0.005

# Severity: icon and colour of the badge.
BADGES = {
    "error": ("mdi6.alert-circle", "bad"),
    "warning": ("mdi6.alert", "warning"),
    "hint": ("mdi6.lightbulb-on-outline", "accent"),
}


class CardPainter:
    """Paints one card; texts are shaped when they are first drawn."""

    def __init__(self, card: NodeCardModel, style: CanvasStyle) -> None:
        self.card = card
        self.canvas_style = style
        self._shaped: dict[str, GlyphRuns] = {}
        self._icons = card_icons(card)
        self._bar = style.bar(card.color).name()
        self._count_width = style.count_metrics.horizontalAdvance(card.count)

    def preferred_width(self) -> float:
        """Return the width at which no text is elided, in pixels at 100 %."""
        style, card = self.canvas_style, self.card
        return preferred_width(
            style.name_metrics.horizontalAdvance(card.name),
            self._count_width,
            len(self._icons),
            style.sub_metrics.horizontalAdvance(card.title),
        )

    def paint_card(
        self, painter: QPainter, width: float, height: float, border: str
    ) -> None:
        """Paint the card's background, border and bar; with a shadow when zoomed in.

        Args:
            painter: Its origin is the centre of the card.
            width: Scene pixels.
            height: Scene pixels.
            border: Name of a colour in the theme.
        """
        style, card = self.canvas_style, self.card
        style.card_pixmaps.paint(
            painter,
            (width, height),
            style.scale,
            style.ratio,
            (self._bar, border, card.nested),
        )
        if card.share >= MIN_SHARE and style.scale >= DETAIL_SCALE:
            self._paint_share(painter, width, height)

    def _paint_share(self, painter: QPainter, width: float, height: float) -> None:
        """Paint a thin bar as long as the layer's share of the multiply-adds."""
        full = width - BAR_WIDTH - 3
        line = QRectF(BAR_WIDTH + 1 - width / 2, height / 2 - 2.5, full, 2)
        line.setWidth(max(2.0, full * self.card.share))
        painter.fillRect(line, self.canvas_style.color("line_strong"))

    def paint_texts(self, painter: QPainter, width: float, height: float) -> None:
        """Paint name, kind with parameters, number of weights, and icons.

        Args:
            painter: Its origin is the centre of the card.
            width: Scene pixels.
            height: Scene pixels.
        """
        style, card = self.canvas_style, self.card
        left, top = TEXT_MARGIN - width / 2, -height / 2
        right = width / 2 - TEXT_MARGIN + 3
        for icon, color in self._icons:
            right -= ICON_SIZE
            pixmap = style.pixmap(icon, getattr(style.colors, color), int(ICON_SIZE))
            painter.drawPixmap(QPointF(right, top + 9), pixmap)
            right -= GAP
        if card.count:
            right -= self._count_width
            painter.setPen(style.faint)
            draw_text(
                painter, QPointF(right, top + 8), self._line("count", right, width)
            )
            right -= GAP
        painter.setPen(style.text)
        draw_text(painter, QPointF(left, top + 6.5), self._line("name", left, right))
        painter.setPen(style.muted)
        end = width / 2 - TEXT_MARGIN + 4
        draw_text(painter, QPointF(left, top + 25.5), self._line("title", left, end))

    def paint_name(self, painter: QPainter, width: float) -> None:
        """Paint only the name, larger, for medium zoom levels."""
        painter.setPen(self.canvas_style.text)
        left, right = TEXT_MARGIN - width / 2, width / 2 - 6
        draw_text(painter, QPointF(left, -15), self._line("big", left, right))

    def paint_ports(self, painter: QPainter, ends: Iterable[QPointF]) -> None:
        """Paint a small ring at each port."""
        painter.setPen(QPen(self.canvas_style.accent, 1.6))
        painter.setBrush(self.canvas_style.surface)
        for end in ends:
            painter.drawEllipse(end, PORT_RADIUS, PORT_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _line(self, part: str, left: float, right: float) -> GlyphRuns:
        """Return a shaped line of text, elided to the available width."""
        found = self._shaped.get(part)
        if found is None:
            style, card = self.canvas_style, self.card
            text, font = {
                "name": (card.name, style.name_font),
                "title": (card.title, style.sub_font),
                "count": (card.count, style.count_font),
                "big": (card.name, style.overview_font),
            }[part]
            cut = QFontMetricsF(font).elidedText(
                text, Qt.TextElideMode.ElideRight, right - left + 1
            )
            found = shape_text(cut, font)
            self._shaped[part] = found
        return found


def card_icons(card: NodeCardModel) -> list[tuple[str, str]]:
    """Return the icons beside the name, from the right, with their colours."""
    found = [BADGES[card.severity]] if card.severity else []
    if card.frozen:
        found.append(("mdi6.snowflake", "accent"))
    if card.shares:
        found.append(("mdi6.link-variant", "text_faint"))
    return found
