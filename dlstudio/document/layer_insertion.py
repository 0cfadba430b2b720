"""Insertion of a new layer into a graph, with its connections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.layout import make_room
from dlstudio.errors import UserError
from dlstudio.i18n import _


def insert_layer(
    graph: Graph,
    node: Node,
    after: Sequence[str] = (),
    before: str = "",
    branch: bool = False,
) -> Graph:
    """The graph with a new layer.

    Args:
        after: Ids of the layers that feed it, in port order. The outputs of the first
            one are moved to the new layer.
        before: Id of the only layer that the new one feeds; "" for all targets of the
            first.
        branch: Whether the first layer's outputs stay as they are.
    """
    edges = [
        edge for edge in graph.edges if _keeps_edge(graph, edge, after, before, branch)
    ]
    moved = [edge for edge in graph.edges if edge not in edges]
    edges += [Edge(id, node.id, 0, port) for port, id in enumerate(after)]
    edges += [
        replace(edge, source=node.id, source_port=0) for edge in _one_per_target(moved)
    ]
    if before and not moved:
        taken = {edge.target_port for edge in graph.into(before)}
        port = next(n for n in range(len(taken) + 1) if n not in taken)
        edges.append(Edge(node.id, before, 0, port))
    outputs = graph.outputs
    if after and not before and not branch:
        outputs = tuple(node.id if id == after[0] else id for id in outputs)
    made = replace(
        graph.with_nodes([node]),
        edges=tuple(dict.fromkeys(edges)),
        outputs=tuple(dict.fromkeys(outputs)),
    )
    return make_room(made, [node.id])


def _keeps_edge(
    graph: Graph, edge: Edge, after: Sequence[str], before: str, branch: bool
) -> bool:
    """Whether a connection is kept beside the new layer."""
    if before:
        return edge.target != before or edge.source not in after
    if branch or not after or edge.source != after[0]:
        return True
    return edge.target in upstream(graph, after)  # moving it would make a cycle


def _one_per_target(edges: Iterable[Edge]) -> list[Edge]:
    """Only the first source's connections, where several sources fed one layer."""
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        same = found.setdefault(edge.target, [])
        if not same or same[0].source == edge.source:
            same.append(edge)
    return [edge for same in found.values() for edge in same]


def upstream(graph: Graph, ids: Sequence[str]) -> frozenset[str]:
    """Layers and all their ancestors."""
    found, waiting = set(ids), list(ids)
    while waiting:
        for edge in graph.into(waiting.pop()):
            if edge.source not in found:
                found.add(edge.source)
                waiting.append(edge.source)
    return frozenset(found)


def single_output(graph: Graph) -> tuple[str, ...]:
    """The layer to append a new one to; none in an empty graph.

    Raises:
        UserError: The graph has several outputs.
    """
    if not graph.nodes:
        return ()
    ends = graph.output_ids()
    if len(ends) == 1:
        return ends
    raise UserError(
        _("The model has several outputs: {names}.").format(names=", ".join(ends)),
        _("Choose one with --after NAME."),
    )
