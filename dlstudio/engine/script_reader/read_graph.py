"""Calls of a script as nodes and edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node
from dlstudio.document.values import FrozenMap
from dlstudio.engine.script_reader.model_calls import calls_of
from dlstudio.engine.script_reader.script_values import (
    ScriptCall,
    ScriptModel,
)

GraphNames = Callable[[ScriptModel], str]


def node_of(
    call: ScriptCall, id: str, owner: str | None, graph_name: GraphNames
) -> Node:
    """The node of a call, with its parameters as written.

    Args:
        call: The call.
        id: Of the node.
        owner: Id of the node whose layer it shares; None if it is its own.
        graph_name: Names the graph of a model.
    """
    layer = call.layer
    params = dict(layer.params)
    if layer.kind == NESTED and layer.model is not None:
        params["graph"] = graph_name(layer.model)
    shared = owner is not None
    return Node(
        id,
        layer.kind,
        FrozenMap() if shared and layer.kind == INPUT else FrozenMap(params),
        shares=owner,
        frozen=layer.frozen and not shared,
        call=FrozenMap(call.call),
    )


def edges_of(call: ScriptCall, ids: Mapping[ScriptCall, str]) -> tuple[Edge, ...]:
    """The edges into the node of a call."""
    return tuple(
        Edge(ids[tensor.call], ids[call], tensor.port, port)
        for port, tensor in call.given
    )


def plain_graph(
    calls: Sequence[ScriptCall], graphs: dict[str, Graph]
) -> tuple[Graph, dict[ScriptCall, str]]:
    """A graph of calls under any ids, to infer shapes.

    Args:
        calls: In the order of the script.
        graphs: Takes the graphs of models.

    Returns:
        The graph, and the node id of each call.
    """
    ids = {call: f"node_{call.number}" for call in calls}

    def graph_name(model: ScriptModel) -> str:
        name = f"graph_{id(model)}"
        if name not in graphs:
            inner = calls_of(model)
            graph, inner_ids = plain_graph(inner, graphs)
            ends = tuple(inner_ids[tensor.call] for tensor in model.outputs)
            graphs[name] = Graph(graph.nodes, graph.edges, (), ends)
        return name

    nodes = {ids[call]: node_of(call, ids[call], None, graph_name) for call in calls}
    edges = tuple(edge for call in calls for edge in edges_of(call, ids))
    return Graph(FrozenMap(nodes), edges), ids
