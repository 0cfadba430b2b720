"""Lays out the words of a sentence in lines, with the types of its entities behind."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from dlstudio.document.entity_spans import EntitySpan, entity_spans
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import RUN_COLORS, Theme

PAD, LABEL_GAP, LINE_GAP = 3.0, 3.0, 6.0
TIGHT = 0.5
"""Space at both sides of a character of a script that has no spaces."""
FILL = 0.16
"""Opacity of the background of an entity in its colour."""
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class SpanBox:
    """A word on its place.

    Attributes:
        token: Its number; -1 for the type behind an entity.
        text: What is written.
        area: Where it stands, with the space around it.
        type: Of the entity that it belongs to; "" for none.
    """

    token: int
    text: str
    area: QRectF
    type: str = ""


class SpanLayout:
    """Where the words of a sentence stand, and how they are drawn.

    Args:
        theme: Colours and sizes.
        types: All types in the order of their colours; others come behind.
    """

    def __init__(self, theme: Theme, types: Sequence[str] = ()) -> None:
        self._theme = theme
        self._types = list(types)
        self.font = text_font(theme)
        self._small: QFont = text_font(theme, theme.tiny_size, 600)
        self._metrics = QFontMetricsF(self.font)
        self._tiny = QFontMetricsF(self._small)
        self._space = self._metrics.horizontalAdvance(" ")

    @property
    def line_height(self) -> float:
        """Height of a line with the space around its words."""
        return self._metrics.height() + 2 * 2.0

    def color(self, type: str) -> QColor:
        """The colour of a type; its name stands beside."""
        if type not in self._types:
            self._types.append(type)
        place = self._types.index(type)
        return category_color(self._theme, RUN_COLORS[place % len(RUN_COLORS)])

    def boxes(
        self, tokens: Sequence[str], tags: Sequence[str], width: float, lines: int = 0
    ) -> list[SpanBox]:
        """The words in lines of a width.

        Args:
            tokens: Of a sentence.
            tags: Of its tokens; there may be fewer of them.
            width: Of a line.
            lines: Most lines; 0 for any number. What does not fit is cut.
        """
        types = _types_of(entity_spans(tags), len(tokens))
        found: list[SpanBox] = []
        x = y = 0.0
        step = self.line_height + LINE_GAP
        for place, token in enumerate(tokens):
            type, last = types[place]
            needed = self._metrics.horizontalAdvance(token) + 2 * _pad(token)
            label = self._label_width(type) if last else 0.0
            if x > 0 and x + needed + label > width:
                if lines and (y + step) / step >= lines:
                    return self._cut(found, x, y, width)
                x, y = 0.0, y + step
            area = QRectF(x, y, needed, self.line_height)
            found.append(SpanBox(place, token, area, type))
            x += needed
            if label:
                area = QRectF(x, y, label, self.line_height)
                found.append(SpanBox(-1, type, area, type))
                x += label
            joined = (type and not last) or _pad(token) == TIGHT
            x += 0.0 if joined else max(0.0, self._space - PAD)
        return found

    def _label_width(self, type: str) -> float:
        if not type:
            return 0.0
        return self._tiny.horizontalAdvance(type) + LABEL_GAP + PAD

    def _cut(
        self, boxes: list[SpanBox], x: float, y: float, width: float
    ) -> list[SpanBox]:
        """The boxes with an ellipsis behind the last that leaves room for it."""
        needed = self._metrics.horizontalAdvance(ELLIPSIS) + 2 * PAD
        while boxes and x + needed > width and boxes[-1].area.top() == y:
            x = boxes.pop().area.left()
        area = QRectF(x, y, needed, self.line_height)
        return [*boxes, SpanBox(-1, ELLIPSIS, area)]

    def paint(
        self,
        painter: QPainter,
        boxes: Sequence[SpanBox],
        ink: QColor,
        selected: range = range(0),
    ) -> None:
        """Draw words, and entities behind a tint with a line below.

        Args:
            painter: Its origin is that of the boxes.
            boxes: From `boxes`.
            ink: Colour of the words.
            selected: Numbers of the tokens that are selected.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for box in boxes:
            if box.token in selected:
                painter.fillRect(box.area, QColor(self._theme.colors.selected))
            if box.type:
                self._paint_entity(painter, box)
            label = box.token < 0 and bool(box.type)
            painter.setFont(self._small if label else self.font)
            painter.setPen(self.color(box.type) if label else ink)
            inner = box.area.adjusted(0 if label else _pad(box.text), 0, 0, 0)
            flags = 0x0001 | 0x0080  # left, in the middle
            painter.drawText(inner, flags, box.text)

    def _paint_entity(self, painter: QPainter, box: SpanBox) -> None:
        color = self.color(box.type)
        tint = QColor(color)
        tint.setAlphaF(FILL)
        painter.fillRect(box.area, tint)
        line = QRectF(box.area.left(), box.area.bottom() - 2, box.area.width(), 2)
        painter.fillRect(line, color)


def _pad(token: str) -> float:
    """The space at both sides of a word; characters of Chinese stand close together."""
    return TIGHT if token and all(map(_is_wide, token)) else PAD


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) == "W"


def _types_of(spans: Sequence[EntitySpan], count: int) -> list[tuple[str, bool]]:
    """For each token the type of its entity, and whether that ends there."""
    found = [("", False)] * count
    for span in spans:
        for place in range(span.start, min(span.end, count)):
            found[place] = (span.type, place == span.end - 1)
    return found
