"""Functions and methods of Python on literals and lists, none of them long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlstudio.engine.script_reader.limits import MOST_BITS, MOST_ITEMS
from dlstudio.engine.script_reader.literals import (
    NESTED_FIELD,
    WIDE,
    NoLiteralError,
    is_plain,
)


def _count(*ends: Any) -> range:
    if not 1 <= len(ends) <= 3 or not all(isinstance(each, int) for each in ends):
        raise NoLiteralError
    made: range = range(*ends)
    if len(made) > MOST_ITEMS:
        raise NoLiteralError
    return made


def _rounded(value: Any, digits: Any = None) -> object:
    return round(value) if digits is None else round(value, digits)


LITERAL_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "range": _count,
    "min": min,
    "max": max,
    "sum": sum,
    "abs": abs,
    "round": _rounded,
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "divmod": divmod,
    "sorted": sorted,
    "any": any,
    "all": all,
}
"""Functions of Python that take literals and give literals."""
CONTAINER_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "len": len,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "zip": lambda *each: list(zip(*each, strict=False)),
    "enumerate": lambda each, start=0: list(enumerate(each, start)),
    "reversed": lambda each: list(reversed(each)),
}
"""Functions of Python that take lists and dictionaries of anything."""
TEXT_METHODS = frozenset(
    {"format", "lower", "upper", "capitalize", "title", "strip", "lstrip", "rstrip"}
    | {"split", "join", "replace", "startswith", "endswith"}
    | {"removeprefix", "removesuffix"}
)
LIST_METHODS = frozenset(
    {"append", "extend", "insert", "pop", "index", "reverse", "copy", "remove"}
    | {"count", "clear"}
)
DICT_METHODS = frozenset(
    ["get", "items", "keys", "values", "update", "setdefault", "pop", "copy", "clear"]
)
QUICK_METHODS = frozenset({"append", "insert", "pop", "get", "setdefault"})
"""Methods that take as long for a large value as for a small one."""


def call_method(owner: Any, name: str, args: tuple[Any, ...], named: Any) -> object:
    """A method of a text, list, tuple or dictionary.

    Args:
        owner: What has the method.
        name: Of the method.
        args, named: Of the call.

    Raises:
        NoLiteralError: There is no such method, or it does not fit.
    """
    known: Mapping[type, frozenset[str]] = {
        str: TEXT_METHODS,
        list: LIST_METHODS,
        tuple: frozenset({"index", "count"}),
        dict: DICT_METHODS,
    }
    if name not in known.get(type(owner), ()):
        raise NoLiteralError
    if isinstance(owner, str):
        _check_text(owner, name, args, named)
    elif name in ("index", "remove", "count") and not is_plain([owner, args]):
        raise NoLiteralError
    if isinstance(owner, list) and len(owner) >= MOST_ITEMS:
        raise NoLiteralError
    if name == "extend" and args and len(owner) + len(args[0]) > MOST_ITEMS:
        raise NoLiteralError
    try:
        found = getattr(owner, name)(*args, **named)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise NoLiteralError from error
    if isinstance(owner, dict) and name in ("items", "keys", "values"):
        return list(found)
    return found


def _check_text(owner: str, name: str, args: tuple[Any, ...], named: Any) -> None:
    """Raise where a method of a text would make a long one, or look into values."""
    if not is_plain(args) or not is_plain(named):
        raise NoLiteralError
    if name == "format":
        filled = owner.count("{") * len(f"{args}{named}")
        if WIDE.search(owner) or NESTED_FIELD.search(owner) or filled > MOST_ITEMS:
            raise NoLiteralError
    if name == "replace" and len(owner) * len(str(args[-1:])) > MOST_ITEMS:
        raise NoLiteralError
    if name == "join" and sum(len(str(each)) for each in args[0]) > MOST_ITEMS:
        raise NoLiteralError


def call_literal(name: str, args: tuple[Any, ...], named: Any) -> object:
    """A function of Python on literals or lists.

    Args:
        name: Of the function.
        args, named: Of the call.

    Raises:
        NoLiteralError: There is no such function, or it does not fit.
    """
    if any(isinstance(each, str) and len(each) > MOST_BITS for each in args):
        raise NoLiteralError
    if name in LITERAL_FUNCTIONS and is_plain(args) and is_plain(dict(named)):
        function = LITERAL_FUNCTIONS[name]
    elif name in CONTAINER_FUNCTIONS and all(
        isinstance(each, (list, tuple, dict, range, str, int)) for each in args
    ):
        function = CONTAINER_FUNCTIONS[name]
    else:
        raise NoLiteralError
    try:
        return function(*args, **named)
    except (ArithmeticError, TypeError, ValueError, LookupError) as error:
        raise NoLiteralError from error
