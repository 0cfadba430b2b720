"""The configuration of a model without the numbers that Keras gives names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import keras

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def unnumbered_config(model: KerasModel) -> object:
    """The same in each process, whatever else was built before, as plain JSON.

    Args:
        model: Functional.
    """
    names = {name: f"#{place}" for place, name in enumerate(_names(model))}
    return _renamed(model.get_config(), names)


def _names(model: KerasModel) -> list[str]:
    """Names of a model and all that it calls; Keras numbers those without their own."""
    found = [model.name]
    operations: Iterable[Any] = cast("Any", model).operations
    for each in operations:
        # A model that is a class of its own has layers, but no graph of them.
        inner = isinstance(each, keras.Model) and hasattr(each, "operations")
        found += _names(each) if inner else [each.name]
    return list(dict.fromkeys(found))


def _renamed(config: object, names: Mapping[str, str]) -> object:
    """The same JSON with other names."""
    if isinstance(config, dict):
        return {key: _renamed(value, names) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [_renamed(value, names) for value in config]
    return names.get(config, config) if isinstance(config, str) else config
