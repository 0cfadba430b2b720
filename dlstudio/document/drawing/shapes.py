"""What a drawing consists of: boxes, curves and texts in pixels at 100 %."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line's colour ("#rrggbb"), width, and lengths of dashes and gaps."""

    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundedBox:
    """A rectangle with round corners; without a fill it is transparent.

    Attributes:
        fill: "#rrggbb", or "" for none.
        opacity: Of the fill, 0..1.
    """

    left: float
    top: float
    width: float
    height: float
    radius: float = 0.0
    fill: str = ""
    opacity: float = 1.0
    stroke: Stroke | None = None


@dataclass(frozen=True, slots=True)
class BezierCurve:
    """Cubic Bézier segments: a start point, then three points for each segment."""

    points: tuple[Point, ...]
    stroke: Stroke | None = None
    fill: str = ""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is written.

    Attributes:
        size: Height of the font in pixels.
        weight: 400 is regular, 600 semibold.
        mono: Whether all characters are equally wide.
    """

    size: float
    color: str
    weight: int = 400
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text.

    Attributes:
        x: The left end of the text, or the right end if `right`.
        y: The baseline.
        right: Whether the text ends at `x`.
    """

    x: float
    y: float
    text: str
    style: TextStyle
    right: bool = False


Shape: TypeAlias = "RoundedBox | BezierCurve | Label"
Measure: TypeAlias = Callable[[str, TextStyle], float]
"""Gives the width of a text in pixels."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from the lowest to the topmost on a background.

    Attributes:
        width: Pixels at 100 %; the upper left corner is (0, 0).
        height: Pixels at 100 %.
        title: What is drawn, for readers that cannot see it.
    """

    width: float
    height: float
    background: str
    shapes: tuple[Shape, ...]
    title: str = ""


def line(start: Point, end: Point, stroke: Stroke) -> BezierCurve:
    """A straight line.

    Args:
        start: One end.
        end: The other end.
        stroke: How it is drawn.
    """
    return BezierCurve((start, start, end, end), stroke)


def elided(text: str, style: TextStyle, room: float, measure: Measure) -> str:
    """The text, cut with an ellipsis where it is too wide.

    Args:
        text: One line.
        style: How it is written.
        room: The width it may have, in pixels.
        measure: Gives the width of texts.
    """
    if measure(text, style) <= room:
        return text
    kept = text
    while kept and measure(f"{kept}…", style) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def shifted(shape: Shape, dx: float, dy: float) -> Shape:
    """A shape moved by a distance.

    Args:
        shape: The shape.
        dx: Pixels to the right.
        dy: Pixels down.
    """
    if isinstance(shape, RoundedBox):
        return replace(shape, left=shape.left + dx, top=shape.top + dy)
    if isinstance(shape, Label):
        return replace(shape, x=shape.x + dx, y=shape.y + dy)
    return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points))
