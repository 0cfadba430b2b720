"""Edits of a graph's edges."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.edits.base import GraphEdit, find_node
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class Connect(GraphEdit):
    """Add an edge; an existing one is kept."""

    edge: Edge
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        _check_edge(graph, self.edge)
        if self.edge in graph.edges:
            return graph
        return replace(graph, edges=(*graph.edges, self.edge))


@dataclass(frozen=True, slots=True)
class Disconnect(GraphEdit):
    """Remove an edge."""

    edge: Edge
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        return replace(graph, edges=_edges_without(graph, self.edge))


@dataclass(frozen=True, slots=True)
class InsertOnEdge(GraphEdit):
    """Insert a new node into an edge."""

    node: Node
    edge: Edge
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        graph = AddNode(self.node).change(graph)
        halves = (
            replace(self.edge, target=self.node.id, target_port=0),
            replace(self.edge, source=self.node.id, source_port=0),
        )
        return replace(graph, edges=(*_edges_without(graph, self.edge), *halves))


def _check_edge(graph: Graph, edge: Edge) -> None:
    find_node(graph, edge.source)
    find_node(graph, edge.target)
    if edge.source_port < 0 or edge.target_port < 0:
        raise UserError(_("Ports are numbered from 0."))


def _edges_without(graph: Graph, edge: Edge) -> tuple[Edge, ...]:
    if edge not in graph.edges:
        raise UserError(
            _("There is no connection from “{source}” to “{target}”.").format(
                source=edge.source, target=edge.target
            )
        )
    return tuple(each for each in graph.edges if each != edge)
