"""Values of operators and comparisons, of literals and of tensors."""

from __future__ import annotations

import ast

from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literals import (
    UNARY,
    NoLiteralError,
    binary,
    compare,
)
from dlstudio.engine.script_reader.script_values import (
    Arguments,
    ScriptTensor,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.tensor_operators import (
    compare_tensors,
    negative,
    operate,
)
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.engine.script_reader.value_items import truth_of
from dlstudio.i18n import _


def resolved(value: object, context: ReadingContext) -> object:
    """The value; of a shape, its numbers."""
    return plain_shape(value, context) if isinstance(value, ShapeOf) else value


def binary_value(
    kind: type[ast.operator], sides: Arguments, context: ReadingContext
) -> object:
    """The value of an operator between two values.

    Args:
        kind: The operator.
        sides: The values.
        context: Takes operations of tensors.
    """
    left, right = (resolved(each, context) for each in sides.positional)
    for each in (left, right):
        if isinstance(each, Unknown):
            return each
    if isinstance(left, ScriptTensor) or isinstance(right, ScriptTensor):
        return operate(kind, Arguments((left, right), {}, sides.line), context)
    try:
        return binary(kind, left, right)
    except NoLiteralError:
        text = _("This value cannot be computed while reading.")
        return Unknown(text, sides.line)


def unary_value(
    kind: type[ast.unaryop], value: object, context: ReadingContext
) -> object:
    """The value of a sign or of `not` before a value.

    Args:
        kind: The operator.
        value: The value.
        context: Takes operations of tensors; knows the line.
    """
    value = resolved(value, context)
    if isinstance(value, Unknown):
        return value
    if kind is ast.Not:
        truth = truth_of(value, context)
        return truth if isinstance(truth, Unknown) else not truth
    if isinstance(value, ScriptTensor) and kind is ast.USub:
        return negative(value, context)
    if isinstance(value, (bool, int, float)):
        try:
            return UNARY[kind](value)
        except TypeError:
            pass
    return Unknown(_("This expression is not supported."), context.line)


def compared_value(
    kind: type[ast.cmpop], sides: Arguments, context: ReadingContext
) -> object:
    """The value of a comparison.

    Args:
        kind: The operator.
        sides: The values.
        context: Takes operations of tensors.
    """
    left, right = (resolved(each, context) for each in sides.positional)
    for each in (left, right):
        if isinstance(each, Unknown):
            return each
    tensors = isinstance(left, ScriptTensor) or isinstance(right, ScriptTensor)
    if tensors and kind not in (ast.Is, ast.IsNot):
        given = Arguments((left, right), {}, sides.line)
        return compare_tensors(kind, given, context)
    try:
        return compare(kind, left, right)
    except NoLiteralError:
        return Unknown(_("This comparison is not supported."), sides.line)
