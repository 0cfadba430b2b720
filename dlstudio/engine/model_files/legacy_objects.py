"""Objects of configurations of Keras 1 and 2, in the form of Keras 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import keras

from dlstudio.engine.model_files.legacy_arguments import merge_of, modern_arguments
from dlstudio.engine.model_files.serialized_objects import (
    INPUT,
    MODELS,
    config_of,
    input_config,
    is_from_keras,
    serialized,
    without_config,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

FUNCTIONS = frozenset(("TFOpLambda", "SlicingOpLambda"))
POLICIES = frozenset(("DTypePolicy", "Policy", "PolicyV1"))
PLAIN_OBJECTS = frozenset(("function", "tuple", "slice", "builtin_function_or_method"))
REGULARIZERS = ("WeightRegularizer", "ActivityRegularizer")
PACKAGES = (
    ("keras.initializers", keras.initializers),
    ("keras.regularizers", keras.regularizers),
    ("keras.constraints", keras.constraints),
    ("keras.layers", keras.layers),
)
OPERATIONS = ("numpy", "nn", "core", "math", "linalg")
HARD = "hard_sigmoid"
DEEPEST = 64


class ObjectConverter:
    """Converts layers, initializers and the like; models are left to another.

    Args:
        model: Converts a model.
        before_three: Whether Keras 1 or 2 wrote the objects.

    Attributes:
        unknown: What could not be converted: messages with the name of the layer.
    """

    def __init__(
        self,
        model: Callable[[Mapping[str, JsonValue]], JsonObject],
        *,
        before_three: bool,
    ) -> None:
        self._model = model
        self._before_three = before_three
        self._depth = 0
        self.unknown: list[str] = []

    def convert(self, value: JsonValue) -> JsonValue:
        """A value of a configuration; objects and lists in it are converted too.

        Raises:
            UserError: It is nested too deeply, or a model in it has no layers.
        """
        if isinstance(value, list):
            return [self.convert(each) for each in value]
        if not isinstance(value, dict):
            return value
        self._depth += 1
        if self._depth > DEEPEST:
            raise UserError(_("The configuration of this model is nested too deeply."))
        try:
            if "class_name" in value:
                return self.object(value)
            return self._plain(value)
        finally:
            self._depth -= 1

    def object(self, value: Mapping[str, JsonValue]) -> JsonObject:
        """An object that names its class; see `convert`."""
        name, config = str(value["class_name"]), value.get("config")
        if name.startswith("__") or name in PLAIN_OBJECTS:
            return dict(value)
        if name in POLICIES:
            return serialized(
                "keras", "DTypePolicy", {"name": config_of(value).get("name")}
            )
        if name in MODELS and is_from_keras(value):
            return self._model(value)
        if not isinstance(config, dict):
            return dict(value)
        return self._layer(value, name, config) or self._helper(value, name, config)

    def _plain(self, value: Mapping[str, JsonValue]) -> JsonObject:
        """A dict; regularizers of Keras 1 have their class as a name."""
        if value.get("name") in REGULARIZERS:
            config = {each: value.get(each, 0.0) for each in ("l1", "l2")}
            return serialized("keras.regularizers", "L1L2", config)
        return {key: self.convert(each) for key, each in value.items()}

    def _helper(
        self,
        value: Mapping[str, JsonValue],
        name: str,
        config: Mapping[str, JsonValue],
    ) -> JsonObject:
        """An initializer, a regularizer, a constraint, or a class of others."""
        inner = {key: self.convert(each) for key, each in config.items()}
        if "module" not in value and ">" in name:  # a class that somebody registered
            made = serialized("", name.rpartition(">")[2], inner)
            return {**without_config(value), **made, "registered_name": name}
        if "module" not in value:
            for module, package in PACKAGES:
                if isinstance(getattr(package, name, None), type):
                    if module == "keras.initializers":
                        inner.pop("dtype", None)
                    return serialized(module, name, inner)
        return {**without_config(value), "config": inner}

    def _layer(
        self,
        value: Mapping[str, JsonValue],
        name: str,
        config: Mapping[str, JsonValue],
    ) -> JsonObject | None:
        """A layer of Keras; None for another object."""
        if not is_from_keras(value) or name in FUNCTIONS or ">" in name:
            return None
        if name == INPUT:
            made = serialized("keras.layers", INPUT, input_config(config))
            return {**without_config(value), **made}
        layer = str(config.get("name", name))
        if "module" not in value and "trainable" not in config:
            operation = operation_module(name)
            if operation:
                return _operation(value, operation, config)
        if name == "Merge":
            merge = merge_of(config)
            if merge is None:
                self.unknown.append(_lost_class(layer, name))
                return None
            name, config = merge
        today, arguments, lost = modern_arguments(
            name, config, self.convert, missing_reset=self._before_three
        )
        found = getattr(keras.layers, today, None)
        if not (isinstance(found, type) and issubclass(found, keras.layers.Layer)):
            if "module" not in value and not _is_helper(name):
                self.unknown.append(_lost_class(layer, name))
            return None
        self.unknown += [
            _("{layer}: Keras 3 has no argument {argument} of {kind}.").format(
                layer=layer, argument=each, kind=today
            )
            for each in lost
        ]
        if self._before_three and HARD in arguments.values():
            self.unknown.append(
                _(
                    "{layer}: hard_sigmoid is a little steeper in Keras 2 (0.2 x + "
                    "0.5) than in Keras 3 (x / 6 + 0.5), so its outputs differ."
                ).format(layer=layer)
            )
        made = serialized("keras.layers", today, arguments)
        whole = {**without_config(value), **made}
        if self._before_three:
            whole.pop("build_config", None)
        return whole


def operation_module(name: str) -> str:
    """The module of an operation of Keras; "" if there is none of the name."""
    for module in OPERATIONS:
        found = getattr(getattr(keras.src.ops, module), name, None)
        if isinstance(found, type) and issubclass(found, keras.Operation):
            return f"keras.src.ops.{module}"
    return ""


def _operation(
    value: Mapping[str, JsonValue], module: str, config: Mapping[str, JsonValue]
) -> JsonObject:
    """An operation, of which `.h5` files do not say the module."""
    name = str(value["class_name"])
    made = serialized(module, name, dict(config))
    return {**without_config(value), **made, "registered_name": name}


def _is_helper(name: str) -> bool:
    return any(hasattr(package, name) for _module, package in PACKAGES[:3])


def _lost_class(layer: str, name: str) -> str:
    return _("{layer}: Keras 3 has no layer {kind}.").format(layer=layer, kind=name)
