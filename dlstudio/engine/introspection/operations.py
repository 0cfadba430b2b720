"""Which arguments of a `keras.ops` function are tensors, and which are parameters."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.introspection.keras_api import KerasMember
    from dlstudio.engine.introspection.overlay import KindOverlay


LIST = "xs"
"""The argument that takes any number of tensors as one list."""
_VARYING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class OperationArguments:
    """The arguments of one function.

    Attributes:
        ports: Its tensor inputs, in the JSON form of `Ports`.
        constants: Tensors that may be replaced by a number or an array.
        params: The other arguments.
    """

    ports: dict[str, Any]
    constants: tuple[str, ...]
    params: dict[str, inspect.Parameter]


def arguments_of(
    function: KerasMember, usual: Collection[str], own: KindOverlay
) -> OperationArguments:
    """The arguments of a function, classified by their names.

    Args:
        function: A public function of `keras.ops`.
        usual: Names that are tensors in most functions.
        own: The function's overlay; "tensors" has its own names for tensors.
    """
    signature = inspect.signature(function).parameters
    names = set(own.get("tensors", usual))
    tensors = {n: p for n, p in signature.items() if n in names}
    params = {
        name: each
        for name, each in signature.items()
        if name not in names and each.kind not in _VARYING
    }
    several = [
        name
        for name, each in tensors.items()
        if each.kind is inspect.Parameter.VAR_POSITIONAL or name == LIST
    ]
    if several:
        ports: dict[str, Any] = {"minimum": 1, "maximum": None}
        if LIST in several:
            ports["as_list"] = True
        return OperationArguments(ports, (), params)
    if len(tensors) == 1:
        return OperationArguments({}, (), params)
    needed = [n for n, p in tensors.items() if p.default is inspect.Parameter.empty]
    pairs = zip(signature, tensors, strict=False)
    leading = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))
    ports = {
        "minimum": len(needed),
        "maximum": len(tensors),
        "names": list(tensors),
        "positional": leading,
    }
    return OperationArguments(ports, tuple(tensors), params)


def constant_param(name: str) -> JsonObject:
    """The parameter that replaces a tensor, in its JSON form."""
    return {"name": name, "type": "array", "optional": True, "advanced": True}
