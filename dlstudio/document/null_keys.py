"""Null keys of a project file, which are treated as absent."""

from __future__ import annotations

import dataclasses
import types
from functools import lru_cache
from typing import TYPE_CHECKING, Union, get_args, get_origin, get_type_hints

from dlstudio.document.values import json_key

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def without_null_keys(item: object, kind: object) -> object:
    """The JSON form of `kind` without null keys that have a default.

    Required keys are kept, and so are values that may be None.

    Args:
        kind: A dataclass, or a map, tuple or union of such; others are unchanged.
    """
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        if not isinstance(item, dict):
            return item
        fields = _fields(kind)
        return {
            key: without_null_keys(value, fields[key][0]) if key in fields else value
            for key, value in item.items()
            if not (value is None and key in fields and fields[key][1])
        }
    inner = [each for each in get_args(kind) if each is not types.NoneType]
    if get_origin(kind) in (Union, types.UnionType) and len(inner) == 1:
        return without_null_keys(item, inner[0])
    if isinstance(item, dict) and len(inner) == 2:  # a map by name
        return {k: without_null_keys(v, inner[1]) for k, v in item.items()}
    if isinstance(item, list) and inner:
        return [without_null_keys(each, inner[0]) for each in item]
    return item


@lru_cache(maxsize=64)
def _fields(kind: type[DataclassInstance]) -> dict[str, tuple[object, bool]]:
    """Each field's type and whether it has a default, by its key."""
    hints = get_type_hints(kind)
    return {
        json_key(kind, each.name): (
            hints[each.name],
            each.default is not dataclasses.MISSING
            or each.default_factory is not dataclasses.MISSING,
        )
        for each in dataclasses.fields(kind)
    }
