"""Changes of dense models: Dropout before the output, and more units.

For samples for which there is neither augmentation nor a pretrained network.
"""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Graph, node
from dlstudio.document.layout import ROW
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.node_queries import is_kind, number

RATE = 0.3
WIDEST = 512
"""More units than this are not suggested."""


def dropout(graph: Graph) -> tuple[Edit, ...]:
    """Edits that add Dropout before the only head; none where there is one already."""
    heads = _heads(graph)
    if len(heads) != 1 or any(is_kind(n, "Dropout") for n in graph.nodes.values()):
        return ()
    edges = graph.into(heads[0])
    if len(edges) != 1 or not is_kind(graph.nodes[edges[0].source], "Dense"):
        return ()
    x, y = graph.nodes[edges[0].source].position
    below = [each for each in graph.nodes.values() if each.position[1] > y]
    moved = {n.id: (n.position[0], n.position[1] + ROW) for n in below}
    made = node(_fresh(graph), "keras.layers.Dropout", rate=RATE)
    made = replace(made, position=(x, y + ROW))
    return (MoveNodes(FrozenMap(moved)), InsertOnEdge(made, edges[0]))


def more_units(graph: Graph) -> tuple[Edit, ...]:
    """Edits that double the units of the hidden layers; none if they are many."""
    heads = _heads(graph)
    hidden = [
        (each.id, number(each.params.get("units")))
        for each in graph.nodes.values()
        if is_kind(each, "Dense") and each.id not in heads
    ]
    if any(units is None or 2 * units > WIDEST for _id, units in hidden):
        return ()
    return tuple(SetParam(id, "units", 2 * int(units)) for id, units in hidden if units)


def _heads(graph: Graph) -> tuple[str, ...]:
    """The last dense layer before each output."""
    found = []
    for id in graph.output_ids():
        seen = set[str]()
        while id not in seen and not is_kind(graph.nodes[id], "Dense"):
            seen.add(id)
            edges = graph.into(id)
            id = edges[0].source if len(edges) == 1 else id
        found.append(id)
    return tuple(found)


def _fresh(graph: Graph) -> str:
    names = {*graph.nodes, *(each.name for each in graph.nodes.values())}
    return "dropout" if "dropout" not in names else graph.unique_id("dropout")
