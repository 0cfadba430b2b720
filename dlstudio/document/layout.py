"""Layout of cards on the canvas, in rows and columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project

WIDTH, HEIGHT = 176.0, 48.0
"""Size of a layer's card, in pixels."""
ROW, COLUMN = 96.0, 240.0
"""Distances between the centres of neighbouring cards, in pixels."""


@dataclass(frozen=True, slots=True)
class LayoutEdit:
    """Several edits as one undo step, followed by making room for new layers."""

    edits: tuple[Edit, ...]

    def apply(self, project: Project) -> Project:
        after = project
        for edit in self.edits:
            after = edit.apply(after)
        for name, graph in after.graphs.items():
            before = project.graphs.get(name)
            if before is not None:
                new = [id for id in graph.nodes if id not in before.nodes]
                after = after.with_graph(name, make_room(graph, new))
        return after


def make_room(graph: Graph, new: Iterable[str]) -> Graph:
    """The graph with new layers placed in the row below their inputs.

    Their descendants move down as far as necessary.

    Args:
        graph: With all layers.
        new: Those without a place, from the inputs on.
    """
    waiting = dict.fromkeys(new)
    for id in list(waiting):
        del waiting[id]
        graph = _place_node(graph, id, waiting.keys())
    return graph


def downstream(graph: Graph, id: str) -> frozenset[str]:
    """All descendants of a layer."""
    found: set[str] = set()
    waiting = [id]
    while waiting:
        for edge in graph.out_of(waiting.pop()):
            if edge.target not in found:
                found.add(edge.target)
                waiting.append(edge.target)
    return frozenset(found)


def _place_node(graph: Graph, id: str, waiting: Collection[str]) -> Graph:
    """The graph with a place for one layer, apart from those that still wait."""
    node = graph.nodes[id]
    placed = {each.id: each.position for each in graph.nodes.values()}
    for other in waiting:
        placed.pop(other, None)
    sources = [placed[each.source] for each in graph.into(id) if each.source in placed]
    targets = [
        placed[each.target] for each in graph.out_of(id) if each.target in placed
    ]
    if sources:
        position = (sources[0][0], max(y for _x, y in sources) + ROW)
    elif targets:
        position = (targets[0][0], min(y for _x, y in targets) - ROW)
    else:
        others = [each for other, each in placed.items() if other != id]
        position = (max((x for x, _y in others), default=-COLUMN) + COLUMN, 0.0)
    moving = {id, *downstream(graph, id)}
    there = [each for other, each in placed.items() if other not in moving]
    position = _free_position(there, *position)
    graph = graph.with_nodes([replace(node, position=position)])
    push = max((position[1] + ROW - y for _x, y in targets), default=0.0)
    if push <= 0:
        return graph
    return graph.with_nodes(
        replace(each, position=(each.position[0], each.position[1] + push))
        for each in (graph.nodes[other] for other in downstream(graph, id))
    )


def _free_position(
    there: Collection[tuple[float, float]], x: float, y: float
) -> tuple[float, float]:
    """The position, or the next column of its row that is free."""
    while any(abs(x - ox) < COLUMN - 1 and abs(y - oy) < ROW - 1 for ox, oy in there):
        x += COLUMN
    return x, y
