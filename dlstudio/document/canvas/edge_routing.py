"""Edge routing: straight down, a curve, or around cards. Independent of Qt.

A route is a start point followed by cubic Bézier segments of three points each. It is
chosen from a few candidates rather than by a grid search, because it is recomputed
while a node is dragged.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from dlstudio.document.canvas.boxes import NodeBox

Point = tuple[float, float]
MARGIN = 20.0  # between a detour and the box it passes
SEARCH_WIDTH = 800.0  # maximum width of a detour
BEND = 48.0
SHORT_DISTANCE = 120.0  # shorter edges cannot be obstructed
LONG_DISTANCE = 300.0  # longer edges go straight down, not slanting over everything
SAMPLES = 24
DETOUR_LENGTH = 10
"""Number of points of a route around cards."""


class Obstacles:
    """Boxes sorted by height, for fast lookup of those between two heights."""

    def __init__(self, boxes: Iterable[NodeBox] = ()) -> None:
        self._boxes = sorted(boxes, key=lambda box: box.y)
        self._heights = [box.y for box in self._boxes]
        self._reach = max((box.height for box in self._boxes), default=0.0) / 2

    def between(self, low: float, high: float) -> list[NodeBox]:
        """Return the boxes that overlap a range of heights."""
        first = bisect_left(self._heights, low - self._reach + 4)
        last = bisect_right(self._heights, high + self._reach - 4)
        return self._boxes[first:last]


def find_route(start: Point, end: Point, obstacles: Obstacles) -> list[Point]:
    """Return the curve of an edge from an output to an input port.

    The result is a single cubic Bézier curve if that crosses no card, else a detour.

    Args:
        start: The output port, in scene pixels.
        end: The input port, in scene pixels.
        obstacles: The cards to avoid.

    Returns:
        Points of cubic Bézier segments: 1 + 3·n, each end shared with the next segment.
    """
    direct = curve(start, end)
    if 0 <= end[1] - start[1] <= SHORT_DISTANCE:
        return direct
    low, high = sorted((start[1], end[1]))
    between = obstacles.between(low, high)
    if end[1] < start[1]:  # upwards: always a detour
        return _route_around(start, end, between)
    aside = abs(end[0] - start[0]) > 1
    if aside and end[1] - start[1] > LONG_DISTANCE:
        return _route_around(start, end, between)
    line = [point_at(direct, step / SAMPLES) for step in range(SAMPLES + 1)]
    hit = any(_crosses(line, box) for box in between)
    return _route_around(start, end, between) if hit else direct


def curve(start: Point, end: Point) -> list[Point]:
    """Return a single curve that leaves downwards and arrives from above."""
    (x1, y1), (x2, y2) = start, end
    bend = min(max(abs(y2 - y1) / 2, 24.0), 160.0)
    return [start, (x1, y1 + bend), (x2, y2 - bend), end]


def point_at(points: Sequence[Point], t: float) -> Point:
    """Return the point at parameter `t` (0..1) of one cubic segment."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    u = 1 - t
    a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)


def middle(points: Sequence[Point]) -> Point:
    """Return the position of an edge's label."""
    pieces = (len(points) - 1) // 3
    if pieces % 2:
        at = pieces // 2 * 3
        return point_at(points[at : at + 4], 0.5)
    return points[pieces // 2 * 3]


def distance(points: Sequence[Point], x: float, y: float) -> float:
    """Return a point's distance from an edge in pixels, accurate to about one.

    Each segment is approximated by 16 straight lines, enough for hit testing.

    Args:
        points: 1 + 3·n points of cubic Bézier segments, as `find_route` returns them.
        x: Scene pixels.
        y: Scene pixels.
    """
    best = float("inf")
    for at in range(0, len(points) - 3, 3):
        piece = points[at : at + 4]
        before = piece[0]
        for step in range(1, 17):
            here = point_at(piece, step / 16)
            best = min(best, _to_segment(before, here, x, y))
            before = here
    return best


def _to_segment(a: Point, b: Point, x: float, y: float) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if not length else ((x - a[0]) * dx + (y - a[1]) * dy) / length
    t = min(max(t, 0.0), 1.0)
    return float(((a[0] + t * dx - x) ** 2 + (a[1] + t * dy - y) ** 2) ** 0.5)


def _crosses(line: Sequence[Point], box: NodeBox) -> bool:
    """Return whether a line, given by points from top to bottom, crosses a box."""
    (x1, _y1), (x2, _y2) = line[0], line[-1]
    reach = box.width / 2 + 4
    if not min(x1, x2) - reach < box.x < max(x1, x2) + reach:
        return False
    if abs(x1 - x2) <= 1:  # vertical, and the heights are known to overlap
        return True
    low, high = box.top - 4, box.bottom + 4
    for (ax, ay), (bx, by) in itertools.pairwise(line):
        if by < low or ay > high:
            continue
        if min(ax, bx) < box.x + reach and max(ax, bx) > box.x - reach:
            return True
    return False


def _route_around(start: Point, end: Point, between: Sequence[NodeBox]) -> list[Point]:
    """Return a detour through a channel on the nearer side of the boxes between."""
    (x1, y1), (x2, y2) = start, end
    channel = _free_channel(start, end, between)
    # Control points that equal their ends make the segment along the channel straight.
    if y2 < y1:  # upwards
        turn = BEND
        return [
            start, (x1, y1 + turn), (channel, y1 + turn), (channel, y1 - 8),
            (channel, y1 - 8), (channel, y2 + 8), (channel, y2 + 8),
            (channel, y2 - turn), (x2, y2 - turn), end,
        ]  # fmt: skip
    turn = min(BEND, (y2 - y1) / 3)
    return [
        start, (x1, y1 + turn * 0.7), (channel, y1 + turn * 0.3), (channel, y1 + turn),
        (channel, y1 + turn), (channel, y2 - turn), (channel, y2 - turn),
        (channel, y2 - turn * 0.3), (x2, y2 - turn * 0.7), end,
    ]  # fmt: skip


def _free_channel(start: Point, end: Point, between: Sequence[NodeBox]) -> float:
    """Return the x nearest to both ends that no box between them covers."""
    low, high = sorted((start[0], end[0]))
    middle_x = (low + high) / 2
    # The total distance to both ends is smallest between them and grows outside,
    # so the best place is one of the ends or a border of the covered range.
    free = [low, middle_x, high]
    at = float("-inf")
    covered: list[tuple[float, float]] = []
    near = (b for b in between if low - SEARCH_WIDTH < b.x < high + SEARCH_WIDTH)
    for box in sorted(near, key=lambda box: box.x - box.width / 2):
        left = box.x - box.width / 2 - MARGIN
        right = box.x + box.width / 2 + MARGIN
        if left > at:
            covered.append((left, right))
        else:
            covered[-1] = (covered[-1][0], max(at, right))
        at = covered[-1][1]
    free = [x for x in free if not any(a < x < b for a, b in covered)]
    edges = [edge for pair in covered for edge in pair]
    return min((*free, *edges), key=lambda x: (abs(x - low) + abs(x - high), x < high))
