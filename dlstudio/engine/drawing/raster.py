"""Drawings as images, by Pillow.

Lines and boxes are drawn larger, strip by strip, and reduced, which smooths them; the
fonts smooth themselves.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw

from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    Point,
    RoundedBox,
    Shape,
    shifted,
)
from dlstudio.engine.drawing.fonts import DrawingFonts
from dlstudio.errors import UserError
from dlstudio.i18n import _

OVERSAMPLING = 3
STRIP = 512  # rows of the image that are drawn at once
MAX_PIXELS = 120_000_000
MAX_SIDE = 65_000  # of JPEG, which PDF holds
CURVE_STEPS = 24
CORNER_STEPS = 8


def largest_scale(drawing: Drawing) -> float:
    """The largest scale at which an image of a drawing can be written."""
    area, side = drawing.width * drawing.height, max(drawing.width, drawing.height)
    return min(math.sqrt(MAX_PIXELS / area), MAX_SIDE / side)


def raster(drawing: Drawing, scale: float) -> Image.Image:
    """A drawing as an RGB image.

    Args:
        drawing: What to draw.
        scale: Pixels of the image for each pixel of the drawing.

    Raises:
        UserError: The image would be too large.
    """
    if scale > largest_scale(drawing):
        raise UserError(
            _("At this scale the image would be too large."),
            _("Choose a scale of at most {scale}, or write SVG.").format(
                scale=f"{math.floor(largest_scale(drawing) * 100) / 100:g}"
            ),
        )
    size = (math.ceil(drawing.width * scale), math.ceil(drawing.height * scale))
    image = Image.new("RGB", size, drawing.background)
    lines = [each for each in drawing.shapes if not isinstance(each, Label)]
    spans = [_rows(each) for each in lines]
    for top in range(0, size[1], STRIP):
        low, high = top / scale, (top + STRIP) / scale
        there = [
            each
            for each, (first, last) in zip(lines, spans, strict=True)
            if first < high and last > low
        ]
        rows = min(STRIP, size[1] - top)
        strip = _strip(drawing.background, there, (size[0], rows), low, scale)
        image.paste(strip, (0, top))
    _write_labels(image, drawing.shapes, scale)
    return image


def _rows(shape: Shape) -> tuple[float, float]:
    """The first and last row that a shape may touch."""
    if isinstance(shape, RoundedBox):
        return shape.top - 2, shape.top + shape.height + 2
    assert isinstance(shape, BezierCurve)
    ys = [y for _x, y in shape.points]
    return min(ys) - 2, max(ys) + 2


def _strip(
    background: str,
    shapes: Sequence[Shape],
    size: tuple[int, int],
    low: float,
    scale: float,
) -> Image.Image:
    width, rows = size
    factor = scale * OVERSAMPLING
    large = Image.new("RGB", (width * OVERSAMPLING, rows * OVERSAMPLING), background)
    pen = ImageDraw.Draw(large, "RGBA")
    for shape in shapes:
        moved = shifted(shape, 0.0, -low)
        if isinstance(moved, RoundedBox):
            _draw_box(pen, moved, factor)
        elif isinstance(moved, BezierCurve):
            _draw_curve(pen, moved, factor)
    return large.resize(size, Image.Resampling.BOX)


def _draw_box(pen: ImageDraw.ImageDraw, box: RoundedBox, factor: float) -> None:
    corners = (box.left, box.top, box.left + box.width, box.top + box.height)
    area = tuple(value * factor for value in corners)
    radius = box.radius * factor
    if box.fill:
        fill = f"{box.fill}{round(box.opacity * 255):02x}"
        pen.rounded_rectangle(area, radius, fill)
    if box.stroke is None:
        return
    width = max(1, round(box.stroke.width * factor))
    if box.stroke.dash:
        for dash in _dashes(list(_outline(box)), box.stroke.dash):
            _draw_line(pen, dash, box.stroke.color, width, factor)
    else:
        half = box.stroke.width * factor / 2  # a stroke is centred on the outline
        left, top, right, bottom = area
        outer = (left - half, top - half, right + half, bottom + half)
        pen.rounded_rectangle(outer, radius + half, None, box.stroke.color, width)


def _draw_curve(pen: ImageDraw.ImageDraw, curve: BezierCurve, factor: float) -> None:
    points = list(_flattened(curve.points))
    if curve.fill:
        pen.polygon([(x * factor, y * factor) for x, y in points], curve.fill)
    if curve.stroke is not None:
        width = max(1, round(curve.stroke.width * factor))
        lines = _dashes(points, curve.stroke.dash) if curve.stroke.dash else [points]
        for each in lines:
            _draw_line(pen, each, curve.stroke.color, width, factor)


def _draw_line(
    pen: ImageDraw.ImageDraw,
    points: Sequence[Point],
    color: str,
    width: int,
    factor: float,
) -> None:
    scaled = [(x * factor, y * factor) for x, y in points]
    pen.line(scaled, color, width, joint="curve")


def _flattened(points: Sequence[Point]) -> Iterator[Point]:
    yield points[0]
    for at in range(0, len(points) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[at : at + 4]
        if abs(ax - dx) < 0.01 and ax == bx and cx == dx:  # vertical
            yield (dx, dy)
            continue
        for step in range(1, CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            u = 1 - t
            a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            yield (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)


def _outline(box: RoundedBox) -> Iterator[Point]:
    """The points of a box's outline, clockwise from the right of its first corner."""
    right, bottom, r = box.left + box.width, box.top + box.height, box.radius
    centres = (
        (right - r, box.top + r, -90), (right - r, bottom - r, 0),
        (box.left + r, bottom - r, 90), (box.left + r, box.top + r, 180),
    )  # fmt: skip
    yield (box.left + r, box.top)
    for x, y, start in centres:
        for step in range(CORNER_STEPS + 1):
            angle = math.radians(start + 90 * step / CORNER_STEPS)
            yield (x + r * math.cos(angle), y + r * math.sin(angle))
    yield (box.left + r, box.top)


def _dashes(points: Sequence[Point], dash: Sequence[float]) -> Iterator[list[Point]]:
    """The dashes of a line along points."""
    lengths = itertools.cycle(dash)
    left, on = next(lengths), True
    current = [points[0]]
    for start, end in itertools.pairwise(points):
        whole = math.dist(start, end)
        done = 0.0
        while whole - done > left:
            done += left
            t = done / whole
            at = (
                start[0] + (end[0] - start[0]) * t,
                start[1] + (end[1] - start[1]) * t,
            )
            if on:
                yield [*current, at]
            current, on, left = [at], not on, next(lengths)
        left -= whole - done
        current.append(end)
    if on and len(current) > 1:
        yield current


def _write_labels(image: Image.Image, shapes: Sequence[Shape], scale: float) -> None:
    pen, fonts = ImageDraw.Draw(image), DrawingFonts(scale)
    for each in shapes:
        if isinstance(each, Label):
            font = fonts.font(each.text, each.style)
            anchor = "rs" if each.right else "ls"
            place = (each.x * scale, each.y * scale)
            pen.text(place, each.text, each.style.color, font, anchor)
