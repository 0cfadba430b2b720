"""Calls of a script as nodes and edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Edge, Graph, Node
from dlstudio.document.repetition import REPEAT, SHARED_WEIGHTS
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.engine.script_reader.model_calls import calls_of
from dlstudio.engine.script_reader.repetitions import repetition_in
from dlstudio.engine.script_reader.script_values import (
    ScriptCall,
    ScriptModel,
)

INSIDE = "layer"
"""The parameter of a layer around another one."""
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
        params |= _graph_params(layer.model, graph_name)
    if layer.inside is not None:
        name = graph_name(layer.inside)
        params[INSIDE] = Spec(NESTED, FrozenMap({"graph": name}))
    if layer.kind == OPAQUE and len(call.given) > 1:
        params["inputs"] = len(call.given)
    shared = owner is not None
    return Node(
        id,
        layer.kind,
        FrozenMap() if shared and layer.kind == INPUT else FrozenMap(params),
        shares=owner,
        frozen=layer.frozen and not shared,
        call=FrozenMap(call.call),
    )


def _graph_params(model: ScriptModel, graph_name: GraphNames) -> dict[str, Value]:
    """The graph of a model, and how often it is repeated."""
    found = repetition_in(model)
    if found is None:
        return {"graph": graph_name(model)}
    params: dict[str, Value] = {"graph": graph_name(found.model), REPEAT: found.count}
    return {**params, SHARED_WEIGHTS: True} if found.shared else params


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
            ends = {inner_ids[end.call]: end.ports for end in model.outputs}
            graph = graph.with_nodes(
                replace(graph.nodes[id], output_ports=ports)
                for id, ports in ends.items()
            )
            graphs[name] = Graph(graph.nodes, graph.edges, (), tuple(ends))
        return name

    nodes = {ids[call]: node_of(call, ids[call], None, graph_name) for call in calls}
    edges = tuple(edge for call in calls for edge in edges_of(call, ids))
    return Graph(FrozenMap(nodes), edges), ids
