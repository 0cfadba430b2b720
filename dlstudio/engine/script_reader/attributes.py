"""Attributes in a script: of modules, layers, models and tensors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from dlstudio.engine.script_reader.backbone_functions import end_of
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_calls import layers_of
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayer,
    BackboneLayers,
    NetworkLayer,
)
from dlstudio.engine.script_reader.script_callables import (
    BoundMethod,
    Function,
    ScriptObject,
    ScriptSuper,
)
from dlstudio.engine.script_reader.script_objects import member_of
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    ShapeOf,
    Unknown,
    tensors_of,
)
from dlstudio.engine.script_reader.sequential import functional
from dlstudio.i18n import _

KEPT_NAMES = 1024
KERAS = ("tensorflow.keras", "tf_keras", "tensorflow.python.keras", "keras.api")
"""Names under which Keras is known elsewhere."""
SAME = {
    "keras.engine.": "keras.",
    "keras.models.": "keras.",
    "keras.layers.experimental.preprocessing.": "keras.layers.",
    "keras.layers.preprocessing.": "keras.layers.",
    "keras.initializers.random_initializers.": "keras.initializers.",
    "keras.utils.set_random_seed": "keras.utils.set_random_seed",
    "keras.optimizers.schedules.": "keras.optimizers.schedules.",
    "keras.optimizers.legacy.": "keras.optimizers.",
    "keras.activations.": "keras.activations.",
    "keras.backend.": "keras.ops.",
    "keras.mixed_precision.set_global_policy": "keras.config.set_dtype_policy",
    "keras.ops.numpy.": "keras.ops.",
    "keras.ops.nn.": "keras.ops.",
}
CONSTANTS: Mapping[str, object] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "numpy.pi": math.pi,
    "numpy.newaxis": None,
    "tensorflow.newaxis": None,
}


def reference(path: str) -> object:
    """What a full name means: a constant, or itself with the names Keras has now."""
    path = _name_now(path)
    return CONSTANTS[path] if path in CONSTANTS else Reference(path)


@lru_cache(KEPT_NAMES)
def _name_now(path: str) -> str:
    """The full name that Keras has now for what it had elsewhere."""
    for old in KERAS:
        if path == old or path.startswith(f"{old}."):
            path = f"keras{path.removeprefix(old)}"
    for old, new in SAME.items():
        if path.startswith(old):
            path = new + path.removeprefix(old)
    return path


def attribute_of(
    owner: object, name: str, line: int, context: ReadingContext
) -> object:
    """The value of an attribute.

    Args:
        owner: A value of a script.
        name: Of the attribute.
        line: Where.
        context: Of the reading.
    """
    if isinstance(owner, Unknown):
        if name == "compile":
            context.chosen = owner  # the model that is trained is not known
        return replace(owner, is_member=True)
    if isinstance(owner, Reference):
        return reference(f"{owner.path}.{name}")
    if isinstance(owner, ScriptTensor) and name == "shape":
        return ShapeOf(owner)
    if isinstance(owner, BackboneLayer) and name in ("input", "output", "layers"):
        if name == "layers":
            return BackboneLayers(owner)
        return end_of(owner, name, context)
    if isinstance(owner, ScriptLayer):
        return _of_layer(owner, name, line)
    if isinstance(owner, NetworkLayer) and name in ("name", "trainable"):
        return owner.name if name == "name" else owner.trainable
    if isinstance(owner, (ScriptModel, ScriptSequential)):
        return _of_model(owner, name, context, line)
    if isinstance(owner, (str, list, tuple, dict)):
        return BoundMethod(owner, name)
    if isinstance(owner, (ScriptObject, ScriptSuper)):
        return _of_object(owner, name)
    return Unknown(
        _("The attribute “{name}” is not supported.").format(name=name), line
    )


def _of_object(owner: ScriptObject | ScriptSuper, name: str) -> object:
    if isinstance(owner, ScriptObject) and name in owner.attributes:
        return owner.attributes[name]
    found = member_of(owner, name)
    is_method = found is None or isinstance(found, Function)
    return BoundMethod(owner, name) if is_method else found


def _of_layer(layer: ScriptLayer, name: str, line: int) -> object:
    if name == "name":
        return layer.name or Unknown(_("Keras chooses this name."), line)
    if name == "trainable":
        return not layer.frozen
    if name in layer.params:
        return layer.params[name]
    if name in ("output", "input") and layer.calls:
        call = layer.calls[0]
        if name == "output":
            return tensors_of(call)
        given = [tensor for _port, tensor in call.given]
        return given[0] if len(given) == 1 else list(given)
    return BoundMethod(layer, name)


def _of_model(
    model: ScriptModel | ScriptSequential, name: str, context: ReadingContext, line: int
) -> object:
    if name == "name":
        return model.name or Unknown(_("Keras chooses this name."), line)
    if name == "trainable":
        return not model.frozen
    if name in ("input", "inputs", "output", "outputs"):
        found = functional(model, context)
        if found is None:
            return Unknown(_("The model has no Input."), line)
        ends: list[object] = (
            [ScriptTensor(each) for each in found.inputs]
            if name.startswith("input")
            else [tensor for end in found.outputs for tensor in end.tensors]
        )
        several = name.endswith("s") or len(ends) > 1
        return ends if several else ends[0]
    if name == "layers":
        return layers_of(model)
    return BoundMethod(model, name)
