"""The configuration of a functional or sequential model, in one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dlstudio.engine.model_import.serialized import (
    TENSOR,
    TensorReference,
    history,
    inner,
    is_object,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

SerializedObject = Mapping[str, JsonValue]
_INPUT = "InputLayer"
_CLASSES = ("Functional", "Model", "Sequential")


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """A layer of a model, and its calls.

    Attributes:
        name: Unique within the model.
        item: The serialized layer.
        calls: The serialized arguments of each call; none for an input.
    """

    name: str
    item: SerializedObject
    calls: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The layers of a model, and the tensors that enter and leave it.

    Attributes:
        name: Of the model.
        layers: In the order of the configuration.
        inputs: Names of the input layers, in the order of the model's inputs.
        outputs: Tensors, in the order of the model's outputs.
        named_inputs: Whether inputs are passed as a dict.
        named_outputs: Names of the outputs if they are a dict, in their order.
        custom_class: The model's class, if it is not one of Keras'; else "".
    """

    name: str
    layers: tuple[LayerConfig, ...]
    inputs: tuple[str, ...]
    outputs: tuple[TensorReference, ...]
    named_inputs: bool = False
    named_outputs: tuple[str, ...] = ()
    custom_class: str = ""


def is_network(item: JsonValue) -> bool:
    """Whether a serialized object is a model with its layers."""
    if not is_object(item):
        return False
    config = inner(item)
    return "layers" in config and (
        "output_layers" in config or item["class_name"] == "Sequential"
    )


def network_config(item: SerializedObject) -> NetworkConfig:
    """The layers of a serialized model.

    Raises:
        UserError: The configuration is damaged, or no input shape is known.
    """
    config = inner(item)
    given = config.get("layers")
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise _damaged()
    objects = []
    for each in given:
        if not is_object(each):
            raise _damaged()
        objects.append(each)
    if "output_layers" in config:
        network = _functional(config, objects)
    else:
        network = _sequential(config, objects, item)
    own = "" if item["class_name"] in _CLASSES else str(item["class_name"])
    return replace(network, custom_class=own)


def _functional(
    config: Mapping[str, JsonValue], objects: Sequence[SerializedObject]
) -> NetworkConfig:
    layers = []
    for each in objects:
        calls = each.get("inbound_nodes", [])
        if not isinstance(calls, Sequence) or isinstance(calls, str):
            raise _damaged()
        layers.append(LayerConfig(_name(each), each, tuple(calls)))
    inputs, outputs = config.get("input_layers"), config["output_layers"]
    return NetworkConfig(
        str(config.get("name") or ""),
        tuple(layers),
        tuple(each.layer for each in _tensors(inputs)),
        tuple(_counted(each, layers) for each in _tensors(outputs)),
        named_inputs=isinstance(inputs, Mapping),
        named_outputs=tuple(sorted(outputs)) if isinstance(outputs, Mapping) else (),
    )


def _sequential(
    config: Mapping[str, JsonValue],
    objects: list[SerializedObject],
    item: SerializedObject,
) -> NetworkConfig:
    if not objects or objects[0]["class_name"] != _INPUT:
        objects.insert(0, _input_layer(config, objects, item))
    layers, before = [], ""
    for each in objects:
        name = _name(each)
        calls = (_plain_call(before),) if before else ()
        layers.append(LayerConfig(name, each, calls))
        before = name
    last = TensorReference(before, 0, 0)
    return NetworkConfig(
        str(config.get("name") or ""), tuple(layers), (layers[0].name,), (last,)
    )


def _counted(tensor: TensorReference, layers: Sequence[LayerConfig]) -> TensorReference:
    """An output of the model, with its layer's calls counted from 0.

    Among the outputs, and only there, Keras counts those of functional models from 1.
    """
    calls = next((len(each.calls) for each in layers if each.name == tensor.layer), 0)
    item = next((each.item for each in layers if each.name == tensor.layer), {})
    nested = is_network(item) and "output_layers" in inner(item)
    late = nested or tensor.call >= max(calls, 1)
    return tensor._replace(call=max(0, tensor.call - 1)) if late else tensor


def _input_layer(
    config: Mapping[str, JsonValue],
    objects: Sequence[SerializedObject],
    item: SerializedObject,
) -> SerializedObject:
    """An input for a sequential model that was built without one."""
    shape = config.get("build_input_shape")
    for each in (item, *objects[:1]):
        build = each.get("build_config")
        if shape is None and isinstance(build, Mapping):
            shape = build.get("input_shape")
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise UserError(
            _("The model “{name}” has no input shape.").format(
                name=str(config.get("name") or "")
            ),
            _("Build it with “model.build((None, …))”, and save it again."),
        )
    taken = {_name(each) for each in objects}
    name = next(n for n in ("input", "input_1", "input_layer") if n not in taken)
    inside = {"batch_shape": shape, "name": name}
    return {"class_name": _INPUT, "module": "keras.layers", "config": inside}


def _plain_call(layer: str) -> JsonValue:
    """A call with the only tensor of the layer before."""
    config: JsonObject = {"keras_history": [layer, 0, 0]}
    tensor: JsonObject = {"class_name": TENSOR, "config": config}
    return {"args": [tensor], "kwargs": {}}


def _name(item: SerializedObject) -> str:
    name = item.get("name") or inner(item).get("name")
    if not isinstance(name, str) or not name:
        raise _damaged()
    return name


def _tensors(item: JsonValue) -> list[TensorReference]:
    """The tensors in nested lists and dicts, in the order of Keras."""
    if isinstance(item, Mapping):
        return [each for key in sorted(item) for each in _tensors(item[key])]
    if not isinstance(item, Sequence) or isinstance(item, str):
        raise _damaged()
    if item and isinstance(item[0], str):
        return [history(item)]
    return [each for inside in item for each in _tensors(inside)]


def _damaged() -> UserError:
    return UserError(_("The configuration of this model is damaged."))
