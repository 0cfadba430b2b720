"""Which parameters of a layer a script writes, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from dlstudio.catalog.schema import Description, Param

V = TypeVar("V")


def written_params(description: Description, params: Mapping[str, V]) -> dict[str, V]:
    """The parameters in the order of Keras' signature, without those at their default.

    Args:
        description: Of the layer.
        params: Of the node.
    """
    known = [param.name for param in description.params if param.name in params]
    order = [*known, *(name for name in params if name not in set(known))]
    return {
        name: params[name]
        for name in order
        if not is_default(description.param(name), params[name])
    }


def is_default(param: Param | None, value: object) -> bool:
    """Whether a layer is the same without a parameter.

    Args:
        param: Its description; None if there is none.
        value: Of the parameter.
    """
    if param is None or param.required:
        return False
    default = param.default
    if param.type == "size" and isinstance(default, tuple):
        sizes = value if isinstance(value, tuple) else (value,) * len(default)
        return sizes == default
    return type(value) is type(default) and value == default
