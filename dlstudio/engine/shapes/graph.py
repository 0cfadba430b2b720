"""Shapes, parameters and cost of every node, without creating weights."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.repetition import Repetition
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.cost.layer_cost import FREE, Cost
from dlstudio.engine.custom_code.code_scope import ScopeKey, current_code
from dlstudio.engine.model.call_arguments import (
    CallArguments,
    arguments,
    constants,
    owner_of,
    ports_of,
    with_constants,
)
from dlstudio.engine.shapes.layer_inference import (
    InferredLayer,
    TensorSpec,
    infer_layer,
    isolated,
)
from dlstudio.engine.shapes.nested_shapes import (
    ShapeRefusalError,
    as_one,
    narrowed,
    repeated,
)
from dlstudio.engine.shapes.node_shape import NodeShape
from dlstudio.errors import UserError
from dlstudio.i18n import _, translator

DEEPEST = 16
ON_CANVAS = ("layers", "ops", "nodes")
"""Families that can be nodes."""


LayerKey = tuple[
    str,
    FrozenMap[str, Value],
    tuple[str, ScopeKey],
    tuple[int, ...],
    tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]],
    FrozenMap[str, Value],
    FrozenMap[str, Graph],
]
"""Everything a layer's shapes depend on: kind, parameters, policy with trusted code,
ports in use, inputs of the first call and of this call, values of the call, and graphs
inside the layer.
"""
Recall = Callable[[LayerKey, Node, Catalog], InferredLayer]


class ShapeInference:
    """Infers shapes and caches them per layer, so that edits are fast.

    A layer is inferred again only if its kind, its parameters or its inputs changed.
    Thread-safe.

    Args:
        limit: Maximum number of cached results; the oldest are dropped first.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._limit = limit
        self._memo: OrderedDict[Any, InferredLayer] = OrderedDict()
        self._lock = threading.Lock()
        self._language = translator.language
        self.inferred = 0
        """How many layers were inferred, not cached."""

    def infer(
        self,
        graph: Graph,
        catalog: Catalog,
        graphs: Mapping[str, Graph] | None = None,
        precision: str = "float32",
    ) -> dict[str, NodeShape]:
        """Every node's shapes; never raises for any content of a graph.

        Args:
            graph: May be incomplete or invalid.
            catalog: Where kinds are looked up.
            graphs: Where nested graphs are looked up.
            precision: The dtype policy of the model.
        """
        with self._lock:
            self._forget_other_language()
            walk = _GraphInference(self._recall, catalog, graphs or {}, precision)
            try:
                return walk.over(graph)
            except _UnknownError:
                walk.recall = self._infer
                return isolated(lambda: walk.over(graph), precision)

    def _forget_other_language(self) -> None:
        """Drop cached errors that are not in the current language."""
        if self._language != translator.language:
            self._language = translator.language
            kept = ((key, each) for key, each in self._memo.items() if not each.error)
            self._memo = OrderedDict(kept)

    def _recall(self, key: LayerKey, node: Node, catalog: Catalog) -> InferredLayer:
        found = self._memo.get(key)
        if found is None:
            raise _UnknownError
        self._memo.move_to_end(key)
        return found

    def _infer(self, key: LayerKey, node: Node, catalog: Catalog) -> InferredLayer:
        if key not in self._memo:
            self.inferred += 1
            self._memo[key] = infer_layer(node, catalog, *key[3:])
            while len(self._memo) > self._limit:
                self._memo.popitem(last=False)
        return self._recall(key, node, catalog)


class _UnknownError(Exception):
    """A layer has to be inferred, which needs Keras."""


class _GraphInference:
    """One pass over a graph and the graphs nested in it."""

    def __init__(
        self, recall: Recall, catalog: Catalog, graphs: Mapping[str, Graph], policy: str
    ) -> None:
        self.recall = recall
        self._catalog = catalog
        self._graphs = graphs
        self._policy = policy
        self._code = current_code().key
        self._stack: tuple[str, ...] = ()

    def over(
        self, graph: Graph, given: tuple[TensorSpec, ...] | None = None
    ) -> dict[str, NodeShape]:
        """Shapes of all nodes; `given` overrides the shapes of the inputs."""
        order, rest = graph.order()
        calls = CallArguments(graph)
        found: dict[str, NodeShape] = {}
        first: dict[str, tuple[TensorSpec, ...]] = {}
        forms = dict(zip((n.id for n in graph.inputs), given or (), strict=False))
        for id in order:
            node = graph.nodes[id]
            try:
                found[id] = self._one(graph, calls, node, found, first, forms.get(id))
            except ShapeRefusalError as refusal:
                found[id] = NodeShape(
                    refusal.inputs, (), FREE, refusal.cause, str(refusal)
                )
        for id in rest:
            found[id] = NodeShape(
                cause="cycle", error=_("The connections form a cycle.")
            )
        return {id: found[id] for id in graph.nodes}

    def _one(
        self,
        graph: Graph,
        calls: CallArguments,
        node: Node,
        found: Mapping[str, NodeShape],
        first: dict[str, tuple[TensorSpec, ...]],
        given: TensorSpec | None,
    ) -> NodeShape:
        owner = _owner(graph, node)
        description = self._catalog.get(owner.kind)
        if description is None or description.family not in ON_CANVAS:
            raise ShapeRefusalError("kind", _("There is no such layer."))
        arriving = _arriving(graph, calls.into(node.id), found)
        inputs = tuple(form for port, form in arriving)
        try:
            ports = ports_of(owner, description.inputs, self._graphs)
            if description.family == "ops" and not arriving:
                raise UserError(_("It needs at least one connection."))
            arguments(ports, with_constants(arriving, constants(owner, ports)))
        except UserError as error:
            raise ShapeRefusalError("ports", str(error), inputs) from error
        if owner.kind == NESTED:
            shape = self._nested(owner, inputs)
        else:
            used = tuple(port for port, form in arriving)
            before = first.setdefault(owner.id, inputs)
            params = owner.params.without(["name"])
            both, nested = (before, inputs), self._inside(owner)
            made = (self._policy, self._code)
            key = (owner.kind, params, made, used, both, node.call, nested)
            shape = _shape(inputs, self.recall(key, owner, self._catalog))
        if given is not None and node.kind == INPUT and shape.outputs:
            shape = replace(shape, outputs=(narrowed(shape.outputs[0], given),))
        return replace(shape, cost=_own(shape.cost, node, owner))

    def _inside(self, node: Node) -> FrozenMap[str, Graph]:
        """The graphs that are used inside a layer, such as TimeDistributed."""
        found: dict[str, Graph] = {}
        waiting = list(graphs_in(node))
        while waiting:
            name = waiting.pop()
            graph = self._graphs.get(name)
            if graph is not None and name not in found:
                found[name] = graph
                waiting += [n for e in graph.nodes.values() for n in graphs_in(e)]
        return FrozenMap(found)

    def _nested(self, node: Node, inputs: tuple[TensorSpec, ...]) -> NodeShape:
        name = str(node.params.get("graph", ""))
        inner = self._graphs.get(name)
        if inner is None:
            raise ShapeRefusalError(
                "nested",
                _("The project has no model called “{name}”.").format(name=name),
            )
        if name in self._stack or len(self._stack) >= DEEPEST:
            raise ShapeRefusalError(
                "nested", _("The model “{name}” contains itself.").format(name=name)
            )
        self._stack = (*self._stack, name)
        try:
            own = self.over(inner)
            inside = self.over(inner, inputs) if _valid_shapes(own) else own
        finally:
            self._stack = self._stack[:-1]
        shape = as_one(name, inner, inside, inputs)
        return repeated(shape, Repetition.of(node))


def _owner(graph: Graph, node: Node) -> Node:
    try:
        return owner_of(graph, node)
    except UserError as error:
        raise ShapeRefusalError("shares", str(error)) from error


def _arriving(
    graph: Graph, edges: Sequence[Edge], found: Mapping[str, NodeShape]
) -> list[tuple[int, TensorSpec]]:
    arriving = []
    for edge in edges:
        source = found.get(edge.source)
        if source is None or source.cause:
            raise ShapeRefusalError("upstream")
        if not 0 <= edge.source_port < len(source.outputs):
            raise ShapeRefusalError(
                "ports",
                _("{source} has no output {port}.").format(
                    source=graph.nodes[edge.source].name, port=edge.source_port + 1
                ),
            )
        arriving.append((edge.target_port, source.outputs[edge.source_port]))
    return arriving


def _shape(inputs: tuple[TensorSpec, ...], outcome: InferredLayer) -> NodeShape:
    return NodeShape(
        inputs, outcome.outputs, outcome.cost, outcome.cause, outcome.error
    )


def _own(cost: Cost, node: Node, owner: Node) -> Cost:
    if node.id != owner.id:
        return replace(cost, params=0, trainable=0)
    return replace(cost, trainable=0) if node.frozen else cost


def _valid_shapes(shapes: Mapping[str, NodeShape]) -> bool:
    return not any(shape.cause for shape in shapes.values())
