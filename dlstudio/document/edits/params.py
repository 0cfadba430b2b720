"""Edits of a node's parameters and call arguments."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.edits.base import GraphEdit, find_node
from dlstudio.document.graph import Graph
from dlstudio.document.project import MODEL
from dlstudio.document.values import Value, freeze


@dataclass(frozen=True, slots=True)
class SetParam(GraphEdit):
    """Set one parameter of a node."""

    node: str
    name: str
    value: Value
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        params = find_node(graph, self.node).params
        return graph.with_params(self.node, params.set(self.name, freeze(self.value)))


@dataclass(frozen=True, slots=True)
class ResetParam(GraphEdit):
    """Reset one parameter of a node to its default."""

    node: str
    name: str
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        params = find_node(graph, self.node).params
        return graph.with_params(self.node, params.without([self.name]))


@dataclass(frozen=True, slots=True)
class SetCall(GraphEdit):
    """Set one call argument of a node: `training`, `use_causal_mask`."""

    node: str
    name: str
    value: Value
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        node = find_node(graph, self.node)
        call = node.call.set(self.name, freeze(self.value))
        return graph.with_nodes([replace(node, call=call)])


@dataclass(frozen=True, slots=True)
class ResetCall(GraphEdit):
    """Reset one call argument of a node to Keras' default."""

    node: str
    name: str
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        node = find_node(graph, self.node)
        return graph.with_nodes([replace(node, call=node.call.without([self.name]))])
