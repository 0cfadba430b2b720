"""Layered layout with few crossings and straight chains. Independent of Qt.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical
system structures" (1981): layers by longest path, order by barycentre, coordinates.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.document.canvas.boxes import GAP, GRID, STEP_Y
from dlstudio.document.canvas.layer_centers import center_segments
from dlstudio.document.canvas.layer_coordinates import (
    LayeredCells,
    assign_coordinates,
)
from dlstudio.document.canvas.layer_order import order_layers
from dlstudio.document.layout import HEIGHT

Edges = set[tuple[str, str]]
DUMMY_WIDTH = 16.0  # width reserved for an edge that passes a layer
LAYER_GAP = STEP_Y - HEIGHT  # between two rows
COMPONENT_GAP = 64.0  # between unconnected components
MAX_DUMMIES = 6000  # no width is reserved for the longest edges beyond these


@dataclass(slots=True)
class _Component:
    """A connected component: cells (nodes and dummies) by layer, and neighbours."""

    layers: list[list[str]]
    width: dict[str, float]
    above: dict[str, list[str]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)
    dummies: set[str] = field(default_factory=set)


def layered_layout(
    ids: Sequence[str], edges: Edges, sizes: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Return cell centres in layers from top to bottom, components side by side.

    Args:
        ids: The cells, in order of preference within a layer.
        edges: Pairs of different cells.
        sizes: Width and height of every cell.
    """
    positions: dict[str, tuple[float, float]] = {}
    left = 0.0
    for component in _connected_components(ids, edges):
        mine = {edge for edge in edges if edge[0] in component}
        placed = _assign_positions(_build_layers(component, mine, sizes), sizes)
        edge = min(x - sizes[id][0] / 2 for id, (x, _y) in placed.items())
        for id, (x, y) in placed.items():
            positions[id] = (x - edge + left, y)
        left = max(positions[id][0] + sizes[id][0] / 2 for id in placed) + COMPONENT_GAP
    return positions


def _connected_components(ids: Sequence[str], edges: Edges) -> list[dict[str, None]]:
    """Return the connected components as ordered sets, by their first node."""
    neighbours: dict[str, list[str]] = {id: [] for id in ids}
    for a, b in sorted(edges):
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen: set[str] = set()
    components = []
    for id in ids:
        if id in seen:
            continue
        component = {id: None}
        pending = [id]
        while pending:
            for each in neighbours[pending.pop()]:
                if each not in component:
                    component[each] = None
                    pending.append(each)
        seen.update(component)
        components.append({each: None for each in ids if each in component})
    return components


def _topological_order(component: Mapping[str, None], edges: Edges) -> list[str]:
    """Return cells with sources before targets; cells on a cycle are excluded."""
    targets: dict[str, list[str]] = {id: [] for id in component}
    pending = dict.fromkeys(component, 0)
    for a, b in sorted(edges):
        targets[a].append(b)
        pending[b] += 1
    ready = [id for id, count in pending.items() if count == 0]
    for id in ready:  # grows during iteration
        for target in targets[id]:
            pending[target] -= 1
            if pending[target] == 0:
                ready.append(target)
    return ready


def _layer_numbers(component: Mapping[str, None], edges: Edges) -> dict[str, int]:
    """Return each cell's layer: one below the lowest cell that feeds it."""
    into: dict[str, list[str]] = {id: [] for id in component}
    out: dict[str, list[str]] = {id: [] for id in component}
    for a, b in edges:
        into[b].append(a)
        out[a].append(b)
    ordered = _topological_order(component, edges)
    layer_of: dict[str, int] = {}
    for id in dict.fromkeys((*ordered, *component)):
        # On a cycle, only cells that already have a layer count.
        layer_of[id] = 1 + max((layer_of.get(a, -1) for a in into[id]), default=-1)
    for id in reversed(ordered):  # put cells without a source right above a target
        if not into[id] and out[id]:
            layer_of[id] = max(layer_of[id], min(layer_of[b] for b in out[id]) - 1)
    return layer_of


def _build_layers(
    component: Mapping[str, None],
    edges: Edges,
    sizes: Mapping[str, tuple[float, float]],
) -> _Component:
    layer_of = _layer_numbers(component, edges)
    rows: list[list[str]] = [[] for _each in range(max(layer_of.values()) + 1)]
    made = _Component(rows, {id: sizes[id][0] + GAP for id in component})
    for id in component:
        rows[layer_of[id]].append(id)
    left = MAX_DUMMIES

    def length(edge: tuple[str, str]) -> tuple[int, int, tuple[str, str]]:
        first, second = layer_of[edge[0]], layer_of[edge[1]]
        return abs(first - second), first, edge

    for a, b in sorted(edges, key=length):
        upper, lower = (a, b) if layer_of[a] <= layer_of[b] else (b, a)
        chain = [upper]
        between = range(layer_of[upper] + 1, layer_of[lower])
        left -= len(between)
        for row in between if left >= 0 else ():
            dummy = f"{upper}\n{lower}\n{row}"  # cannot be the id of a cell
            made.dummies.add(dummy)
            made.width[dummy] = DUMMY_WIDTH
            rows[row].append(dummy)
            chain.append(dummy)
        if left < 0 and between:
            continue  # not a pair of neighbouring layers
        chain.append(lower)
        for over, under in itertools.pairwise(chain):
            made.below.setdefault(over, []).append(under)
            made.above.setdefault(under, []).append(over)
    return made


def _assign_positions(
    component: _Component, sizes: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    layers = order_layers(component.layers, component.above, component.below)
    cells = LayeredCells(
        layers,
        component.above,
        component.below,
        component.width,
        frozenset(component.dummies),
    )
    x = assign_coordinates(cells)
    center_segments(cells, x)
    found = {}
    top = 0.0
    for row in layers:
        # Dummies only reserved width for long edges, which are routed separately later.
        nodes = [id for id in row if id not in component.dummies]
        height = max((sizes[id][1] for id in nodes), default=HEIGHT)
        for id in nodes:
            found[id] = (round(x[id] / GRID) * float(GRID), top + height / 2)
        top += height + LAYER_GAP
    return found
