"""Layout of cards on the canvas, in rows and columns."""

from __future__ import annotations

from collections.abc import Iterable
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
    """
    for id in new:
        graph = _place_node(graph, id)
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


def _place_node(graph: Graph, id: str) -> Graph:
    node = graph.nodes[id]
    sources = [graph.nodes[edge.source].position for edge in graph.into(id)]
    targets = [graph.nodes[edge.target].position for edge in graph.out_of(id)]
    if sources:
        position = (sources[0][0], max(y for _x, y in sources) + ROW)
    elif targets:
        position = (targets[0][0], min(y for _x, y in targets) - ROW)
    else:
        others = [n.position for n in graph.nodes.values() if n.id != id]
        position = (max((x for x, _y in others), default=-COLUMN) + COLUMN, 0.0)
    position = _free_position(graph, id, *position)
    graph = graph.with_nodes([replace(node, position=position)])
    push = max((position[1] + ROW - y for _x, y in targets), default=0.0)
    if push <= 0:
        return graph
    return graph.with_nodes(
        replace(each, position=(each.position[0], each.position[1] + push))
        for each in (graph.nodes[other] for other in downstream(graph, id))
    )


def _free_position(graph: Graph, id: str, x: float, y: float) -> tuple[float, float]:
    """The position, or the next column of its row that is free."""
    moving = downstream(graph, id) | {id}
    there = [n.position for n in graph.nodes.values() if n.id not in moving]
    while any(abs(x - ox) < COLUMN - 1 and abs(y - oy) < ROW - 1 for ox, oy in there):
        x += COLUMN
    return x, y
