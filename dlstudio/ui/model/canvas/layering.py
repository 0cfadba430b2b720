"""Cells in tidy layers from top to bottom: few crossings, straight chains. No Qt.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical
system structures" (1981): layers by the longest path, order by barycentres, places by
isotonic regression of each layer towards its neighbours.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.document.layout import HEIGHT
from dlstudio.ui.model.canvas.boxes import GAP, GRID, STEP_Y

Edges = set[tuple[str, str]]
SWEEPS = 6
LANE = 16.0  # width kept for a wire that passes a layer
LANE_WEIGHT = 0.02  # wires give way to nodes
BETWEEN = STEP_Y - HEIGHT  # one row and the next
APART = 64.0  # between parts of a graph that are not connected
MOST_LANES = 24  # a wire longer than this many layers keeps no lane


@dataclass(slots=True)
class _Part:
    """One connected part: cells (nodes and lanes) by layer, and their neighbours."""

    layers: list[list[str]]
    width: dict[str, float]
    above: dict[str, list[str]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)
    lanes: set[str] = field(default_factory=set)


def layered(
    ids: Sequence[str], edges: Edges, sizes: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Centres of cells in layers from top to bottom; unconnected parts side by side.

    Args:
        ids: The cells, those to be placed first in front.
        edges: From cell to cell, none from one to itself.
        sizes: Width and height of every cell.
    """
    places: dict[str, tuple[float, float]] = {}
    left = 0.0
    for part in _parts(ids, edges):
        mine = {edge for edge in edges if edge[0] in part}
        spots = _place(_layered(part, mine, sizes), sizes)
        edge = min(x - sizes[id][0] / 2 for id, (x, _y) in spots.items())
        for id, (x, y) in spots.items():
            places[id] = (x - edge + left, y)
        left = max(places[id][0] + sizes[id][0] / 2 for id in spots) + APART
    return places


def _parts(ids: Sequence[str], edges: Edges) -> list[dict[str, None]]:
    """The connected parts, as ordered sets, in the order of their first node."""
    near: dict[str, list[str]] = {id: [] for id in ids}
    for a, b in sorted(edges):
        near[a].append(b)
        near[b].append(a)
    seen: set[str] = set()
    parts = []
    for id in ids:
        if id in seen:
            continue
        part = {id: None}
        waiting = [id]
        while waiting:
            for each in near[waiting.pop()]:
                if each not in part:
                    part[each] = None
                    waiting.append(each)
        seen.update(part)
        parts.append({each: None for each in ids if each in part})
    return parts


def _ordered(part: Mapping[str, None], edges: Edges) -> list[str]:
    """Cells so that sources come before targets; those on a circle are left out."""
    targets: dict[str, list[str]] = {id: [] for id in part}
    waiting = dict.fromkeys(part, 0)
    for a, b in sorted(edges):
        targets[a].append(b)
        waiting[b] += 1
    ready = [id for id, count in waiting.items() if count == 0]
    for id in ready:  # grows while it is walked
        for target in targets[id]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return ready


def _depths(part: Mapping[str, None], edges: Edges) -> dict[str, int]:
    """The layer of each node: one below the lowest of those that feed it."""
    into: dict[str, list[str]] = {id: [] for id in part}
    out: dict[str, list[str]] = {id: [] for id in part}
    for a, b in edges:
        into[b].append(a)
        out[a].append(b)
    ordered = _ordered(part, edges)
    rank: dict[str, int] = {}
    for id in dict.fromkeys((*ordered, *part)):
        # On a circle, only what was placed already counts.
        rank[id] = 1 + max((rank.get(a, -1) for a in into[id]), default=-1)
    for id in reversed(ordered):  # what nothing feeds stands right above its target
        if not into[id] and out[id]:
            rank[id] = max(rank[id], min(rank[b] for b in out[id]) - 1)
    return rank


def _layered(
    part: Mapping[str, None],
    edges: Edges,
    sizes: Mapping[str, tuple[float, float]],
) -> _Part:
    rank = _depths(part, edges)
    rows: list[list[str]] = [[] for _each in range(max(rank.values()) + 1)]
    made = _Part(rows, {id: sizes[id][0] + GAP for id in part})
    for id in part:
        rows[rank[id]].append(id)
    for a, b in sorted(edges, key=lambda edge: (rank[edge[0]], edge)):
        upper, lower = (a, b) if rank[a] <= rank[b] else (b, a)
        chain = [upper]
        between = range(rank[upper] + 1, rank[lower])
        for row in between if len(between) <= MOST_LANES else ():
            lane = (
                f"{upper}\n{lower}\n{row}"  # no id has line breaks in it and two more
            )
            made.lanes.add(lane)
            made.width[lane] = LANE
            rows[row].append(lane)
            chain.append(lane)
        chain.append(lower)
        for over, under in itertools.pairwise(chain):
            made.below.setdefault(over, []).append(under)
            made.above.setdefault(under, []).append(over)
    return made


def _place(
    part: _Part, sizes: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    _order_layers(part)
    x = _first_guess(part)
    for sweep in range(SWEEPS * 2):
        down = sweep % 2 == 0
        rows = part.layers if down else part.layers[::-1]
        near = part.above if down else part.below
        for row in rows:
            _relax(row, near, part, x)
    found = {}
    top = 0.0
    for row in part.layers:
        cells = [id for id in row if id not in part.lanes]
        height = max((sizes[id][1] for id in cells), default=HEIGHT)
        for id in cells:
            found[id] = (round(x[id] / GRID) * float(GRID), top + height / 2)
        top += height + BETWEEN
    return found


def _order_layers(part: _Part) -> None:
    """Sort each layer by the mean place of its neighbours, down and up."""
    place = {id: i for row in part.layers for i, id in enumerate(row)}
    for sweep in range(SWEEPS):
        near = part.above if sweep % 2 == 0 else part.below
        rows = part.layers if sweep % 2 == 0 else part.layers[::-1]
        for row in rows:
            if len(row) < 2:
                continue
            key = {
                id: _mean([place[n] for n in near.get(id, ())], place[id]) for id in row
            }
            row.sort(key=key.__getitem__)
            for i, id in enumerate(row):
                place[id] = i


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _first_guess(part: _Part) -> dict[str, float]:
    x: dict[str, float] = {}
    for row in part.layers:
        left = -sum(part.width[id] for id in row) / 2
        for id in row:
            x[id] = left + part.width[id] / 2
            left += part.width[id]
    return x


def _relax(
    row: Sequence[str], near: Mapping[str, list[str]], part: _Part, x: dict[str, float]
) -> None:
    """Move one layer as near to its neighbours as order and widths allow.

    Subtracting the least offsets turns it into isotonic regression, which pooling of
    adjacent violators solves exactly.
    """
    offset, offsets = 0.0, []
    for i, id in enumerate(row):
        if i:
            offset += (part.width[row[i - 1]] + part.width[id]) / 2
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, cells
    for id, shift in zip(row, offsets, strict=True):
        weight = LANE_WEIGHT if id in part.lanes else 1.0
        goal = _goal(near.get(id, ()), part, x, x[id])
        mean, cells = goal - shift, 1
        while blocks and blocks[-1][0] > mean:
            other, heavy, count = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, cells = weight + heavy, cells + count
        blocks.append((mean, weight, cells))
    at = 0
    for mean, _weight, cells in blocks:
        for i in range(at, at + cells):
            x[row[i]] = mean + offsets[i]
        at += cells


def _goal(
    near: Sequence[str], part: _Part, x: Mapping[str, float], own: float
) -> float:
    total = weights = 0.0
    for id in near:
        weight = LANE_WEIGHT if id in part.lanes else 1.0
        total += x[id] * weight
        weights += weight
    return total / weights if weights else own
