"""Layers that cannot be opened, as opaque nodes with their configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
        UserError: Its calls cannot be read.
    """
    made = [_template(each) for each in layer.calls]
    config = dict(inner(layer.item))
    frozen = config.get("trainable") is False
    params: dict[str, Value] = {
        name: str(layer.item[name]) for name in _TEXTS if layer.item.get(name)
    }
    params["config"] = Json.of(config)
    if layer.item.get("build_config"):
        params["build_config"] = Json.of(layer.item["build_config"])
    node = Node(layer.name, OPAQUE, FrozenMap(params), frozen=frozen)
    differ = any(template != made[0][0] for template, _tensors in made)
    return ImportedLayer(
        tuple(_called(node, *each) for each in made) or (node,),
        tuple(list(enumerate(tensors)) for _template, tensors in made) or ([],),
        separate=differ,
        notes=(_("Its calls differ, so that each has its own weights."),) * differ,
    )


def _called(
    node: Node, template: JsonObject, tensors: Sequence[TensorReference]
) -> Node:
    """The node of a call, with how tensors are passed to it."""
    params = node.params
    if len(tensors) != 1:
        params = params.set("inputs", len(tensors))
    if template != {"args": [{"port": 0}], "kwargs": {}}:
        params = params.set("arguments", Json.of(template))
    return replace(node, params=params)


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
