"""Arithmetic, comparisons and texts over literals, none of them large."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from dlstudio.engine.script_reader.limits import MOST_BITS, MOST_ITEMS

PLAIN = (bool, int, float, str, type(None))
NUMBERS = (bool, int, float)
WIDE = re.compile(r"\d{4,}")
"""A width in a format that would make a very long text."""
NESTED_FIELD = re.compile(r"\{[^}]*[.\[{]")
"""A field of a format that looks into its value, or has a width from elsewhere."""


class NoLiteralError(Exception):
    """An operation that has no result among literals, or too large a one."""


def is_plain(value: object) -> bool:
    """Whether it is a literal, or a list, tuple, dictionary or slice of literals."""
    waiting, seen = [value], 0
    while waiting:
        seen += 1
        if seen > MOST_ITEMS:
            return False
        each = waiting.pop()
        if isinstance(each, (list, tuple)):
            waiting += each
        elif isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif not isinstance(each, (*PLAIN, range, slice, type(Ellipsis))):
            return False
    return True


def binary(kind: type[ast.operator], left: Any, right: Any) -> object:
    """The result of an operator.

    Args:
        kind: The operator.
        left, right: Values of the script.

    Raises:
        NoLiteralError: There is none.
    """
    if not (is_plain(left) and is_plain(right)):
        joined = _joined(kind, left, right)
        if joined is None:
            raise NoLiteralError
        return joined
    _check(kind, left, right)
    try:
        return BINARY[kind](left, right)
    except (ArithmeticError, TypeError, ValueError, KeyError) as error:
        raise NoLiteralError from error


def _joined(kind: type[ast.operator], left: object, right: object) -> object:
    """Lists with anything in them can be joined and repeated."""
    if kind is ast.Add:
        for sort in (list, tuple):
            if isinstance(left, sort) and isinstance(right, sort):
                if len(left) + len(right) > MOST_ITEMS:
                    raise NoLiteralError
                return sort([*left, *right])
    if kind is ast.Mult and isinstance(left, (list, tuple)) and isinstance(right, int):
        if len(left) * right > MOST_ITEMS:
            raise NoLiteralError
        return left * right
    return None


def _check(kind: type[ast.operator], left: Any, right: Any) -> None:
    """Raise where a result would be very large."""
    if kind is ast.Mod and isinstance(left, str):
        filled = left.count("%") * len(str(right))
        if WIDE.search(left) or "*" in left or filled > MOST_ITEMS:
            raise NoLiteralError
    listed = (str, list, tuple)
    for value, other in ((left, right), (right, left)):
        repeated = kind is ast.Mult and isinstance(value, listed)
        if repeated and isinstance(other, int) and len(value) * other > MOST_ITEMS:
            raise NoLiteralError
        if kind is ast.Add and isinstance(value, listed) and len(value) > MOST_ITEMS:
            raise NoLiteralError
    if isinstance(left, int) and isinstance(right, int):
        _check_numbers(kind, left, right)


def _check_numbers(kind: type[ast.operator], left: int, right: int) -> None:
    """Raise where a number would be very long."""
    bits = abs(left).bit_length()
    if max(bits, abs(right).bit_length()) > MOST_BITS:
        raise NoLiteralError
    if kind is ast.Pow and right > 0 and bits * right > MOST_BITS:
        raise NoLiteralError
    if kind is ast.LShift and right > MOST_BITS:
        raise NoLiteralError


BINARY: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
UNARY: Mapping[type[ast.unaryop], Callable[[Any], object]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, all: value in all,
    ast.NotIn: lambda value, all: value not in all,
}


def compare(kind: type[ast.cmpop], left: object, right: object) -> bool:
    """Whether two literals compare so.

    Args:
        kind: The operator.
        left, right: Values of the script.

    Raises:
        NoLiteralError: They cannot be compared.
    """
    if kind in (ast.Is, ast.IsNot):
        return (left is right) == (kind is ast.Is)
    if not (is_plain(left) and is_plain(right)):
        raise NoLiteralError
    try:
        return bool(COMPARED[kind](left, right))
    except (TypeError, ValueError, KeyError) as error:
        raise NoLiteralError from error


def formatted(value: object, form: str, conversion: int) -> str:
    """A value within an f-string.

    Args:
        value: Of the script.
        form: What stands behind the colon.
        conversion: As in `ast.FormattedValue`.

    Raises:
        NoLiteralError: It is not a plain value, or would become long.
    """
    if not isinstance(value, PLAIN) or WIDE.search(form):
        raise NoLiteralError
    if conversion == ord("r"):
        value = repr(value)
    try:
        return format(value, form)
    except (ValueError, TypeError) as error:
        raise NoLiteralError from error
