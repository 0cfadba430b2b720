"""Operations of Keras, as functions of the catalog."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.json_values import JsonValue

_MODULE = "keras.src.ops"
_OTHERWISE = {
    "BatchNorm": "batch_normalization",
    "LayerNorm": "layer_normalization",
    "RMSNorm": "rms_normalization",
}
"""Classes whose functions have another name."""


def is_operation(item: Mapping[str, JsonValue]) -> bool:
    """Whether a serialized object is an operation of Keras."""
    module = str(item.get("module"))
    return module == _MODULE or module.startswith((f"{_MODULE}.", "keras.ops"))


def operation_description(
    item: Mapping[str, JsonValue], catalog: Catalog
) -> Description | None:
    """The function that an operation's class belongs to; None if there is none."""
    name = str(item["class_name"])
    return catalog.search("ops", _OTHERWISE.get(name, name))
