"""Values of operators and comparisons, of literals and of tensors."""

from __future__ import annotations

import ast
from collections.abc import Callable

from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literals import (
    UNARY,
    NoLiteralError,
    binary,
    compare,
)
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import ScriptTensor, ShapeOf, Unknown
from dlstudio.engine.script_reader.tensor_operators import (
    compare_tensors,
    negative,
    operate,
)
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.engine.script_reader.value_items import truth_of
from dlstudio.i18n import _

LARGE = (list, tuple, dict, str, range)
"""What may take long to walk through."""


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
    text = _("This value cannot be computed while reading.")
    return _between(
        sides,
        context,
        lambda known: operate(kind, known, context),
        lambda known: binary(kind, *known.positional),
        text,
    )


def _between(
    sides: Arguments,
    context: ReadingContext,
    of_tensors: Callable[[Arguments], object],
    of_literals: Callable[[Arguments], object],
    refusal: str,
) -> object:
    """What stands between two values, of which one may be a tensor.

    Args:
        sides: The values.
        context: Of the reading.
        of_tensors: The value where one is a tensor.
        of_literals: The value of literals.
        refusal: Why there is none.
    """
    known = _known(sides, context)
    if known.unknown is not None:
        return known.unknown
    if any(isinstance(each, ScriptTensor) for each in known.positional):
        return of_tensors(known)
    try:
        return of_literals(known)
    except NoLiteralError:
        return Unknown(refusal, sides.line)


def _known(sides: Arguments, context: ReadingContext) -> Arguments:
    """Both sides of an operator, shapes as numbers; or what of them is not known."""
    found = tuple(resolved(each, context) for each in sides.positional)
    unknown = next((each for each in found if isinstance(each, Unknown)), None)
    large = any(isinstance(each, LARGE) for each in found)
    if unknown is None and large and not context.weigh(*found):
        unknown = Unknown(_("This value is too large to be read."), sides.line)
    return Arguments(found, {}, sides.line, unknown)


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

    def of_literals(known: Arguments) -> object:
        return compare(kind, *known.positional)

    def of_tensors(known: Arguments) -> object:
        same = kind in (ast.Is, ast.IsNot)  # such as “x is None”
        return of_literals(known) if same else compare_tensors(kind, known, context)

    text = _("This comparison is not supported.")
    return _between(sides, context, of_tensors, of_literals, text)
