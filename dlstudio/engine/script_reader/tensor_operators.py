"""Operators on tensors, and operations of `keras.ops`, as nodes."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from dlstudio.engine.model.item_key import GET_ITEM
from dlstudio.engine.script_reader.layer_arguments import frozen_params
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.operation_arguments import bound_operation
from dlstudio.engine.script_reader.output_counts import operation_outputs
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptTensor,
    Unknown,
    tensors_of,
)
from dlstudio.i18n import _

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "mod",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}
COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}


def operate(
    kind: type[ast.operator], sides: Arguments, context: ReadingContext
) -> object:
    """An operator of which a side is a tensor.

    Args:
        kind: The operator.
        sides: Tensors or numbers.
        context: Takes the operation.
    """
    return _between(OPERATORS.get(kind), sides, context)


def compare_tensors(
    kind: type[ast.cmpop], sides: Arguments, context: ReadingContext
) -> object:
    """A comparison of which a side is a tensor.

    Args:
        kind: The operator.
        sides: Tensors or numbers.
        context: Takes the operation.
    """
    return _between(COMPARISONS.get(kind), sides, context)


def _between(name: str | None, sides: Arguments, context: ReadingContext) -> object:
    if name is None:
        text = _("This operator is not supported between tensors.")
        return context.report(sides.line, text)
    return call_operation(f"keras.ops.{name}", sides, context)


def negative(tensor: ScriptTensor, context: ReadingContext) -> object:
    """The tensor with its sign changed."""
    given = Arguments((tensor,), {}, context.line)
    return call_operation("keras.ops.negative", given, context)


def take_item(tensor: ScriptTensor, index: object, context: ReadingContext) -> object:
    """A slice of a tensor.

    Args:
        tensor: The tensor.
        index: Numbers, slices, None and an ellipsis.
        context: Takes the operation.
    """
    line = context.line
    if isinstance(index, Unknown):
        return context.use_unknown(index, _("The index of a tensor"), line)
    parts = index if isinstance(index, tuple) else (index,)
    texts = [_part(each) for each in parts]
    if not all(texts):
        return context.report(line, _("This index of a tensor is not supported."))
    layer = ScriptLayer(GET_ITEM, {"key": ", ".join(texts)}, line=line)
    return tensors_of(context.call(layer, ((0, tensor),), {}, line))


def _part(part: object) -> str:
    if part is Ellipsis:
        return "..."
    if part is None:
        return "None"
    if isinstance(part, bool) or not isinstance(part, (int, slice)):
        return ""
    if isinstance(part, int):
        return str(part)
    ends = (part.start, part.stop, part.step)
    if not all(each is None or isinstance(each, int) for each in ends):
        return ""
    start, stop, step = ("" if each is None else str(each) for each in ends)
    return f"{start}:{stop}" + (f":{step}" if step else "")


def call_operation(kind: str, arguments: Arguments, context: ReadingContext) -> object:
    """A function of `keras.ops` on tensors.

    Args:
        kind: Of the operation.
        arguments: Tensors, constants and parameters.
        context: Takes the operation and problems.
    """
    bound = bound_operation(kind, arguments, context)
    if isinstance(bound, Unknown):
        return bound
    given, named = bound
    context.line = arguments.line
    params = frozen_params(context.catalog[kind], named, context)
    if isinstance(params, Unknown):
        return params
    layer = ScriptLayer(kind, params, line=arguments.line)
    layer.name = str(params.pop("name", None) or "")
    layer.outputs = operation_outputs(kind, params, context.catalog)
    return tensors_of(context.call(layer, given, {}, arguments.line))
