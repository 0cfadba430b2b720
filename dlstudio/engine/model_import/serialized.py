"""Keras' serialized objects: JSON with class names, and references to tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeGuard

from dlstudio.document.values import Array
from dlstudio.engine.model_import.imported_graphs import UnopenedLayer
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

TENSOR = "__keras_tensor__"
_ARRAYS = ("__numpy__", "__tensor__")
_DEEPEST = 32


class TensorReference(NamedTuple):
    """An output of a layer: which of its calls, and which of the call's tensors."""

    layer: str
    call: int
    tensor: int


def is_object(item: JsonValue) -> TypeGuard[Mapping[str, JsonValue]]:
    """Whether it is a serialized object."""
    return isinstance(item, Mapping) and isinstance(item.get("class_name"), str)


def inner(item: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The configuration in a serialized object; empty if there is none."""
    found = item.get("config")
    return found if isinstance(found, Mapping) else {}


def reference(item: JsonValue) -> TensorReference | None:
    """The tensor that an argument of a call is; None if it is something else."""
    if not is_object(item) or item["class_name"] != TENSOR:
        return None
    return history(inner(item).get("keras_history"))


def history(item: JsonValue) -> TensorReference:
    """A tensor as a list of layer, call and place.

    Raises:
        UnopenedLayer: It is no such list.
    """
    if isinstance(item, Sequence) and not isinstance(item, str) and len(item) >= 3:
        layer, call, tensor = item[:3]
        if isinstance(layer, str) and isinstance(call, int) and isinstance(tensor, int):
            return TensorReference(layer, call, tensor)
    raise UnopenedLayer(_("The configuration names a tensor that does not exist."))


def references(item: JsonValue) -> list[TensorReference]:
    """All tensors in an argument, in the order of Keras: dicts by their sorted keys."""
    return [each for each in leaves(item) if each is not None]


def leaves(item: JsonValue) -> Iterator[TensorReference | None]:
    """The tensors of an argument; None stays None.

    Raises:
        UnopenedLayer: There is anything else in it.
    """
    found = reference(item)
    if found is not None or item is None:
        yield found
    elif isinstance(item, Mapping) and not is_object(item):
        for key in sorted(item):
            yield from leaves(item[key])
    elif isinstance(item, Sequence) and not isinstance(item, str):
        for each in item:
            yield from leaves(each)
    else:
        raise UnopenedLayer(_("Its call mixes tensors with other values."))


def tensors_in(item: JsonValue, depth: int = 0) -> list[TensorReference]:
    """All tensors anywhere in a call, whatever else it has."""
    found = reference(item)
    if found is not None:
        return [found]
    if depth > _DEEPEST or isinstance(item, str):
        return []
    if isinstance(item, Mapping):
        inside = [tensors_in(each, depth + 1) for each in item.values()]
    elif isinstance(item, Sequence):
        inside = [tensors_in(each, depth + 1) for each in item]
    else:
        inside = []
    return [each for several in inside for each in several]


def has_tensors(item: JsonValue, depth: int = 0) -> bool:
    """Whether there is a tensor anywhere in an argument."""
    if depth > _DEEPEST or isinstance(item, str):
        return False
    if is_object(item):
        return item["class_name"] == TENSOR
    if isinstance(item, Mapping):
        return any(has_tensors(each, depth + 1) for each in item.values())
    if isinstance(item, Sequence):
        return any(has_tensors(each, depth + 1) for each in item)
    return False


def array(item: JsonValue) -> Array | None:
    """The array that an object is; None if it is something else."""
    if not is_object(item) or item["class_name"] not in _ARRAYS:
        return None
    value = inner(item).get("value")
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    return Array(nested_tuple(value), str(inner(item).get("dtype", "float32")))


def nested_tuple(item: Sequence[JsonValue]) -> tuple[object, ...]:
    """Nested lists as nested tuples."""
    return tuple(
        nested_tuple(each)
        if isinstance(each, Sequence) and not isinstance(each, str)
        else each
        for each in item
    )
