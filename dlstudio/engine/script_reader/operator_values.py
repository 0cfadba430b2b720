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
    sides = _known(sides, context)
    if sides.unknown is not None:
        return sides.unknown
    if _has_tensor(sides):
        return operate(kind, sides, context)
    try:
        return binary(kind, *sides.positional)
    except NoLiteralError:
        text = _("This value cannot be computed while reading.")
        return Unknown(text, sides.line)


def _known(sides: Arguments, context: ReadingContext) -> Arguments:
    """Both sides of an operator, shapes as numbers; or what of them is not known."""
    found = tuple(resolved(each, context) for each in sides.positional)
    unknown = next((each for each in found if isinstance(each, Unknown)), None)
    if unknown is None and not context.weigh(*found):
        unknown = Unknown(_("This value is too large to be read."), sides.line)
    return Arguments(found, {}, sides.line, unknown)


def _has_tensor(sides: Arguments) -> bool:
    return any(isinstance(each, ScriptTensor) for each in sides.positional)


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
    sides = _known(sides, context)
    if sides.unknown is not None:
        return sides.unknown
    if _has_tensor(sides) and kind not in (ast.Is, ast.IsNot):
        return compare_tensors(kind, sides, context)
    try:
        return compare(kind, *sides.positional)
    except NoLiteralError:
        return Unknown(_("This comparison is not supported."), sides.line)
