"""Check single plain values: numbers, sizes, ranges, choices, arrays.

Each check returns "" or a message that names what was expected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol, TypeGuard, runtime_checkable

from dlstudio.catalog.choice_labels import choice_with_code
from dlstudio.catalog.schema import Param
from dlstudio.i18n import _, ngettext

ARRAY_DTYPES = frozenset(
    f"{kind}{bits}" for kind in ("float", "int", "uint") for bits in (16, 32, 64)
) | {"int8", "uint8", "bool", "str"}
_LONGEST = 60


@runtime_checkable
class SpecLike(Protocol):
    """A catalog kind with its parameters, as the document stores it."""

    @property
    def kind(self) -> str:
        """Kind in the catalog."""

    @property
    def params(self) -> Mapping[str, object]:
        """Parameters that differ from the defaults."""


@runtime_checkable
class ArrayLike(Protocol):
    """Numbers or strings as nested tuples, as the document stores them."""

    @property
    def data(self) -> tuple[object, ...]:
        """The values."""

    @property
    def dtype(self) -> str:
        """Name of the dtype."""


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is an int or a finite float, and not a bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def is_int(value: object) -> TypeGuard[int]:
    """Whether it is an int, and not a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def format_value(value: object) -> str:
    """A value as shown in messages: shortened, with objects by their name."""
    if isinstance(value, SpecLike):
        text = str(value.kind)
    elif isinstance(value, ArrayLike):
        text = _("an array")
    elif isinstance(value, tuple):
        text = "({})".format(", ".join(map(format_value, value[:_LONGEST])))
    else:
        text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def wrong(param: Param, value: object, expected: str) -> str:
    """The message "name must be expected, not value".

    Args:
        param: Parameter that the message names.
        value: The actual value.
        expected: What the value must be, such as "a whole number" (translated).
    """
    return _("{name} must be {expected}, not {value}.").format(
        name=param.name, expected=expected, value=format_value(value)
    )


def _bounds(param: Param, numbers: tuple[float, ...]) -> str:
    low, high = param.minimum, param.maximum
    for number in numbers:
        if low is not None and (number < low or (param.open_minimum and number == low)):
            text = _("more than {low}") if param.open_minimum else _("at least {low}")
            return wrong(param, number, text.format(low=_plain(low)))
        if high is not None and (
            number > high or (param.open_maximum and number == high)
        ):
            text = _("less than {high}") if param.open_maximum else _("at most {high}")
            return wrong(param, number, text.format(high=_plain(high)))
    return ""


def _plain(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"


def _bool(param: Param, value: object) -> str:
    return "" if isinstance(value, bool) else wrong(param, value, _("true or false"))


def _int(param: Param, value: object) -> str:
    if not is_int(value):
        return wrong(param, value, _("a whole number"))
    return _bounds(param, (value,))


def _float(param: Param, value: object) -> str:
    if not is_number(value):
        return wrong(param, value, _("a number"))
    return _bounds(param, (value,))


def _text(param: Param, value: object) -> str:
    if not isinstance(value, str):
        return wrong(param, value, _("text"))
    if param.name == "name" and "/" in value:
        return wrong(param, value, _("text without a “/”"))
    return ""


def _enum(param: Param, value: object) -> str:
    if any(type(value) is type(each) and value == each for each in param.choices):
        return ""
    choices = ", ".join(
        choice_with_code(param.name, each) for each in param.choices if each is not None
    )
    return wrong(param, value, _("one of {choices}").format(choices=choices))


def _size(param: Param, value: object) -> str:
    numbers = value if isinstance(value, tuple) else (value,)
    fits = not isinstance(value, tuple) or param.rank in (None, len(value))
    if not fits or not numbers or not all(map(is_int, numbers)):
        if param.rank is None:
            return wrong(param, value, _("one or more whole numbers"))
        return wrong(
            param,
            value,
            _("a whole number or {rank} of them").format(rank=param.rank),
        )
    return _bounds(param, numbers)


def _shape(param: Param, value: object) -> str:
    sizes = value if isinstance(value, tuple) else (value,)
    if not all(size is None or is_int(size) for size in sizes):
        return wrong(
            param, value, _("whole numbers, or empty where any size is allowed")
        )
    if param.rank is not None and len(sizes) != param.rank:
        return wrong(
            param,
            value,
            ngettext("{rank} dimension", "{rank} dimensions", param.rank).format(
                rank=param.rank
            ),
        )
    return _bounds(param, tuple(size for size in sizes if size is not None))


def _margins(param: Param, value: object) -> str:
    rank = param.rank or 1
    whole = (value,) if rank == 1 else value
    edges = whole if isinstance(whole, tuple) else (whole,) * rank
    pairs = [edge if isinstance(edge, tuple) else (edge, edge) for edge in edges]
    fine = all(len(pair) == 2 and all(map(is_int, pair)) for pair in pairs)
    if len(pairs) != rank or not fine:
        expected = (
            _("a whole number, or one for each end")
            if rank == 1
            else _("a whole number, or {rank} whole numbers or pairs").format(rank=rank)
        )
        return wrong(param, value, expected)
    return _bounds(param, tuple(number for pair in pairs for number in pair))


def _range(param: Param, value: object) -> str:
    numbers = value if isinstance(value, tuple) else (value, value)
    if len(numbers) != 2 or not all(map(is_number, numbers)):
        return wrong(param, value, _("a number, or a minimum and a maximum"))
    return _bounds(param, numbers)


def _pair(param: Param, value: object) -> str:
    if not isinstance(value, tuple):
        return wrong(param, value, _("a minimum and a maximum"))
    if len(value) != 2 or not all(map(is_number, value)) or value[0] > value[1]:
        return wrong(param, value, _("a minimum and a maximum"))
    return _bounds(param, value)


def _list(param: Param, value: object) -> str:
    plain = (bool, int, float, str)
    if not isinstance(value, tuple) or not all(isinstance(v, plain) for v in value):
        return wrong(param, value, _("a list of numbers, texts or booleans"))
    if param.rank is not None and len(value) != param.rank:
        return wrong(
            param,
            value,
            ngettext("{rank} value", "{rank} values", param.rank).format(
                rank=param.rank
            ),
        )
    return ""


def _array(param: Param, value: object) -> str:
    if isinstance(value, ArrayLike):
        if value.dtype in ARRAY_DTYPES and _regular(value.data):
            return ""
    elif is_number(value) or (isinstance(value, tuple) and _regular(value)):
        return ""
    return wrong(param, value, _("numbers in rows of equal length"))


def _regular(value: object) -> bool:
    """Whether nested tuples are regular: rows of one shape, down to plain values."""
    return _shape_of(value) is not None


def _shape_of(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, tuple):
        return () if isinstance(value, (bool, int, float, str)) else None
    shapes = {_shape_of(row) for row in value}
    if not shapes:
        return (0,)
    inner = shapes.pop()
    return None if shapes or inner is None else (len(value), *inner)


def _path(param: Param, value: object) -> str:
    if isinstance(value, str) and "\0" not in value:
        return ""
    return wrong(param, value, _("a file or folder"))


def _json(param: Param, value: object) -> str:
    return ""


PLAIN_CHECKS: dict[str, Callable[[Param, object], str]] = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "text": _text,
    "enum": _enum,
    "monitor": _text,
    "size": _size,
    "shape": _shape,
    "margins": _margins,
    "range": _range,
    "pair": _pair,
    "list": _list,
    "array": _array,
    "path": _path,
    "json": _json,
}
