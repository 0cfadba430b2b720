"""Horizontal coordinates of a layered layout. Independent of Qt.

After Brandes and Köpf, "Fast and simple horizontal coordinate assignment" (2001): cells
are aligned with the median of their neighbours in four ways, from above and from below,
from the left and from the right, and each cell gets the mean of the two middle results.
Chains are straight in all four, and branches are centred. Blocks of aligned cells are
packed along the longest path, as in the layout library dagre.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Layers = Sequence[Sequence[str]]
Neighbours = Mapping[str, Sequence[str]]
Coordinates = dict[str, float]
MOST_WIDENING = 1.25
"""The mean is not used if it is wider than this times the narrowest result."""


@dataclass(frozen=True, slots=True)
class LayeredCells:
    """Cells in ordered layers.

    Attributes:
        layers: The cells of each layer, from left to right.
        above: The neighbours of each cell in the layer above.
        below: The neighbours of each cell in the layer below.
        width: The width that each cell needs, including its gaps.
        dummies: Cells that only reserve space for a long edge.
    """

    layers: Layers
    above: Neighbours
    below: Neighbours
    width: Mapping[str, float]
    dummies: frozenset[str]

    def mirrored(self, rows: bool, columns: bool) -> LayeredCells:
        """The cells with the order of the rows or of the columns reversed."""
        layers = [row[::-1] for row in self.layers] if columns else list(self.layers)
        if not rows:
            return LayeredCells(
                layers, self.above, self.below, self.width, self.dummies
            )
        return LayeredCells(
            layers[::-1], self.below, self.above, self.width, self.dummies
        )


def assign_coordinates(cells: LayeredCells) -> Coordinates:
    """The x coordinate of each cell's centre."""
    found: list[Coordinates] = []
    for rows in (False, True):
        for columns in (False, True):
            xs = _aligned(cells.mirrored(rows, columns))
            found.append({id: -x for id, x in xs.items()} if columns else xs)
    narrow = min(found, key=lambda xs: _extent(xs, cells.width))
    _move_together(found, narrow, cells.width)
    means: Coordinates = {}
    for id in narrow:
        middle = sorted(xs[id] for xs in found)[1:3]
        means[id] = sum(middle) / 2
    limit = MOST_WIDENING * _extent(narrow, cells.width)
    return means if _extent(means, cells.width) <= limit else narrow


def _aligned(cells: LayeredCells) -> Coordinates:
    root = _align(cells, _conflicts(cells))
    return _compact(cells, root)


def _conflicts(cells: LayeredCells) -> set[tuple[str, str]]:
    """Edges that cross a segment of a long edge, which is to be straight."""
    found: set[tuple[str, str]] = set()
    for upper, lower in itertools.pairwise(cells.layers):
        place = {id: i for i, id in enumerate(upper)}
        left, done = 0, 0
        for i, id in enumerate(lower):
            inner = _inner_segment(cells, id)
            if inner is None and i < len(lower) - 1:
                continue
            right = len(upper) - 1 if inner is None else place[inner]
            for each in lower[done : i + 1]:
                for above in cells.above.get(each, ()):
                    both = each in cells.dummies and above in cells.dummies
                    if not both and not left <= place[above] <= right:
                        found.add((above, each))
            done, left = i + 1, right
    return found


def _inner_segment(cells: LayeredCells, id: str) -> str | None:
    """The dummy above a dummy."""
    if id not in cells.dummies:
        return None
    return next((each for each in cells.above[id] if each in cells.dummies), None)


def _align(cells: LayeredCells, conflicts: set[tuple[str, str]]) -> dict[str, str]:
    """The first cell of the block that each cell is aligned with."""
    place = {id: i for row in cells.layers for i, id in enumerate(row)}
    root = {id: id for row in cells.layers for id in row}
    for row in cells.layers:
        # Of a node and an edge below the same cell, the node is aligned with it.
        nodes_first = sorted(range(len(row)), key=lambda i: row[i] in cells.dummies)
        used: list[tuple[int, int]] = []  # places here and above, in order
        for i in nodes_first:
            id = row[i]
            above = sorted(cells.above.get(id, ()), key=place.__getitem__)
            at = bisect_left(used, (i, -1))
            low = used[at - 1][1] if at else -1
            high = used[at][1] if at < len(used) else len(place)
            for other in _medians(above, cells.dummies):
                crosses = (other, id) in conflicts or (id, other) in conflicts
                if not crosses and low < place[other] < high:
                    root[id] = root[other]
                    used.insert(at, (i, place[other]))
                    break
    return root


def _medians(above: Sequence[str], dummies: frozenset[str]) -> list[str]:
    """The median neighbours; of two, a node before an edge, which bends instead."""
    if not above:
        return []
    middle = (len(above) - 1) / 2
    chosen = [above[i] for i in sorted({int(middle), int(middle + 0.5)})]
    return sorted(chosen, key=lambda id: id in dummies)


def _compact(cells: LayeredCells, root: Mapping[str, str]) -> Coordinates:
    """Pack blocks to the left, then close gaps that only widen the layout."""
    before: dict[str, dict[str, float]] = {each: {} for each in root.values()}
    after: dict[str, dict[str, float]] = {each: {} for each in root.values()}
    for row in cells.layers:
        for left, right in itertools.pairwise(row):
            gap = (cells.width[left] + cells.width[right]) / 2
            a, b = root[left], root[right]
            before[b][a] = max(gap, before[b].get(a, 0.0))
            after[a][b] = before[b][a]
    order = _block_order(before, after)
    x: Coordinates = {}
    for each in order:
        x[each] = max((x[a] + gap for a, gap in before[each].items()), default=0.0)
    for each in reversed(order):
        room = min((x[b] - gap for b, gap in after[each].items()), default=None)
        if room is not None:
            x[each] = max(x[each], room)
    return {id: x[first] for id, first in root.items()}


def _block_order(
    before: Mapping[str, Mapping[str, float]], after: Mapping[str, Mapping[str, float]]
) -> list[str]:
    waiting = {each: len(found) for each, found in before.items()}
    order = [each for each, count in waiting.items() if count == 0]
    for each in order:  # grows during iteration
        for other in after[each]:
            waiting[other] -= 1
            if waiting[other] == 0:
                order.append(other)
    return order


def _left(xs: Coordinates, width: Mapping[str, float]) -> float:
    return min(x - width[id] / 2 for id, x in xs.items())


def _right(xs: Coordinates, width: Mapping[str, float]) -> float:
    return max(x + width[id] / 2 for id, x in xs.items())


def _extent(xs: Coordinates, width: Mapping[str, float]) -> float:
    return _right(xs, width) - _left(xs, width)


def _move_together(
    found: Sequence[Coordinates], narrow: Coordinates, width: Mapping[str, float]
) -> None:
    """Shift the results to the borders of the narrowest one."""
    left, right = _left(narrow, width), _right(narrow, width)
    for number, xs in enumerate(found):
        mirrored = number % 2 == 1
        shift = right - _right(xs, width) if mirrored else left - _left(xs, width)
        for id in xs:
            xs[id] += shift
