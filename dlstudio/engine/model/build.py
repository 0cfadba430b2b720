"""Builds a `keras.Model` from a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import keras

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.repetition import Repetition
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.model.build_error import naming
from dlstudio.engine.model.call_arguments import (
    CallArguments,
    arguments,
    constants,
    layer_names,
    owner_of,
    ports_of,
    with_constants,
)
from dlstudio.engine.model.copy_names import copy_name, model_name
from dlstudio.engine.model.dtype_policies import dtype_policy
from dlstudio.engine.model.instantiate import call_values, make_layer, nested_models
from dlstudio.engine.model.opaque import OpaqueLayer
from dlstudio.engine.model.operations import constant
from dlstudio.engine.model.repeated import repeated_model
from dlstudio.engine.runtime.error_text import plain
from dlstudio.engine.runtime.seeds import building
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel, KerasTensor

DEEPEST = 16
BeforeCall: TypeAlias = "Callable[[KerasLayer, list[KerasTensor]], None]"


def build(
    source: Project | Graph,
    catalog: Catalog,
    graph_name: str = MODEL,
    graphs: Mapping[str, Graph] | None = None,
    precision: str | None = None,
    folder: Path | None = None,
    before_call: BeforeCall | None = None,
) -> KerasModel:
    """The functional `keras.Model` of a graph.

    Layers are created in topological order and named by `layer_names`, so that the same
    graph always gives the same model. The global dtype policy is restored before this
    returns. The code of custom layers is run if it is that of the project in `folder`,
    or of a `project_code` around the call, and the user trusts it.

    Args:
        source: A project, or a single graph.
        graph_name: Which of the project's graphs; for a single graph, its name.
        graphs: Where nested graphs are looked up; the project's by default.
        precision: A dtype policy; the plan's, or "float32", by default.
        folder: The project's folder, with the weight files of opaque layers. Without it
            they have initial weights, which is enough for shapes.
        before_call: Called with each layer of the graph itself, and its input tensors,
            before it is called; it may let the layer learn from data.

    Returns:
        A `keras.Model` whose inputs are the graph's input nodes in their order.

    Raises:
        BuildError: A node cannot be built; names the node and the reason.
        UserError: The graph is empty, has a cycle, no input, or does not exist.
    """
    code: AbstractContextManager[object] = nullcontext()
    if isinstance(source, Project):
        if folder is not None:
            code = project_code(source, folder)
        graphs = source.graphs if graphs is None else graphs
        precision = source.plan.precision if precision is None else precision
        graph = source.graph(graph_name)
    else:
        graph = source
    with code, building(), dtype_policy(precision or "float32"):
        builder = _Builder(catalog, graphs or {}, (), folder, before_call)
        return builder.model(graph, graph_name)


def build_nested(
    name: str, catalog: Catalog, graphs: Mapping[str, Graph], layer_name: str = ""
) -> KerasModel:
    """The model of a named graph, for use as a layer of another model.

    Args:
        name: Name of the graph.
        catalog: Describes the layers.
        graphs: All graphs of the project, by name.
        layer_name: The name of the layer; the graph's if empty.

    Returns:
        A `keras.Model`.

    Raises:
        UserError: As for `build`.
    """
    return _Builder(catalog, graphs).nested(name, layer_name or name)


class _Builder:
    """Builds one graph and, through itself, the graphs nested in it."""

    def __init__(
        self,
        catalog: Catalog,
        graphs: Mapping[str, Graph],
        stack: tuple[str, ...] = (),
        folder: Path | None = None,
        before_call: BeforeCall | None = None,
    ) -> None:
        self._folder = folder
        self._before_call = before_call
        self._catalog = catalog
        self._graphs = graphs
        self._stack = stack

    def model(self, graph: Graph, name: str, layer_name: str = "") -> KerasModel:
        order = _order(graph)
        names, calls = layer_names(graph), CallArguments(graph)
        layers: dict[str, Any] = {}
        loaded: set[str] = set()
        tensors: dict[str, list[Any]] = {}
        for id in order:
            node = graph.nodes[id]
            with naming(node, name):
                owner = owner_of(graph, node)
                if owner.id not in layers:
                    layers[owner.id] = self._layer(owner, names[owner.id])
                layer = layers[owner.id]
                tensors[id] = self._call(calls.into(id), node, layer, tensors)
                if (
                    isinstance(layer, OpaqueLayer)
                    and self._folder
                    and owner.id not in loaded
                ):
                    layer.load(self._folder)
                    loaded.add(owner.id)
        inputs = [tensors[node.id][0] for node in graph.inputs]
        counts = {id: len(found) for id, found in tensors.items()}
        outputs = [
            _tensor(tensors.get(id, []), id, port)
            for id, port in graph.output_tensors(counts)
        ]
        return _functional(inputs, outputs, layer_name or model_name(name), name)

    def nested(self, name: str, layer_name: str) -> KerasModel:
        inner = self._graphs.get(name)
        if inner is None:
            raise UserError(
                _("The project has no model called “{name}”.").format(name=name)
            )
        if name in self._stack or len(self._stack) >= DEEPEST:
            raise UserError(
                _("The model “{name}” contains itself.").format(name=name),
                _("Use another model inside it."),
            )
        inside = (*self._stack, name)
        builder = _Builder(self._catalog, self._graphs, inside, self._folder)
        return builder.model(inner, name, layer_name)

    def _layer(self, node: Node, layer_name: str) -> KerasLayer:
        if node.kind == NESTED:
            layer = self._nested_layer(node, layer_name)
        else:
            params = node.params.without(["name"])
            with nested_models(self.nested):
                layer = make_layer(node.kind, params, self._catalog, layer_name)
        if node.frozen:
            layer.trainable = False
        return layer

    def _nested_layer(self, node: Node, layer_name: str) -> KerasModel:
        graph, repetition = str(node.params.get("graph", "")), Repetition.of(node)
        if not repetition:
            return self.nested(graph, layer_name)
        copies = [
            self.nested(graph, copy_name(graph, number + 1))
            for number in range(repetition.copies)
        ]
        inner = self._graphs[graph]
        own = layer_names(inner)
        names = [own[each.id] for each in inner.inputs]
        return repeated_model(copies, repetition.count, names, layer_name)

    def _call(
        self,
        edges: Sequence[Edge],
        node: Node,
        layer: KerasLayer,
        tensors: Mapping[str, list[KerasTensor]],
    ) -> list[KerasTensor]:
        given = []
        for edge in edges:
            found = tensors.get(edge.source, [])
            tensor = _tensor(found, edge.source, edge.source_port)
            given.append((edge.target_port, tensor))
        described = self._catalog[node.kind]
        ports = ports_of(node, described.inputs, self._graphs)
        fixed = [(port, constant(v)) for port, v in constants(node, ports)]
        args, named = arguments(ports, with_constants(given, fixed))
        if node.kind == INPUT:
            return [layer.output]
        values = call_values(described, node.call, self._catalog)
        if self._before_call is not None:
            self._before_call(layer, flat((args, named)))
        return flat(layer(*args, **named, **values))


def _tensor(found: Sequence[KerasTensor], id: str, port: int) -> KerasTensor:
    """One of the tensors that a node gives."""
    if port >= len(found):
        raise UserError(
            _("{source} has no output {port}.").format(source=id, port=port + 1)
        )
    return found[port]


def flat(outputs: object) -> list[KerasTensor]:
    """All output tensors of a layer, in order."""
    return list(keras.tree.flatten(outputs))


def _order(graph: Graph) -> tuple[str, ...]:
    if not graph.nodes:
        raise UserError(
            _("The model is empty."),
            _("Add an Input layer and other layers, and connect them."),
        )
    if not graph.inputs:
        raise UserError(_("The model has no input."), _("Add an Input layer."))
    order, rest = graph.order()
    if rest:
        raise UserError(
            _("The connections form a cycle through {names}.").format(
                names=", ".join(sorted(rest))
            ),
            _("Remove one of these connections."),
        )
    return order


def _functional(
    inputs: list[KerasTensor], outputs: list[KerasTensor], name: str, graph: str
) -> KerasModel:
    if not outputs:
        raise UserError(_("The model “{name}” has no output.").format(name=graph))
    try:
        model: KerasModel = keras.Model(
            inputs if len(inputs) > 1 else inputs[0],
            outputs if len(outputs) > 1 else outputs[0],
            name=name,
        )
    except ValueError as error:
        raise UserError(
            _("“{name}” is not a valid model: {reason}").format(
                name=graph, reason=plain(error)
            ),
            _("Check that every input is connected to an output."),
        ) from error
    return model
