"""Lanes of edges that go around cards, so that they do not lie on each other.

Each detour is found for itself; what depends on the others is only how far it is moved
aside. Independent of Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.document.canvas.edge_routing import DETOUR_LENGTH, Point
from dlstudio.document.graph import Edge

LANE = 8.0
MOST_LANES = 12
Route = list[Point]


@dataclass(frozen=True, slots=True)
class _Lane:
    """The straight part of a detour: from which to which height, and its source."""

    top: float
    bottom: float
    source: tuple[str, int]

    def touches(self, other: _Lane) -> bool:
        """Whether both cannot lie side by side in one lane; a source's own can."""
        return (
            self.source != other.source
            and self.top < other.bottom
            and other.top < self.bottom
        )


def is_detour(route: Iterable[Point]) -> bool:
    """Return whether a route goes around cards."""
    return len(list(route)) == DETOUR_LENGTH


def separate_lanes(detours: Mapping[Edge, Route]) -> dict[Edge, Route]:
    """Return the routes, moved aside where they would lie on each other.

    Shorter ones are nearer to the cards, so that nested ones do not cross.

    Args:
        detours: Routes around cards, each found without regard to the others.
    """
    taken: dict[int, list[_Lane]] = {}
    found: dict[Edge, Route] = {}
    order = sorted(detours, key=lambda e: (_length(detours[e]), e))
    for edge in order:
        route = detours[edge]
        x = route[3][0]
        top, bottom = sorted((route[3][1], route[6][1]))
        lane = _Lane(top, bottom, (edge.source, edge.source_port))
        side = -1.0 if x < min(route[0][0], route[-1][0]) else 1.0
        step = 0
        while step < MOST_LANES and _is_taken(taken, x + side * step * LANE, lane):
            step += 1
        shift = side * step * LANE
        taken.setdefault(_slot(x + shift), []).append(lane)
        found[edge] = _moved(route, shift) if step else route
    return found


def _length(route: Route) -> float:
    return abs(route[6][1] - route[3][1])


def _slot(x: float) -> int:
    return round(x / LANE)


def _is_taken(taken: Mapping[int, list[_Lane]], x: float, lane: _Lane) -> bool:
    return any(lane.touches(other) for other in taken.get(_slot(x), ()))


def _moved(route: Route, shift: float) -> Route:
    return [
        (x + shift, y) if 2 <= number <= DETOUR_LENGTH - 3 else (x, y)
        for number, (x, y) in enumerate(route)
    ]
