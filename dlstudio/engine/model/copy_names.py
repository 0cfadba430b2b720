"""Names of a repeated model's copies, the same in models and scripts."""

from __future__ import annotations

from dlstudio.document.graph import NESTED, Graph, Node
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model.call_arguments import layer_names


def model_name(graph: str) -> str:
    """The name of a graph's model, valid in Keras."""
    node = Node(graph, NESTED, FrozenMap())
    return layer_names(Graph(FrozenMap({graph: node})))[graph]


def copy_name(graph: str, number: int) -> str:
    """The name of one copy of a graph's model, from 1."""
    return f"{model_name(graph)}_{number}"
