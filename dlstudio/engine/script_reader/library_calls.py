"""Calls of what Keras, TensorFlow, NumPy and Python have, by the full name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dlstudio.document.values import Spec
from dlstudio.engine.script_reader.array_functions import call_array
from dlstudio.engine.script_reader.attributes import attribute_of
from dlstudio.engine.script_reader.backbone_functions import (
    call_application,
)
from dlstudio.engine.script_reader.builtin_calls import call_builtin
from dlstudio.engine.script_reader.hub_functions import (
    call_hub,
)
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.layer_functions import (
    call_layers,
    make_input,
    make_layer,
    make_spec,
)
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_functions import (
    make_model,
    make_sequential,
    make_stopping,
    set_policy,
)
from dlstudio.engine.script_reader.opaque_functions import (
    deserialize,
    load_saved_model,
)
from dlstudio.engine.script_reader.script_callables import Arguments, PartialCall
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptTensor,
    SeveralTensors,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.tensor_operators import call_operation
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.i18n import _

OBJECTS: Mapping[str, str] = {
    "keras.optimizers.schedules.": "keras_schedules",
    "keras.optimizers.": "optimizers",
    "keras.losses.": "losses",
    "keras.metrics.": "metrics",
    "keras.initializers.": "initializers",
    "keras.regularizers.": "regularizers",
    "keras.constraints.": "constraints",
}
"""Families of objects, by where Keras has them."""
LEARNED_WORDS = "dlstudio.learned_words"
"""The function of our scripts that lets a layer learn words."""
TENSORFLOW: Mapping[str, str] = {
    "concat": "concatenate",
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
    "pow": "power",
}
"""Functions of TensorFlow that `keras.ops` calls otherwise."""
OLD_NAMES: Mapping[str, Mapping[str, str]] = {
    "one_hot": {"depth": "num_classes", "indices": "x"},
    "concatenate": {"values": "xs"},
}
"""Arguments of TensorFlow's functions that `keras.ops` calls otherwise."""
SHAPES = ("keras.ops.shape", "keras.ops.int_shape", "tensorflow.shape")


def call_reference(path: str, arguments: Arguments, context: ReadingContext) -> object:
    """Call something of an imported module, or of Python itself.

    Args:
        path: Its full name.
        arguments: Of the call.
        context: Takes layers and problems.
    """
    start, name = path.rpartition(".")[::2]
    if path in KNOWN:
        return KNOWN[path](arguments, context)
    if path.startswith("keras.applications."):
        return call_application(
            path.removeprefix("keras.applications."), arguments, context
        )
    if path.startswith("keras_hub."):
        return call_hub(path, arguments, context)
    if start == "keras.layers":
        return call_layers(name, arguments, context)
    if path == LEARNED_WORDS:
        return arguments.get(0, "layer")
    if path.startswith("builtins."):
        return call_builtin(name, arguments, context)
    for family_path, family in OBJECTS.items():
        if start + "." == family_path:
            return _object(family, path, arguments, context)
    return _operation(path, arguments, context)


def _object(
    family: str, path: str, arguments: Arguments, context: ReadingContext
) -> object:
    """An optimizer, a loss, and so on."""
    name = path.rpartition(".")[2]
    if name == "get":
        return arguments.get(0, "identifier")
    found = context.catalog.search(family, name)
    if found is None:
        text = _("There is nothing called “{kind}”.").format(kind=path)
        return Unknown(text, arguments.line)
    return make_spec(found, arguments, context)


def _operation(path: str, arguments: Arguments, context: ReadingContext) -> object:
    """A function of `keras.ops`, of activations, TensorFlow, NumPy or `math`."""
    start, _dot, _name = path.partition(".")
    last = path.rpartition(".")[2]
    tensors = _has_tensor(arguments)
    if path.startswith("keras.activations."):
        if tensors:
            return _activation(last, arguments, context)
        found = context.catalog.search("activations", last)
        return Unknown("", arguments.line) if found is None else Spec(found.kind)
    if path in SHAPES and isinstance(arguments.get(0, "x"), ScriptTensor):
        return attribute_of(arguments.get(0, "x"), "shape", arguments.line, context)
    if path.startswith("keras.ops.") and path in context.catalog:
        return call_operation(path, arguments, context)
    if start in ("tensorflow", "numpy", "keras") and tensors:
        last = TENSORFLOW.get(last, last)
        found = context.catalog.search("ops", last)
        if found is not None and start != "keras":
            arguments = _modern(last, arguments)
            return call_operation(found.kind, arguments, context)
        text = _("“{name}” is not supported on tensors.").format(name=path)
        return context.report(arguments.line, text)
    if start in ("math", "numpy", "tensorflow"):
        plain = [
            plain_shape(each, context) if isinstance(each, ShapeOf) else each
            for each in arguments.positional
        ]
        return call_array(path, replace(arguments, positional=tuple(plain)))
    text = _("“{name}” is never run.").format(name=path)
    return Unknown(text, arguments.line)


def _activation(name: str, arguments: Arguments, context: ReadingContext) -> object:
    """A function of `keras.activations` on a tensor, as an Activation layer."""
    description = context.catalog["keras.layers.Activation"]
    given = Arguments((name,), {}, arguments.line)
    layer = make_layer(description, given, context)
    if not isinstance(layer, ScriptLayer):
        return layer
    one = Arguments(arguments.positional[:1], {}, arguments.line)
    return call_layer(layer, one, context)


def _modern(name: str, arguments: Arguments) -> Arguments:
    """The arguments of a function of TensorFlow by the names of `keras.ops`."""
    names = OLD_NAMES.get(name, {})
    named = {names.get(key, key): value for key, value in arguments.named.items()}
    return replace(arguments, named=named)


def make_partial(arguments: Arguments, _context: ReadingContext) -> object:
    """`functools.partial`: the same with some arguments given."""
    if not arguments.positional:
        return Unknown(_("This call is not supported."), arguments.line)
    callee, *rest = arguments.positional
    given = Arguments(tuple(rest), arguments.named, arguments.line, arguments.unknown)
    return PartialCall(callee, given)


def _has_tensor(arguments: Arguments) -> bool:
    """Whether a tensor is among the arguments, or in a list of them."""
    values = [*arguments.positional, *arguments.named.values()]
    for value in values:
        inner = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(each, (ScriptTensor, SeveralTensors)) for each in inner):
            return True
    return False


KNOWN: Mapping[str, Callable[[Arguments, ReadingContext], object]] = {
    "keras.Input": make_input,
    "keras.Model": make_model,
    "keras.Functional": make_model,
    "keras.Sequential": make_sequential,
    "keras.config.set_dtype_policy": set_policy,
    "keras.saving.deserialize_keras_object": deserialize,
    "keras.layers.TFSMLayer": load_saved_model,
    "keras.callbacks.EarlyStopping": make_stopping,
    "functools.partial": make_partial,
}
"""Functions of one full name."""
