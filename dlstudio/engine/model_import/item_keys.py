"""The key of a tensor slice as Python writes it: `:, 1:`."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.engine.model_import.imported_graphs import UnopenedLayer
from dlstudio.engine.model_import.serialized import inner, is_object
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue


def key_text(item: JsonValue) -> str:
    """The text between the square brackets.

    Args:
        item: A slice, an integer, an ellipsis or None, or a list of these.

    Raises:
        UnopenedLayer: It is anything else, such as a list of places.
    """
    if is_object(item) and item["class_name"] == "__tuple__":
        value = inner(item).get("value", item.get("config"))
        return key_text(value)
    if isinstance(item, Sequence) and not isinstance(item, str):
        return ", ".join(_part(each) for each in item) or "..."
    return _part(item)


def _part(item: JsonValue) -> str:
    if item is None:
        return "None"
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    if is_object(item) and item["class_name"] == "__ellipsis__":
        return "..."
    if is_object(item) and item["class_name"] == "__slice__":
        config = inner(item)
        places = [config.get(name) for name in ("start", "stop", "step")]
        if all(each is None or isinstance(each, int) for each in places):
            start, stop, step = ("" if each is None else str(each) for each in places)
            return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    raise UnopenedLayer(_("It is indexed by more than integers and slices."))
