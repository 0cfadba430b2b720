"""The shapes of one card, as the canvas paints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.canvas.card_geometry import (
    GAP,
    ICON_SIZE,
    TEXT_MARGIN,
    preferred_width,
)
from dlstudio.document.canvas.node_card import NodeCardModel
from dlstudio.document.drawing.bar_color import bar_color
from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Label,
    Measure,
    Point,
    RoundedBox,
    Shape,
    Stroke,
    TextStyle,
    elided,
    line,
)
from dlstudio.theme_colors import ThemeColors

RADIUS = 7.0
BAR_WIDTH = 5.0
SHADOW_DROP = 1.5
MIN_SHARE = 0.005
ROUND = 0.5523  # of a quarter of a circle as a Bézier curve


@dataclass(frozen=True, slots=True)
class CardShapes:
    """Draws cards in the colours of a theme.

    Attributes:
        colors: The theme's colours.
        measure: Gives the width of texts.
    """

    colors: ThemeColors
    measure: Measure

    @property
    def name(self) -> TextStyle:
        """The style of a card's name."""
        return TextStyle(13, self.colors.text, 600)

    @property
    def title(self) -> TextStyle:
        """The style of kind and parameters."""
        return TextStyle(12, self.colors.text_muted)

    @property
    def count(self) -> TextStyle:
        """The style of the number of weights."""
        return TextStyle(11, self.colors.text_faint)

    def preferred(self, card: NodeCardModel) -> float:
        """The width at which no text of a card is elided, in pixels."""
        return preferred_width(
            self.measure(card.name, self.name),
            self.measure(card.count, self.count),
            card.frozen + card.shares,
            self.measure(card.title, self.title),
        )

    def draw(self, card: NodeCardModel, box: NodeBox) -> Iterator[Shape]:
        """The shapes of a card, the lowest first."""
        c = self.colors
        left, top, width, height = box.left, box.top, box.width, box.height
        shade, opacity = _parted(c.shadow)
        yield RoundedBox(left, top + SHADOW_DROP, width, height, RADIUS, shade, opacity)
        border = Stroke(c.line)
        if card.nested:  # a second border inside: there is more below this card
            yield RoundedBox(left, top, width, height, RADIUS, c.surface)
            yield RoundedBox(
                left + 6, top + 6, width - 12, height - 11, RADIUS, "", 1.0, border
            )
            yield RoundedBox(left, top, width, height, RADIUS, "", 1.0, border)
        else:
            yield RoundedBox(left, top, width, height, RADIUS, c.surface, 1.0, border)
        yield _bar(left, top, height, bar_color(c, card.color))
        if card.share >= MIN_SHARE:
            full = width - BAR_WIDTH - 3
            yield RoundedBox(
                left + BAR_WIDTH + 1,
                box.bottom - 2.5,
                max(2.0, full * card.share),
                2.0,
                0.0,
                c.line_strong,
            )
        yield from self._texts(card, box)

    def _texts(self, card: NodeCardModel, box: NodeBox) -> Iterator[Shape]:
        left, right = box.left + TEXT_MARGIN, box.right - TEXT_MARGIN + 3
        if card.frozen:
            right -= ICON_SIZE
            yield from _snowflake(right + ICON_SIZE / 2, box.top + 15, self.colors)
            right -= GAP
        if card.shares:
            right -= ICON_SIZE
            yield from _chain(right, box.top + 15, self.colors)
            right -= GAP
        if card.count:
            yield Label(right, box.top + 19, card.count, self.count, right=True)
            right -= self.measure(card.count, self.count) + GAP
        name = elided(card.name, self.name, right - left + 1, self.measure)
        yield Label(left, box.top + 20, name, self.name)
        end = box.right - TEXT_MARGIN + 4
        title = elided(card.title, self.title, end - left + 1, self.measure)
        yield Label(left, box.top + 38, title, self.title)


def _parted(color: str) -> tuple[str, float]:
    """ "#aarrggbb" as "#rrggbb" and opacity."""
    if len(color) == 9:
        return f"#{color[3:]}", int(color[1:3], 16) / 255
    return color, 1.0


def _bar(left: float, top: float, height: float, color: str) -> BezierCurve:
    """The narrow colour bar: round on the left, cut straight on the right."""
    radius = RADIUS - 0.5
    left, top, bottom = left + 0.5, top + 0.5, top + height - 0.5
    right = left + BAR_WIDTH - 0.5
    # The part of the corner that is left of the cut, as one curve each.
    edge = radius - (radius**2 - (radius - (right - left)) ** 2) ** 0.5
    pull = radius * ROUND * 0.9
    points: list[Point] = [(right, top + edge)]
    points += [
        (right - pull * 0.55, top + edge + 0.4),
        (left, top + radius - pull * 0.85),
        (left, top + radius),
    ]
    points += _straight((left, top + radius), (left, bottom - radius))
    points += [
        (left, bottom - radius + pull * 0.85),
        (right - pull * 0.55, bottom - edge - 0.4),
        (right, bottom - edge),
    ]
    points += _straight((right, bottom - edge), (right, top + edge))
    return BezierCurve(tuple(points), fill=color)


def _straight(start: Point, end: Point) -> list[Point]:
    return [start, end, end]


def _snowflake(x: float, y: float, colors: ThemeColors) -> Iterator[Shape]:
    stroke = Stroke(colors.accent, 1.2)
    for dx, dy in ((0.0, 5.0), (4.3, 2.5), (4.3, -2.5)):
        yield line((x - dx, y - dy), (x + dx, y + dy), stroke)


def _chain(left: float, y: float, colors: ThemeColors) -> Iterator[Shape]:
    stroke = Stroke(colors.text_faint, 1.2)
    for start in (left + 0.5, left + 5.0):
        yield RoundedBox(start, y - 2.5, 6.5, 5.0, 2.5, "", 1.0, stroke)
