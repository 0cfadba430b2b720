"""Edits of a graph's nodes: add, remove, replace, move, freeze, share weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.edits.base import GraphEdit, find_node
from dlstudio.document.graph import Graph, Node
from dlstudio.document.groups import without_nodes
from dlstudio.document.project import MODEL
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class AddNode(GraphEdit):
    """Add a node with an unused id."""

    node: Node
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        if self.node.id in graph.nodes:
            raise UserError(
                _("There is already a layer called “{name}”.").format(name=self.node.id)
            )
        return graph.with_nodes([self.node])


@dataclass(frozen=True, slots=True)
class RemoveNodes(GraphEdit):
    """Remove nodes with their edges.

    With `join`, the source of a removed node in a chain is connected to its target.
    """

    ids: tuple[str, ...]
    join: bool = False
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        for id in self.ids:
            graph = _remove_node(graph, id, self.join)
        return graph


def _remove_node(graph: Graph, id: str, join: bool) -> Graph:
    find_node(graph, id)
    before, after = graph.into(id), graph.out_of(id)
    kept = [edge for edge in graph.edges if id not in (edge.source, edge.target)]
    if join and len(before) == 1:
        source = before[0]
        kept += [
            replace(edge, source=source.source, source_port=source.source_port)
            for edge in after
            if source.source != id  # a node that feeds itself joins nothing
        ]
    nodes = graph.nodes.values()
    others = (replace(n, shares=None) if n.shares == id else n for n in nodes)
    return Graph(
        FrozenMap((n.id, n) for n in others if n.id != id),
        tuple(dict.fromkeys(kept)),
        without_nodes(graph.groups, (id,)),
        tuple(n for n in graph.outputs if n != id),
    )


@dataclass(frozen=True, slots=True)
class ReplaceNode(GraphEdit):
    """Replace the node with the same id."""

    node: Node
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        find_node(graph, self.node.id)
        return graph.with_nodes([self.node])


@dataclass(frozen=True, slots=True)
class MoveNodes(GraphEdit):
    """Move nodes to new positions, by id."""

    positions: FrozenMap[str, tuple[float, float]]
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        return graph.with_nodes(
            replace(find_node(graph, id), position=(float(x), float(y)))
            for id, (x, y) in self.positions.items()
        )


@dataclass(frozen=True, slots=True)
class SetFrozen(GraphEdit):
    """Freeze or unfreeze the weights of nodes."""

    ids: tuple[str, ...]
    frozen: bool
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        return graph.with_nodes(
            replace(find_node(graph, id), frozen=self.frozen) for id in self.ids
        )


@dataclass(frozen=True, slots=True)
class ShareWeights(GraphEdit):
    """Make a node use another's weights, or its own again (`with_node` None)."""

    node: str
    with_node: str | None
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        if self.with_node is not None and (
            find_node(graph, self.with_node).shares or self.with_node == self.node
        ):
            raise UserError(
                _("Weights can only be shared with the layer that owns them.")
            )
        node = find_node(graph, self.node)
        return graph.with_nodes([replace(node, shares=self.with_node)])


@dataclass(frozen=True, slots=True)
class SetOutputs(GraphEdit):
    """Mark the model's outputs; if none is marked, nodes that feed no other are."""

    ids: tuple[str, ...]
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        for id in self.ids:
            find_node(graph, id)
        return replace(graph, outputs=self.ids)
