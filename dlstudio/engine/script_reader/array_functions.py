"""Functions of `math` and NumPy that give literals or small arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from dlstudio.document.values import Array, Value, freeze
from dlstudio.engine.script_reader.limits import MOST_BITS
from dlstudio.engine.script_reader.literals import NUMBERS, is_plain
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import Reference, Unknown
from dlstudio.errors import UserError
from dlstudio.i18n import _

NUMERIC: Mapping[str, Callable[..., object]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "ceil": math.ceil,
    "floor": math.floor,
    "pow": math.pow,
    "prod": math.prod,
    "sin": math.sin,
    "cos": math.cos,
    "gcd": math.gcd,
}
"""Functions of numbers, which `math` and NumPy call the same."""
ARRAYS = ("array", "asarray", "constant", "float32", "float64", "int32", "int64")


def call_array(path: str, arguments: Arguments) -> object:
    """A function of `math` or NumPy.

    Args:
        path: Its full name.
        arguments: Of the call.
    """
    name = path.rpartition(".")[2]
    args = arguments.positional
    if name in ARRAYS and args:
        return _array(name, arguments)
    plain = all(isinstance(each, NUMBERS) for each in args)
    listed = name == "prod" and len(args) == 1 and _is_small_product(args[0])
    if name in NUMERIC and (plain or listed) and not arguments.named:
        try:
            return NUMERIC[name](*args)
        except (ArithmeticError, TypeError, ValueError):
            pass
    text = _("“{name}” is never run.").format(name=path)
    return Unknown(text, arguments.line)


def _is_small_product(value: object) -> bool:
    """Whether these are numbers whose product is not very long."""
    if not isinstance(value, (list, tuple)):
        return False
    whole = sum(each.bit_length() for each in value if isinstance(each, int))
    return whole <= MOST_BITS and all(isinstance(each, NUMBERS) for each in value)


def _array(name: str, arguments: Arguments) -> object:
    value = arguments.positional[0]
    dtype = arguments.get(1, "dtype")
    if isinstance(dtype, Reference):
        dtype = dtype.name
    if name in ARRAYS[3:]:
        dtype = name
        if isinstance(value, NUMBERS):
            return value
    if isinstance(value, Unknown):
        return value
    try:
        data: Value = freeze(value) if is_plain(value) else None
    except UserError:
        data = None
    if isinstance(data, tuple):
        return Array(data, str(dtype or "float32"))
    if isinstance(data, (bool, int, float)):
        return data
    return Unknown(_("This array is not known."), arguments.line)
