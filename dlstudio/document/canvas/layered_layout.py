"""Layered layout with few crossings and straight chains. Independent of Qt.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical
system structures" (1981): layers by longest path, order by barycentre, coordinates.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.document.canvas.boxes import GAP, GRID, STEP_Y
from dlstudio.document.canvas.layer_centers import Ports, center_segments
from dlstudio.document.canvas.layer_coordinates import (
    LayeredCells,
    assign_coordinates,
)
from dlstudio.document.canvas.layer_numbers import layer_numbers
from dlstudio.document.canvas.layer_order import order_layers
from dlstudio.document.layout import HEIGHT

Edges = set[tuple[str, str]]
NO_PORTS: Ports = {}
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
    ports: dict[tuple[str, str], int] = field(default_factory=dict)


def layered_layout(
    ids: Sequence[str],
    edges: Edges,
    sizes: Mapping[str, tuple[float, float]],
    ports: Ports = NO_PORTS,
) -> dict[str, tuple[float, float]]:
    """Return cell centres in layers from top to bottom, components side by side.

    Args:
        ids: The cells, in order of preference within a layer.
        edges: Pairs of different cells.
        sizes: Width and height of every cell.
        ports: The first input port that each edge is for, where that is known.
    """
    positions: dict[str, tuple[float, float]] = {}
    left = 0.0
    for component in _connected_components(ids, edges):
        mine = {edge for edge in edges if edge[0] in component}
        placed = _assign_positions(_build_layers(component, mine, sizes, ports), sizes)
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


def _build_layers(
    component: Mapping[str, None],
    edges: Edges,
    sizes: Mapping[str, tuple[float, float]],
    ports: Ports,
) -> _Component:
    layer_of = layer_numbers(component, edges)
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
        if upper == a:
            made.ports[chain[-1], lower] = ports.get((a, b), 0)
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
    center_segments(cells, x, component.ports)
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
