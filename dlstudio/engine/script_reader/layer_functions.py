"""Constructors of `keras.layers`, and of initializers, optimizers and the like."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from dlstudio.catalog.schema import Description
from dlstudio.document.graph import INPUT, NESTED
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.engine.script_reader.layer_arguments import (
    frozen_params,
    named_arguments,
)
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.output_counts import layer_outputs
from dlstudio.engine.script_reader.read_graph import INSIDE
from dlstudio.engine.script_reader.script_callables import Arguments, Function
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ShapeOf,
    Unknown,
    tensors_of,
)
from dlstudio.engine.script_reader.sequential import functional
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.i18n import _

FUNCTIONAL = (
    *("add", "subtract", "multiply", "average", "maximum", "minimum"),
    *("concatenate", "dot"),
)
"""Functions of `keras.layers` that create a merging layer and call it."""
SHAPES = ("input_shape", "batch_input_shape", "input_dim", "batch_shape")
"""Arguments of a first layer that are the shape of what enters it."""


def make_input(arguments: Arguments, context: ReadingContext) -> object:
    """An Input: the tensor that it gives."""
    description = context.catalog[INPUT]
    given = named_arguments(description, arguments, context)
    if isinstance(given, Unknown):
        return given
    layer = _input_layer(given, arguments.line, context)
    if isinstance(layer, Unknown):
        return layer
    return tensors_of(context.call(layer, (), {}, arguments.line))


def _input_layer(
    given: dict[str, object], line: int, context: ReadingContext
) -> ScriptLayer | Unknown:
    given = {name: value for name, value in given.items() if value is not None}
    whole = given.pop("batch_shape", given.pop("batch_input_shape", None))
    if isinstance(whole, ShapeOf):
        whole = plain_shape(whole, context)
    if isinstance(whole, (list, tuple)) and whole:
        given["shape"] = tuple(whole[1:])
        if whole[0] is not None:
            given["batch_size"] = whole[0]
    shape = given.get("shape")
    if isinstance(shape, int):
        given["shape"] = (shape,)
    elif _is_unknown(shape):
        said = context.given.shape(context.unknown_inputs)
        context.unknown_inputs += 1
        given["shape"] = shape if said is None else said
    context.line = line
    params = frozen_params(context.catalog[INPUT], given, context)
    if isinstance(params, Unknown):
        return params
    name = str(params.pop("name", None) or "")
    return ScriptLayer(INPUT, params, name, line)


def _is_unknown(shape: object) -> bool:
    """Whether a shape, or one of its sides, is not known."""
    sides = shape if isinstance(shape, (list, tuple)) else [shape]
    return any(isinstance(side, Unknown) for side in sides)


def input_tensor(
    shape: Sequence[int | None], line: int, context: ReadingContext
) -> object:
    """The tensor of an Input that the script does not write.

    Args:
        shape: Of one sample.
        line: Where it is needed.
        context: Takes the call.
    """
    return make_input(Arguments((), {"shape": tuple(shape)}, line), context)


def make_layer(
    description: Description, arguments: Arguments, context: ReadingContext
) -> object:
    """A layer that is not called yet.

    Args:
        description: Of its kind.
        arguments: Of its constructor.
        context: Takes problems.
    """
    line = arguments.line
    if description.kind == INPUT:
        return make_input(arguments, context)
    given = named_arguments(description, arguments, context)
    if isinstance(given, Unknown):
        return given
    before = {
        name: given.pop(name)
        for name in SHAPES
        if name in given and description.param(name) is None
    }
    inside = given.get(INSIDE)
    if isinstance(inside, (ScriptModel, ScriptSequential)):
        inside = functional(inside, context)
        if inside is None:
            text = _("The Sequential needs an Input as its first layer.")
            return context.report(line, text)
        given[INSIDE] = Spec(NESTED, FrozenMap({"graph": inside.name or "graph"}))
    context.line = line
    params = frozen_params(description, given, context)
    if isinstance(params, Unknown):
        return params
    name = str(params.pop("name", None) or "")
    frozen = params.get("trainable") is False
    params.pop("trainable", None)
    layer = ScriptLayer(description.kind, params, name, line, frozen)
    layer.outputs = layer_outputs(description.kind, params)
    if isinstance(inside, ScriptModel):
        layer.inside = inside
    if before:
        return first_layer(layer, before, context)
    return layer


def first_layer(
    layer: ScriptLayer, before: dict[str, object], context: ReadingContext
) -> object:
    """A layer that says the shape of what enters it: with an Input before it.

    Args:
        layer: The layer.
        before: The arguments that are the shape.
        context: Takes the Input and problems.
    """
    ((name, value), *_rest) = before.items()
    given = {"shape": value}
    if name == "input_dim":
        given = {"shape": (value,)}
    elif name.startswith("batch"):
        given = {"batch_shape": value}
    entered = _input_layer(given, layer.line, context)
    if isinstance(entered, Unknown):
        return entered
    return FirstLayer(tensors_of(context.call(entered, (), {}, layer.line)), layer)


class FirstLayer:
    """A first layer of a Sequential, and the Input before it."""

    def __init__(self, given: object, layer: ScriptLayer) -> None:
        self.given = given
        self.layer = layer


def call_layers(name: str, arguments: Arguments, context: ReadingContext) -> object:
    """Something of `keras.layers` that is called.

    Args:
        name: Below `keras.layers`.
        arguments: Of the call.
        context: Takes problems.
    """
    line = arguments.line
    if name == "Input":
        return make_input(arguments, context)
    if name == "Lambda":
        return _lambda(arguments, context)
    if name in FUNCTIONAL and arguments.positional:
        first, rest = arguments.positional[0], arguments.positional[1:]
        layer = make_layer(
            context.catalog.find("layers", name),
            Arguments(rest, arguments.named, line),
            context,
        )
        if not isinstance(layer, ScriptLayer):
            return layer
        return call_layer(layer, Arguments((first,), {}, line), context)
    description = context.catalog.get(f"keras.layers.{name}")
    if description is None:
        description = next(
            (
                each
                for each in context.catalog.family("layers")
                if name in each.extra.get("aliases", ())
            ),
            None,
        )
    if description is None:
        names = [each.name for each in context.catalog.family("layers")]
        near = difflib.get_close_matches(name, names, n=1)
        text = _("There is no layer “{name}”.").format(name=name)
        if near:
            text = _("There is no layer “{name}”. Did you mean {near}?").format(
                name=name, near=near[0]
            )
        return context.report(line, text)
    return make_layer(description, arguments, context)


def _lambda(arguments: Arguments, context: ReadingContext) -> object:
    """A Lambda around a function of the script: what the function does."""
    function = arguments.get(0, "function")
    if isinstance(function, Function):
        return function
    text = _("A Lambda layer needs a function that is defined in the script.")
    return context.report(arguments.line, text)


def make_spec(
    description: Description, arguments: Arguments, context: ReadingContext
) -> Spec | Unknown:
    """An initializer, a regularizer, an optimizer, a loss or a metric.

    Args:
        description: Of its kind.
        arguments: Of its constructor.
        context: Takes problems.
    """
    given = named_arguments(description, arguments, context)
    if isinstance(given, Unknown):
        return given
    context.line = arguments.line
    params = frozen_params(description, given, context)
    if isinstance(params, Unknown):
        return params
    kept: dict[str, Value] = dict(params)
    return Spec(description.kind, FrozenMap(kept))
