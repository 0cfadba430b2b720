"""The order of cells in the layers of a layout, with few crossings.

Sweeps down and up sort each layer by the mean place of its neighbours (barycentre), and
the order with the fewest crossings is kept. Independent of Qt.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

SWEEPS = 8
Neighbours = Mapping[str, Sequence[str]]


def order_layers(
    layers: list[list[str]], above: Neighbours, below: Neighbours
) -> list[list[str]]:
    """Return the layers with their cells in a good order.

    Args:
        layers: The cells of each layer.
        above: The neighbours of each cell in the layer above.
        below: The neighbours of each cell in the layer below.
    """
    best, fewest = [list(row) for row in layers], crossings(layers, below)
    rows = [list(row) for row in layers]
    place = {id: float(i) for row in rows for i, id in enumerate(row)}
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        down = sweep % 2 == 0
        neighbours = above if down else below
        for row in rows if down else rows[::-1]:
            _sort(row, neighbours, place)
        count = crossings(rows, below)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _sort(row: list[str], neighbours: Neighbours, place: dict[str, float]) -> None:
    if len(row) < 2:
        return
    keys = {}
    for id in row:
        places = [place[n] for n in neighbours.get(id, ())]
        keys[id] = sum(places) / len(places) if places else place[id]
    row.sort(key=keys.__getitem__)
    for i, id in enumerate(row):
        place[id] = float(i)


def crossings(layers: Sequence[Sequence[str]], below: Neighbours) -> int:
    """Return how many pairs of edges cross between neighbouring layers."""
    total = 0
    for upper, lower in itertools.pairwise(layers):
        if len(upper) < 2 or len(lower) < 2:
            continue
        place = {id: i for i, id in enumerate(lower)}
        seen: list[int] = []
        for id in upper:
            ends = sorted(place[each] for each in below.get(id, ()))
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total
