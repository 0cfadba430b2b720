"""Turns the configuration of a model, and of those in it, into graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field, replace
from functools import partial

from dlstudio.catalog.schema import Ports
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Edge, Graph, Node
from dlstudio.document.graph_names import MODEL
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model_import.calls import SerializedCall
from dlstudio.engine.model_import.imported_graphs import (
    ImportNote,
    LayerPath,
    NodePlace,
    OpaqueBlock,
    UnopenedLayer,
)
from dlstudio.engine.model_import.layer_nodes import ImportedLayer, LayerReader
from dlstudio.engine.model_import.masks import without_implicit_masks
from dlstudio.engine.model_import.network_config import (
    LayerConfig,
    NetworkConfig,
    SerializedObject,
    is_network,
    network_config,
)
from dlstudio.engine.model_import.opaque_nodes import opaque_layer
from dlstudio.engine.model_import.output_nodes import OutputNodes
from dlstudio.engine.model_import.params import class_title
from dlstudio.engine.model_import.serialized import TensorReference, inner
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

DEEPEST = 16


@dataclass
class NetworkReader:
    """Collects the graphs of a model.

    Args:
        layers: Reads single layers.
        identities: What is the same for layers that are one in the original, by path;
            the configuration may say it instead.

    Attributes:
        graphs: By name, the innermost first.
        opaque: What could not be opened.
        notes: What is different.
        paths: Where layers were in the original model.
    """

    layers: LayerReader
    identities: Mapping[LayerPath, int] = field(default_factory=dict)
    graphs: dict[str, Graph] = field(default_factory=dict)
    opaque: list[OpaqueBlock] = field(default_factory=list)
    notes: list[ImportNote] = field(default_factory=list)
    paths: dict[NodePlace, LayerPath] = field(default_factory=dict)
    _known: dict[JsonValue, LayerPath] = field(default_factory=dict)
    _shared: set[LayerPath] = field(default_factory=set)
    _names: set[str] = field(default_factory=lambda: {MODEL})

    def read(
        self, item: SerializedObject, name: str = MODEL, path: LayerPath = ()
    ) -> Graph:
        """Add the graph of a serialized model.

        Args:
            item: The model.
            name: Of its graph.
            path: Of the model itself, if it is a layer of another one.

        Raises:
            UserError: The configuration is damaged.
        """
        if len(path) > DEEPEST:
            raise UserError(_("The model is nested too deeply."))
        network = without_implicit_masks(network_config(item))
        graph = _NetworkGraph(self, network, name, path).graph()
        self.graphs[name] = graph
        return graph

    def sharing(self, path: LayerPath, item: SerializedObject) -> LayerPath:
        """The layer of another graph that had the same weights; () if there is none.

        Those inside a model that is itself shared are not meant.

        Args:
            path: Of the layer.
            item: The serialized layer.
        """
        key = self.identities.get(path) or item.get("shared_object_id")
        if not isinstance(key, int):
            return ()
        other = self._known.setdefault(key, path)
        inside = any(path[:count] in self._shared for count in range(1, len(path)))
        if other == path or inside:
            return ()
        self._shared.add(path)
        return other

    def counts(self) -> tuple[int, ...]:
        """How much has been collected."""
        collected: tuple[Sized, ...]
        collected = (self.graphs, self.paths, self.opaque, self.notes)
        return tuple(len(each) for each in collected)

    def forget_since(self, counts: tuple[int, ...]) -> None:
        """Forget what was collected since then, inside a layer that stays opaque.

        Args:
            counts: What `counts` has given.
        """
        graphs, paths, opaque, notes = counts
        for name in list(self.graphs)[graphs:]:
            del self.graphs[name]
        for place in list(self.paths)[paths:]:
            del self.paths[place]
        del self.opaque[opaque:], self.notes[notes:]

    def nested_name(self, wanted: str) -> str:
        """A name for a nested graph that no other has."""
        name, number = wanted or "nested", 2
        while name in self._names:
            name, number = f"{wanted or 'nested'}_{number}", number + 1
        self._names.add(name)
        return name


class _NetworkGraph:
    """Builds one graph."""

    def __init__(
        self, reader: NetworkReader, network: NetworkConfig, name: str, path: LayerPath
    ) -> None:
        self._reader = reader
        self._network = network
        self._name = name
        self._path = path
        self._ids = {layer.name for layer in network.layers}
        self._places: dict[tuple[str, int], str] = {}
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []
        self._waiting: list[tuple[str, list[tuple[int, TensorReference]]]] = []

    def graph(self) -> Graph:
        by_name = {layer.name: layer for layer in self._network.layers}
        inputs = [n for n in self._network.inputs if n in by_name]
        for name in (*inputs, *(n for n in by_name if n not in inputs)):
            self._add_layer(by_name[name])
        for id, tensors in self._waiting:
            for port, tensor in tensors:
                self._edges.append(Edge(self._source(tensor), id, tensor.tensor, port))
        self._note_structure()
        self._count_outputs()
        graph = Graph(FrozenMap(self._nodes), tuple(self._edges))
        ends = [(self._source(each), each.tensor) for each in self._network.outputs]
        catalog = self._reader.layers.params.catalog
        outputs = OutputNodes(graph, self._reader.graphs, ends, catalog)
        for id, text in outputs.notes:
            self._note(id, text)
        artist = GraphArtist(catalog, self._reader.graphs)
        return artist.arranged(outputs.graph, always=True)

    def _count_outputs(self) -> None:
        """Let opaque blocks give as many tensors as are used."""
        used = [(edge.source, edge.source_port) for edge in self._edges]
        used += [(self._source(each), each.tensor) for each in self._network.outputs]
        for id, port in used:
            node = self._nodes[id]
            given = node.params.get("outputs", 1)
            if node.kind == OPAQUE and isinstance(given, int) and port >= given:
                params = node.params.set("outputs", port + 1)
                self._nodes[id] = replace(node, params=params)

    def _source(self, tensor: TensorReference) -> str:
        """The node that gives a tensor."""
        id = self._places.get((tensor.layer, tensor.call))
        if id is None:
            raise UserError(
                _("The configuration names a tensor that does not exist."),
                _("It is a result of “{name}”.").format(name=tensor.layer),
            )
        return id

    def _add_layer(self, layer: LayerConfig) -> None:
        path = (*self._path, layer.name)
        other = self._reader.sharing(path, layer.item)
        imported = self._imported(layer)
        owner = ""
        for number in range(len(imported.nodes)):
            id = self._unused(layer.name) if number else layer.name
            self._places[layer.name, number] = id
            self._reader.paths[self._name, id] = path
            node = replace(imported.nodes[number], id=id)
            if owner and not imported.separate:
                node = replace(node, shares=owner)
            owner = owner or id
            self._nodes[id] = node
            self._waiting.append((id, imported.tensors[number]))
        for text in imported.notes:
            self._note(owner, text)
        if other and imported.nodes[0].kind != INPUT:
            self._note(
                owner,
                _("It had the weights of “{other}”, and now has its own.").format(
                    other="/".join(other)
                ),
            )

    def _imported(self, layer: LayerConfig) -> ImportedLayer:
        before = self._reader.counts()
        try:
            calls = [SerializedCall.of(each) for each in layer.calls]
            if is_network(layer.item):
                return self._nested(layer, calls)
            path = (*self._path, layer.name)
            self._reader.layers.params.nested = partial(self._inside, path)
            return self._reader.layers.read(layer, calls, path)
        except UnopenedLayer as reason:
            self._reader.forget_since(before)
            made = opaque_layer(layer)
            title = class_title(layer.item)
            self._reader.opaque.append(
                OpaqueBlock(self._name, layer.name, title, reason.message)
            )
            return made

    def _nested(self, layer: LayerConfig, calls: list[SerializedCall]) -> ImportedLayer:
        name = self._reader.nested_name(layer.name)
        inside = self._reader.read(layer.item, name, (*self._path, layer.name))
        count = len(inside.inputs)
        ports = Ports(count, count, as_list=count > 1)
        frozen = inner(layer.item).get("trainable") is False
        made = Node(layer.name, NESTED, FrozenMap({"graph": name}), frozen=frozen)
        return self._reader.layers.called(made, ports, calls)

    def _inside(self, path: LayerPath, item: SerializedObject) -> str:
        """Add the graph of a model inside a layer, such as TimeDistributed."""
        own = str(inner(item).get("name") or "")
        name = self._reader.nested_name(own)
        self._reader.read(item, name, (*path, own))
        return name

    def _unused(self, name: str) -> str:
        number = 2
        while f"{name}_{number}" in self._ids:
            number += 1
        self._ids.add(f"{name}_{number}")
        return f"{name}_{number}"

    def _note(self, node: str, text: str) -> None:
        self._reader.notes.append(ImportNote(self._name, node, text))

    def _note_structure(self) -> None:
        if self._network.named_inputs:
            self._note("", _("The inputs were a dict and are now a list."))
        if self._network.named_outputs:
            self._note("", _("The outputs were a dict and are now a list."))
        if self._network.custom_class:
            self._note(
                "",
                _("The methods of the class {name} are not imported.").format(
                    name=self._network.custom_class
                ),
            )
