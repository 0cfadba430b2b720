"""Layers that cannot be opened, as opaque nodes with their configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.graph import OPAQUE, Node
from dlstudio.document.values import FrozenMap, Json, Value
from dlstudio.engine.model_import.layer_nodes import ImportedLayer
from dlstudio.engine.model_import.network_config import LayerConfig
from dlstudio.engine.model_import.serialized import (
    TensorReference,
    inner,
    reference,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

_TEXTS = ("class_name", "module", "registered_name")


def opaque_layer(layer: LayerConfig) -> ImportedLayer:
    """The nodes of a layer that is kept as it is.

    Raises:
        UserError: Its calls cannot be read, or differ in how tensors are passed.
    """
    made = [_template(each) for each in layer.calls]
    templates = [template for template, tensors in made]
    if any(each != templates[0] for each in templates):
        raise UserError(
            _("“{name}” is called in several ways, which cannot be kept.").format(
                name=layer.name
            )
        )
    config = dict(inner(layer.item))
    frozen = config.get("trainable") is False
    params: dict[str, Value] = {
        name: str(layer.item[name]) for name in _TEXTS if layer.item.get(name)
    }
    params["config"] = Json.of(config)
    if layer.item.get("build_config"):
        params["build_config"] = Json.of(layer.item["build_config"])
    tensors = [found for template, found in made] or [[]]
    if len(tensors[0]) != 1:
        params["inputs"] = len(tensors[0])
    if made and templates[0] != {"args": [{"port": 0}], "kwargs": {}}:
        params["arguments"] = Json.of(templates[0])
    node = Node(layer.name, OPAQUE, FrozenMap(params), frozen=frozen)
    return ImportedLayer(
        (node,) * len(tensors), tuple(list(enumerate(found)) for found in tensors)
    )


def _template(call: JsonValue) -> tuple[JsonObject, list[TensorReference]]:
    """A call with `{"port": number}` for tensors, and the tensors."""
    if not isinstance(call, Mapping):
        raise UserError(_("A call of a layer cannot be read."))
    tensors: list[TensorReference] = []

    def replaced(item: JsonValue) -> JsonValue:
        found = reference(item)
        if found is not None:
            tensors.append(found)
            return {"port": len(tensors) - 1}
        if isinstance(item, Mapping):
            return {key: replaced(value) for key, value in item.items()}
        if isinstance(item, Sequence) and not isinstance(item, str):
            return [replaced(each) for each in item]
        return item

    made: JsonObject = {
        "args": replaced(call.get("args", [])),
        "kwargs": replaced(call.get("kwargs", {})),
    }
    return made, tensors
