"""Positions of nodes that a script added."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.graph import Graph
from dlstudio.document.layout import make_room

MOST = 40
"""New nodes that are placed one by one, so that the others keep their places."""


def placed(graph: Graph, old: Graph) -> Graph:
    """The graph with places for its new nodes.

    Args:
        graph: With all nodes; those of the old graph have their places.
        old: The graph as it was.
    """
    new = [id for id in graph.nodes if id not in old.nodes]
    if not new:
        return graph
    if len(new) == len(graph.nodes) or len(new) > MOST:
        boxes = {id: NodeBox(*node.position) for id, node in graph.nodes.items()}
        places = arranged_positions(graph, boxes)
        return graph.with_nodes(
            replace(graph.nodes[id], position=place) for id, place in places.items()
        )
    order, rest = graph.order()
    wanted = set(new)
    return make_room(graph, [id for id in (*order, *rest) if id in wanted])
