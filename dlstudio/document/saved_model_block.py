"""Blocks that call a SavedModel which is kept beside the project."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.graph import OPAQUE, Graph, Node

CLASS = "SavedModelLayer"
REGISTERED = f"dlstudio>{CLASS}"


def calls_saved_model(node: Node) -> bool:
    """Whether a node is a block that calls a SavedModel."""
    return node.kind == OPAQUE and node.params.get("registered_name") == REGISTERED


def has_saved_models(graphs: Mapping[str, Graph]) -> bool:
    """Whether a block of any of the graphs calls a SavedModel."""
    nodes = (node for graph in graphs.values() for node in graph.nodes.values())
    return any(map(calls_saved_model, nodes))


def block_title(node: Node) -> str:
    """What a block is: the class of its layer, or a SavedModel."""
    if calls_saved_model(node):
        return "SavedModel"
    return str(node.params.get("class_name", ""))
