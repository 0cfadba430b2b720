"""Configurations of any version of Keras, in the form of Keras 3.

A configuration is data and stays data: no class of it is looked up but layers of Keras
itself, to know their arguments. What cannot be brought to today's form keeps its class,
so that it becomes an opaque block, and is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.engine.model_files.legacy_nodes import (
    LegacyCalls,
    call_node,
    counted_from_one,
    is_legacy_call,
)
from dlstudio.engine.model_files.legacy_objects import FUNCTIONS, ObjectConverter
from dlstudio.engine.model_files.legacy_operations import operation_call
from dlstudio.engine.model_files.serialized_objects import (
    FUNCTIONAL,
    INPUT,
    MODELS,
    calls_of,
    config_of,
    first_input,
    serialized,
    single_end,
    without_tuples,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

MODULE = "keras.src.models.functional"


@dataclass(frozen=True, slots=True)
class Converted:
    """A configuration in the form of Keras 3.

    Attributes:
        config: As `keras.saving.serialize_keras_object` writes it.
        unknown: What could not be converted: messages with the name of the layer.
    """

    config: JsonObject
    unknown: tuple[str, ...] = ()


def modern_config(config: Mapping[str, JsonValue], version: str = "") -> Converted:
    """A model's configuration in the form of Keras 3.

    Args:
        config: Of a model, as a file has it: "class_name" and "config".
        version: Of the Keras that wrote it; "" if the file does not say it.

    Raises:
        UserError: It is no configuration of a model, or nested too deeply.
    """
    converter = _NetworkConverter(before_three=not version.startswith("3"))
    found = without_tuples(config)
    if not isinstance(found, dict) or "class_name" not in found:
        raise UserError(
            _("This is not the configuration of a Keras model."),
            _("It needs “class_name” and “config”, as model.to_json() writes them."),
        )
    made = converter.objects.object(found)
    return Converted(made, tuple(converter.objects.unknown))


class _NetworkConverter:
    """Converts models: their layers and how these call one another."""

    def __init__(self, *, before_three: bool) -> None:
        self.objects = ObjectConverter(self._model, before_three=before_three)

    def _model(self, value: Mapping[str, JsonValue]) -> JsonObject:
        name, config = str(value["class_name"]), value.get("config")
        if isinstance(config, list):  # Sequential of Keras 1 and the first 2
            config = {"name": "sequential", "layers": config}
        layers = config.get("layers") if isinstance(config, dict) else None
        if not isinstance(config, dict) or not isinstance(layers, list):
            raise UserError(
                _("The model “{name}” has no list of layers.").format(name=name),
                _("Only Sequential and functional models have one."),
            )
        found = [each for each in layers if isinstance(each, dict)]
        if name == "Sequential":
            whole = serialized("keras", name, self._sequential(config, found))
        else:
            made = self._functional(config, found)
            whole = serialized(MODULE, "Functional", made)
            whole["registered_name"] = "Functional"
        if isinstance(value.get("build_config"), dict) and "module" in value:
            whole["build_config"] = value["build_config"]
        return whole

    def _sequential(
        self, config: Mapping[str, JsonValue], layers: list[JsonObject]
    ) -> JsonObject:
        made = [self._member(each, number) for number, each in enumerate(layers)]
        if made and made[0].get("class_name") != INPUT:
            name = str(config_of(made[0]).get("name", "first"))
            entry = first_input(layers[0], name)
            made[:0] = [] if entry is None else [entry]
        kept = {key: config[key] for key in ("name", "trainable") if key in config}
        kept.setdefault("name", "sequential")
        if config.get("dtype") is not None:
            kept["dtype"] = self.objects.convert(config["dtype"])
        return {**kept, "layers": made}

    def _member(self, layer: JsonObject, number: int) -> JsonObject:
        """A layer of a Sequential, with a name."""
        made = self._named(layer)
        made.pop("inbound_nodes", None)
        inner = config_of(made)
        if not inner.get("name"):
            stem = str(made["class_name"]).lower()
            made["config"] = {**inner, "name": f"{stem}_{number}"}
        return made

    def _named(self, layer: JsonObject) -> JsonObject:
        if "class_name" not in layer:
            raise UserError(_("The list of layers of this model is damaged."))
        return self.objects.object(layer)

    def _functional(
        self, config: Mapping[str, JsonValue], layers: list[JsonObject]
    ) -> JsonObject:
        named = {
            str(each.get("name") or config_of(each).get("name")): each
            for each in layers
        }
        models = {n for n, each in named.items() if each.get("class_name") in MODELS}
        functional = {n for n in models if named[n]["class_name"] in FUNCTIONAL}
        calls = LegacyCalls(named, counted_from_one(layers, models))
        made = {key: config[key] for key in ("name", "trainable") if key in config}
        made.setdefault("name", "model")
        made["layers"] = [
            self._called(each, name, calls) for name, each in named.items()
        ]
        legacy = any(is_legacy_call(node) for each in layers for node in calls_of(each))
        for key in ("input_layers", "output_layers"):
            places = config.get(key, [])
            if legacy:
                places = _places(places, calls, functional)
            made[key] = single_end(places)
        return made

    def _called(self, layer: JsonObject, name: str, calls: LegacyCalls) -> JsonObject:
        """A layer of a functional model, with its calls."""
        if layer.get("class_name") in FUNCTIONS:
            operation = self._operation(layer, name, calls)
            if operation is not None:
                return operation
        made = self._named({**layer, "inbound_nodes": []})
        kind = str(made["class_name"])
        made["name"] = name
        made["inbound_nodes"] = [
            call_node(kind, *calls.first_and_named(node))
            if is_legacy_call(node)
            else node
            for node in calls_of(layer)
        ]
        return made

    def _operation(
        self, layer: JsonObject, name: str, calls: LegacyCalls
    ) -> JsonObject | None:
        """A function of TensorFlow as an operation; None if none does the same."""
        function = str(config_of(layer).get("function"))
        found = [
            operation_call(function, *calls.first_and_named(node))
            for node in calls_of(layer)
        ]
        known = [each for each in found if each is not None]
        if not known or any(
            each is None or each.config != known[0].config for each in found
        ):
            self.objects.unknown.append(
                _("{layer}: Keras 3 has no operation like tf.{function} here.").format(
                    layer=name, function=function
                )
            )
            return None
        first = known[0]
        made = serialized(first.module, first.name, {**first.config, "name": name})
        made["registered_name"] = first.name
        made["name"] = name
        made["inbound_nodes"] = [{"args": each.args, "kwargs": {}} for each in known]
        return made


def _places(places: JsonValue, calls: LegacyCalls, functional: set[str]) -> JsonValue:
    """Inputs or outputs of a model; calls of models count from 1 here in Keras 3."""
    place = calls.place(places)
    if place is not None:
        name, call, output = place
        return [name, call + 1 if name in functional else call, output]
    if isinstance(places, list):
        return [_places(each, calls, functional) for each in places]
    if isinstance(places, dict):
        return {key: _places(each, calls, functional) for key, each in places.items()}
    return places
