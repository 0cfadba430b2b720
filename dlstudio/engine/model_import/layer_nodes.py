"""Single layers and operations of a configuration, as nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dlstudio.catalog.schema import Description, Ports
from dlstudio.catalog.validation import check_call
from dlstudio.document.graph import INPUT, Node
from dlstudio.document.values import FrozenMap, Params, freeze_map
from dlstudio.engine.model_import.calls import (
    Connections,
    SerializedCall,
    layer_connections,
    operation_connections,
)
from dlstudio.engine.model_import.imported_graphs import LayerPath, UnopenedLayer
from dlstudio.engine.model_import.minimal_config import minimal_config
from dlstudio.engine.model_import.network_config import LayerConfig
from dlstudio.engine.model_import.operations import (
    is_operation,
    operation_description,
)
from dlstudio.engine.model_import.params import ParamReader, layer_description
from dlstudio.engine.model_import.serialized import TensorReference, inner
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.json_values import JsonValue

DENSE = marked("It accepted sparse or ragged tensors; it accepts dense ones now.")
LayerState = Mapping[str, JsonValue]
"""What a layer has learned from data, by the parameters that hold it."""


@dataclass(frozen=True)
class ImportedLayer:
    """The nodes of a layer: one for each of its calls, or one if there is none.

    Attributes:
        nodes: In the order of the calls.
        tensors: What enters the ports of each node.
        separate: Whether the nodes have nothing in common, as operations.
        notes: What is different from the original.
    """

    nodes: tuple[Node, ...]
    tensors: tuple[list[tuple[int, TensorReference]], ...]
    separate: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerReader:
    """Reads layers and operations that the catalog knows.

    Args:
        params: Reads parameters.
        states: What layers have learned from data, by their paths.
    """

    params: ParamReader
    states: Mapping[LayerPath, LayerState] = field(default_factory=dict)

    def read(
        self, layer: LayerConfig, calls: Sequence[SerializedCall], path: LayerPath
    ) -> ImportedLayer:
        """The nodes of a layer.

        Args:
            layer: The layer.
            calls: Its calls.
            path: Its path in the model.

        Raises:
            UnopenedLayer: The catalog does not know it, or something in it.
        """
        if is_operation(layer.item):
            return self._operation(layer, calls)
        description = layer_description(layer.item, self.params.catalog)
        config = dict(minimal_config(layer.item))
        if description.kind == INPUT:
            return self._input(layer.name, description, config)
        frozen = config.pop("trainable", True) is False
        config.update(self.states.get(path, {}))
        params = self.params.params(description, config).without(["name"])
        node = Node(layer.name, description.kind, params, frozen=frozen)
        return self.called(node, description.inputs, calls)

    def called(
        self, node: Node, ports: Ports, calls: Sequence[SerializedCall]
    ) -> ImportedLayer:
        """The nodes of a layer's calls.

        Args:
            node: The layer.
            ports: Its ports.
            calls: Its calls.

        Raises:
            UnopenedLayer: An argument of a call has no place here.
        """
        description = self.params.catalog[node.kind]
        made = [layer_connections(each, description, ports) for each in calls]
        nodes = [
            replace(node, call=self._call_values(description, each)) for each in made
        ]
        return ImportedLayer(
            tuple(nodes) or (node,), tuple(each.tensors for each in made) or ([],)
        )

    def _call_values(self, description: Description, made: Connections) -> Params:
        known = {param.name: param for param in description.call}
        try:
            given = freeze_map(made.values)
        except UserError as error:
            raise UnopenedLayer(error.message) from error
        problems = check_call(description, given, self.params.catalog)
        if problems:
            raise UnopenedLayer(problems[0][1])
        return FrozenMap(
            (name, value)
            for name, value in given.items()
            if value != known[name].default
        )

    def _operation(
        self, layer: LayerConfig, calls: Sequence[SerializedCall]
    ) -> ImportedLayer:
        description = operation_description(layer.item, self.params.catalog)
        if description is None:
            raise UnopenedLayer(
                _("The operation {name} cannot be edited here.").format(
                    name=str(layer.item["class_name"])[:60]
                )
            )
        if not calls:
            raise UnopenedLayer(_("Its call cannot be read."))
        nodes, tensors = [], []
        for call in calls:
            made = operation_connections(call, description)
            config = {**inner(layer.item), **made.values}
            params = self.params.params(description, config).without(["name"])
            nodes.append(Node(layer.name, description.kind, params))
            tensors.append(made.tensors)
        return ImportedLayer(tuple(nodes), tuple(tensors), separate=True)

    def _input(
        self, name: str, description: Description, config: dict[str, JsonValue]
    ) -> ImportedLayer:
        shape = config.pop("batch_shape", None)
        if not isinstance(shape, Sequence) or isinstance(shape, str) or not shape:
            raise UserError(
                _("The shape of the input “{name}” is not known.").format(name=name)
            )
        # Both have to go, so that neither is read as a parameter.
        special = [config.pop(each, False) for each in ("sparse", "ragged")]
        config["shape"] = list(shape[1:])
        config["batch_size"] = shape[0]
        if config.get("dtype") in (None, "float32"):
            config.pop("dtype", None)
        params = self.params.params(description, config).without(["name"])
        node = Node(name, INPUT, params)
        return ImportedLayer((node,), ([],), notes=(_(DENSE),) if any(special) else ())
