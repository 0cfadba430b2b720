"""Parsing a parameter's numbers as typed in a field or on the command line."""

from __future__ import annotations

from dlstudio.catalog.schema import Param
from dlstudio.number_text import read_number, read_numbers, read_whole

WHOLE_LISTS = ("size", "shape", "margins")
LISTS = (*WHOLE_LISTS, "range", "pair")
TYPES = ("int", "float", *LISTS)
TypedNumber = int | float | tuple[int | float | None, ...] | None


def is_typed_number(param: Param, text: str) -> bool:
    """Whether `typed_number` can parse it: not a list in brackets (may be nested)."""
    return param.type in TYPES and not set("([{") & set(text)


def typed_number(param: Param, text: str) -> TypedNumber:
    """Parse one number or several; bounds are not checked.

    Raises:
        UserError: The text is not of the parameter's type, or is ambiguous.
    """
    if param.type == "int":
        return read_whole(text)
    if param.type == "float":
        return read_number(text)
    whole, two = param.type in WHOLE_LISTS, param.type == "pair"
    values = read_numbers(text, whole, one=not two)
    alone = len(values) == 1 and param.type not in ("shape", "pair")
    return values[0] if alone else values
