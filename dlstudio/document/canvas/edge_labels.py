"""Where the shape is written beside an edge. Independent of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.document.canvas.edge_routing import Point, middle

LABEL_GAP = 12.0
LABEL_HEIGHT = 14.0
LABEL_HIGH = 9.0  # label offset at the start of an edge that enters a group's frame
LABEL_BELOW = 14.0  # label offset below the card if the edge bends

Route = Sequence[Point]


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """The edge of an output port that has its label.

    Attributes:
        main: Number of the edge among those of the port.
        left: Whether the label is on the left of the edge.
    """

    main: int
    left: bool


def label_place(routes: Sequence[Route], source_x: float) -> LabelPlace:
    """Choose the most vertical edge of a port, and the side that is free.

    Args:
        routes: The routes of the port's edges, at least one.
        source_x: Centre of the card that the edges leave.
    """
    main = min(range(len(routes)), key=lambda i: _slant(routes[i]))
    begin, end = routes[main][0][0], routes[main][-1][0]
    others = [_farthest(r, end) for i, r in enumerate(routes) if i != main]
    if begin != source_x:
        left = begin < source_x
    elif is_straight(routes[main]):
        left = bool(others) and min(others) > end
    else:
        left = end > begin
    return LabelPlace(main, left)


def label_point(route: Route, high: bool) -> Point:
    """Return the point on an edge beside which its label is centred vertically.

    Args:
        route: The edge's route.
        high: Whether the label is near the start, as where a frame's name is below.
    """
    if is_straight(route) and not high:
        return middle(route)
    x, y = route[0]
    return (x, y + (LABEL_HIGH if high else LABEL_BELOW))


def is_straight(route: Route) -> bool:
    """Return whether an edge is a vertical line."""
    return abs(route[0][0] - route[-1][0]) < 1 and len(route) == 4


def _farthest(route: Route, x: float) -> float:
    """Return where an edge is farthest from x; a detour may come back to it."""
    return max((at for at, _y in route), key=lambda at: abs(at - x))


def _slant(route: Route) -> float:
    return abs(route[0][0] - route[-1][0])
