"""Items of values: of lists, of tensors, of calls that give several tensors."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.graph import OPAQUE
from dlstudio.engine.script_reader.limits import MOST_ITEMS, ReadingContext
from dlstudio.engine.script_reader.literals import is_plain
from dlstudio.engine.script_reader.network_layers import BackboneLayers, inner_layers
from dlstudio.engine.script_reader.script_values import (
    ScriptTensor,
    SeveralTensors,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.tensor_operators import take_item
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.i18n import _


def items_of(value: object, context: ReadingContext) -> list[object] | Unknown:
    """All items of a value."""
    if isinstance(value, ShapeOf):
        value = plain_shape(value, context)
    if isinstance(value, BackboneLayers):
        value = inner_layers(value, context)
    if isinstance(value, (list, tuple, range, str, dict)):
        if len(value) > MOST_ITEMS:
            return Unknown(_("This value is too large to be read."), context.line)
        context.count_items(len(value))
        return list(value)
    if isinstance(value, SeveralTensors) and value.count is not None:
        return [ScriptTensor(value.call, port) for port in range(value.count)]
    if isinstance(value, Unknown):
        return value
    return Unknown(_("How often this repeats is not known."), context.line)


def truth_of(value: object, context: ReadingContext) -> bool | Unknown:
    """Whether a value counts as true."""
    if isinstance(value, ShapeOf):
        value = plain_shape(value, context)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (ScriptTensor, SeveralTensors)):
        return Unknown(_("A condition on a tensor is not supported."), context.line)
    if isinstance(value, (list, tuple, dict, str, range)):
        return len(value) > 0
    if isinstance(value, (bool, int, float)):
        return bool(value)
    return value is not None


def item_at(owner: object, index: object, context: ReadingContext) -> object:
    """What stands between square brackets.

    Args:
        owner: A list, a dictionary, a tensor, a shape.
        index: A number, a slice, a text, or a tuple of these.
        context: Takes a slice of a tensor.
    """
    if isinstance(owner, ScriptTensor):
        layer = owner.call.layer
        if layer.kind == OPAQUE and isinstance(index, str):
            if index not in layer.results:
                layer.results.append(index)
            index = layer.results.index(index)
        if layer.kind == OPAQUE and isinstance(index, int):
            most = layer.params.get("outputs", 1)
            if isinstance(most, int):  # known by its use alone
                layer.params["outputs"] = max(most, index + 1)
            return ScriptTensor(owner.call, index)
        return take_item(owner, index, context)
    if isinstance(owner, BackboneLayers):
        owner = inner_layers(owner, context)
    if isinstance(owner, ShapeOf):
        if isinstance(index, slice) and index == slice(1, None) and not owner.start:
            return ShapeOf(owner.tensor, 1)
        owner = plain_shape(owner, context, index)
    for each in (owner, index):
        if isinstance(each, Unknown):
            return each
    if isinstance(owner, SeveralTensors):
        return _of_several(owner, index, context)
    return _indexed(owner, index, context)


def _indexed(owner: object, index: object, context: ReadingContext) -> object:
    """An item of a literal or of a list, or a slice of it."""
    try:
        if isinstance(owner, dict) and is_key(index):
            return owner[index]
        if isinstance(owner, (list, tuple, str, range)):
            if isinstance(index, int):
                return owner[index]
            if isinstance(index, slice):
                found = owner[index]
                context.count_items(len(found))
                return found
    except (TypeError, LookupError, ValueError):
        pass
    return Unknown(_("There is no such item."), context.line)


def _of_several(
    owner: SeveralTensors, index: object, context: ReadingContext
) -> object:
    if isinstance(index, int):
        found = owner.tensor(index)
        return found or Unknown(_("There is no such output."), context.line)
    items = items_of(owner, context)
    if isinstance(index, slice) and not isinstance(items, Unknown):
        return items[index]
    return Unknown(_("There is no such output."), context.line)


def unpacked(
    stars: Sequence[bool], value: object, context: ReadingContext
) -> list[object]:
    """What each of several targets is assigned.

    Args:
        stars: Whether a target stands behind a star.
        value: What is unpacked.
        context: Knows the line.
    """
    count = len(stars)
    if isinstance(value, SeveralTensors) and value.count is None:
        return [value.tensor(number) for number in range(count)]
    items = items_of(value, context)
    if isinstance(items, Unknown):
        return [items] * count
    if len(items) != count and not (any(stars) and len(items) >= count - 1):
        return [Unknown(_("The number of values differs."), context.line)] * count
    if not any(stars):
        return items
    more, place = len(items) - count + 1, list(stars).index(True)
    return [*items[:place], items[place : place + more], *items[place + more :]]


def is_key(value: object) -> bool:
    """Whether a dictionary of a script may have such a key."""
    try:
        hash(value)
    except TypeError:
        return False  # such as a tuple with a list
    return is_plain(value) and not isinstance(value, slice)
