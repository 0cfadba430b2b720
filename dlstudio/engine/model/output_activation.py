"""The activation that gives the values of a node, also inside of nested graphs."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.graph import NESTED, Graph
from dlstudio.document.values import Spec, Value

ACTIVATIONS = frozenset(
    {"softmax", "sigmoid", "relu", "leakyrelu", "prelu", "elu", "tanh", "log_softmax"}
)
"""Layers and operations that are an activation."""
PASSING = frozenset(
    {"cast", "dropout", "flatten", "identity", "reshape", "squeeze", "activity"}
)
"""Layers and operations that leave the meaning of values as it is."""
DEEPEST = 32


def output_activation(
    graphs: Mapping[str, Graph], name: str, id: str, depth: int = 0
) -> str:
    """The name of the activation of a node in lower case; "" for none.

    Args:
        graphs: Of a project.
        name: Of the node's graph.
        id: Of the node.
        depth: How many nodes were passed before.
    """
    graph = graphs.get(name)
    if graph is None or id not in graph.nodes or depth > DEEPEST:
        return ""
    node = graph.nodes[id]
    kind = node.kind.rpartition(".")[2].lower()
    if node.kind == NESTED:
        inner = str(node.params.get("graph", ""))
        ends = graphs[inner].output_ids() if inner in graphs else ()
        return output_activation(graphs, inner, ends[0], depth + 1) if ends else ""
    if kind in ACTIVATIONS:
        return kind
    if kind in PASSING:
        before = [edge.source for edge in graph.into(id)]
        if len(before) == 1:
            return output_activation(graphs, name, before[0], depth + 1)
        return ""
    return _name(node.params.get("activation"))


def _name(value: Value) -> str:
    """ "relu" from a name, a kind, or an object; "" for none."""
    text = value.kind if isinstance(value, Spec) else value
    if not isinstance(text, str):
        return ""
    found = (text.rpartition(".")[2] or text).lower()
    return "" if found == "linear" else found
