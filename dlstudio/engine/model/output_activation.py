"""The activation that gives the values of a node, also inside of nested graphs."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.graph import NESTED, OPAQUE, Graph, Node
from dlstudio.document.values import Json, Spec, Value

ACTIVATIONS = frozenset(
    {"softmax", "sigmoid", "relu", "leakyrelu", "prelu", "elu", "tanh", "log_softmax"}
)
"""Layers and operations that are an activation."""
PASSING = frozenset(
    {"cast", "dropout", "flatten", "identity", "reshape", "squeeze", "activity"}
)
"""Layers and operations that leave the meaning of values as it is."""
DEEPEST = 32


def output_activation(graphs: Mapping[str, Graph], name: str, id: str) -> str:
    """The name of the activation of a node in lower case; "" for none.

    Args:
        graphs: Of a project.
        name: Of the node's graph.
        id: Of the node.
    """
    node = source_node(graphs, name, id)
    if node is None:
        return ""
    kind = _kind(node)
    if kind in ACTIVATIONS:
        return kind
    if node.kind == OPAQUE:
        return _name(saved_model_activation(node))
    return "" if kind in PASSING else _name(node.params.get("activation"))


def saved_model_activation(node: Node) -> str:
    """The activation of a block that calls a SavedModel.

    Args:
        node: A block.

    Returns:
        "linear" for the output of a linear layer; "" if it is not known, or if it has
        several outputs of which it is not the same.
    """
    config = node.params.get("config")
    whole = config.value if isinstance(config, Json) else None
    gives = whole.get("gives") if isinstance(whole, dict) else None
    if not isinstance(gives, list):
        return ""
    found = {str(e.get("activation", "")) for e in gives if isinstance(e, dict)}
    return found.pop() if len(found) == 1 else ""


def source_node(
    graphs: Mapping[str, Graph], name: str, id: str, depth: int = 0
) -> Node | None:
    """The node that computes the values of a node: itself, or one further back.

    Args:
        graphs: Of a project.
        name: Of the node's graph.
        id: Of the node.
        depth: How many nodes were passed before.
    """
    graph = graphs.get(name)
    if graph is None or id not in graph.nodes or depth > DEEPEST:
        return None
    node = graph.nodes[id]
    if node.kind == NESTED:
        inner = str(node.params.get("graph", ""))
        ends = graphs[inner].output_ids() if inner in graphs else ()
        return source_node(graphs, inner, ends[0], depth + 1) if ends else None
    before = [edge.source for edge in graph.into(id)]
    if _kind(node) in PASSING and len(before) == 1:
        return source_node(graphs, name, before[0], depth + 1)
    return node


def _kind(node: Node) -> str:
    return node.kind.rpartition(".")[2].lower()


def _name(value: Value) -> str:
    """ "relu" from a name, a kind, or an object; "" for none."""
    text = value.kind if isinstance(value, Spec) else value
    if not isinstance(text, str):
        return ""
    found = (text.rpartition(".")[2] or text).lower()
    return "" if found == "linear" else found
