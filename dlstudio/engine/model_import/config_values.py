"""Values in configurations of Keras, as values of parameters."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Array, Value
from dlstudio.engine.model_import.imported_graphs import UnopenedLayer
from dlstudio.engine.model_import.serialized import (
    array,
    inner,
    is_object,
    nested_tuple,
)
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

_PAIRS = ("tile_grid_size",)
"""Sizes that have to be given for each axis."""


def dtype_of(given: JsonValue) -> str | None:
    """The name of a dtype or of a dtype policy.

    Raises:
        UnopenedLayer: It is a policy with more than a name.
    """
    if given is None or isinstance(given, str):
        return given
    if is_object(given) and str(given["class_name"]) in ("DTypePolicy", "Policy"):
        return str(inner(given).get("name"))
    raise UnopenedLayer(_("It is quantized, which cannot be edited here."))


def array_value(given: JsonValue) -> Value:
    """A number, or an array of numbers.

    Raises:
        UnopenedLayer: It is neither.
    """
    found = array(given)
    if found is not None:
        return found
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return given
    if isinstance(given, Sequence) and not isinstance(given, str):
        data = nested_tuple(given)
        return Array(data, "int32" if _whole(data) else "float32")
    raise UnopenedLayer(_("One of its constants is not a number."))


def _whole(data: tuple[object, ...]) -> bool:
    return all(
        _whole(each) if isinstance(each, tuple) else type(each) is int for each in data
    )


def collapsed(param: Param, value: Value) -> Value:
    """One number where all of a size are the same.

    Args:
        param: Describes the value.
        value: As Keras has written it.
    """
    if param.type == "margins" and isinstance(value, tuple):
        return _collapsed_margins(param, value)
    if param.type != "size" or not isinstance(value, tuple) or param.name in _PAIRS:
        return value
    single = len(value) == 1 and isinstance(param.default, int)
    same = len(value) == param.rank and len(set(value)) == 1
    return value[0] if single or same else value


def _collapsed_margins(param: Param, value: tuple[Value, ...]) -> Value:
    """One number where all margins are the same, and one for both ends of an axis."""
    edges = tuple(
        each[0] if isinstance(each, tuple) and len(set(each)) == 1 else each
        for each in value
    )
    count = 2 if param.rank == 1 else param.rank
    same = len(edges) == count and len(set(edges)) == 1
    return edges[0] if same and not isinstance(edges[0], tuple) else edges
