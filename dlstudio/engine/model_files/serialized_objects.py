"""Objects of configurations in the form of Keras 3, and what old ones have instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

FUNCTIONAL = frozenset(("Functional", "Model", "Network"))
MODELS = FUNCTIONAL | {"Sequential", "Graph"}
INPUT = "InputLayer"
LISTS = frozenset(("__tuple__", "TensorShape"))
DEEPEST = 256


def serialized(module: str, name: str, config: JsonObject) -> JsonObject:
    """An object of one of Keras' own classes.

    Args:
        module: Public module of the class.
        name: Of the class.
        config: Its arguments.
    """
    return {
        "module": module,
        "class_name": name,
        "config": config,
        "registered_name": None,
    }


def without_config(value: Mapping[str, JsonValue]) -> JsonObject:
    """What an object has beside its configuration."""
    return {key: each for key, each in value.items() if key != "config"}


def config_of(value: object) -> Mapping[str, JsonValue]:
    """The configuration of an object; {} if it has none."""
    config = value.get("config") if isinstance(value, Mapping) else None
    return config if isinstance(config, Mapping) else {}


def calls_of(layer: Mapping[str, JsonValue]) -> list[JsonValue]:
    """The calls of a layer, in either form."""
    nodes = layer.get("inbound_nodes") or []
    return list(nodes) if isinstance(nodes, list) else []


def is_from_keras(value: Mapping[str, JsonValue]) -> bool:
    """Whether a class is one of Keras, or may be: old files do not say it."""
    module = value.get("module")
    if module is None:
        return "module" not in value or not value.get("registered_name")
    return str(module).split(".")[0] in ("keras", "tf_keras", "tensorflow")


def without_tuples(value: JsonValue) -> JsonValue:
    """Lists in place of the tuples and shapes that JSON does not have.

    Raises:
        UserError: It is nested too deeply.
    """

    def as_list(made: JsonObject) -> JsonValue:
        items = made.get("items")
        known = str(made.get("class_name")) in LISTS and isinstance(items, list)
        return items if known else made

    return _converted(value, as_list)


def _converted(
    value: JsonValue, convert: Callable[[JsonObject], JsonValue], depth: int = 0
) -> JsonValue:
    """A configuration whose objects were converted, the innermost ones first.

    Args:
        value: Of a configuration.
        convert: What becomes of an object.
        depth: How deep the value is in the configuration.

    Raises:
        UserError: It is nested too deeply.
    """
    if depth > DEEPEST:
        raise UserError(_("The configuration of this model is nested too deeply."))
    if isinstance(value, list):
        return [_converted(each, convert, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    return convert(
        {key: _converted(each, convert, depth + 1) for key, each in value.items()}
    )


def with_single_ends(value: JsonValue) -> JsonValue:
    """The same configuration, whose models give one tensor and not a list of one.

    Keras before 3.13 wrote such lists for every model; the models of today's Keras
    would give them, which the layers behind do not take.

    Raises:
        UserError: It is nested too deeply.
    """

    def with_ends(made: JsonObject) -> JsonValue:
        if "layers" in made:
            for key in ("input_layers", "output_layers"):
                if key in made:
                    made[key] = single_end(made[key])
        return made

    return _converted(value, with_ends)


def single_end(places: JsonValue) -> JsonValue:
    """A place alone, if it is the only one of a list."""
    if isinstance(places, list) and len(places) == 1 and isinstance(places[0], list):
        return list(places[0])
    return places


def input_config(config: Mapping[str, JsonValue]) -> JsonObject:
    """The configuration of an input layer."""
    made: JsonObject = {
        "batch_shape": config.get("batch_input_shape", config.get("batch_shape")),
        "dtype": config.get("dtype") or config.get("input_dtype") or "float32",
        "sparse": bool(config.get("sparse", False)),
        "name": config.get("name"),
    }
    if config.get("ragged"):
        made["ragged"] = True
    return made


def first_input(layer: Mapping[str, JsonValue], name: str) -> JsonObject | None:
    """The input layer before the first layer of a Sequential, if that says its shape.

    Args:
        layer: As in the file.
        name: Of the layer.
    """
    shape = _input_shape(layer)
    if shape is None:
        return None
    texts = layer.get("class_name") in ("TextVectorization", "StringLookup")
    config: JsonObject = {
        "batch_shape": shape,
        "dtype": config_of(layer).get("input_dtype") or "float32",
        "sparse": False,
        "name": f"{name}_input",
    }
    if texts:
        config["dtype"] = "string"
    return serialized("keras.layers", INPUT, config)


def _input_shape(layer: Mapping[str, JsonValue]) -> list[JsonValue] | None:
    config = config_of(layer)
    shape = config.get("batch_input_shape") or config.get("batch_shape")
    if isinstance(shape, list):
        return shape
    if layer.get("class_name") in MODELS:
        inner = config.get("layers")
        first = inner[0] if isinstance(inner, list) and inner else None
        return _input_shape(first) if isinstance(first, dict) else None
    width = config.get("input_dim")
    if isinstance(width, int) and layer.get("class_name") != "Embedding":
        return [None, width]
    return None
