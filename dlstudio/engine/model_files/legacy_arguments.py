"""The arguments of a layer as Keras 1 or 2 wrote them, as Keras 3 takes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping

import keras

from dlstudio.engine.model_files.legacy_layer_names import (
    BY_LAYER,
    CHOICES,
    IGNORED,
    INITIALIZERS,
    KERNEL,
    LAYERS,
    OPTIONS,
    SEPARABLE,
    UNCHANGING,
)
from dlstudio.json_values import JsonObject, JsonValue

BASE = frozenset({"name", "trainable", "dtype", "activity_regularizer"})
RECURRENT = frozenset({"GRU", "GRUCell"})
MERGES = {
    "sum": ("Add", ()),
    "mul": ("Multiply", ()),
    "ave": ("Average", ()),
    "max": ("Maximum", ()),
    "concat": ("Concatenate", (("concat_axis", "axis"),)),
    "dot": ("Dot", (("dot_axes", "axes"),)),
}
"""The layers that replace a mode of Keras 1's Merge, and their arguments."""

Convert = Callable[[JsonValue], JsonValue]


def merge_of(config: Mapping[str, JsonValue]) -> tuple[str, JsonObject] | None:
    """The layer that Keras 1's Merge is today, with its arguments.

    Args:
        config: Of the Merge.

    Returns:
        None for modes that have no layer today.
    """
    mode = config.get("mode")
    found = MERGES.get(mode) if isinstance(mode, str) else None
    if found is None:
        return None
    name, arguments = found
    made: JsonObject = {"name": config.get("name")}
    for old, new in arguments:
        made[new] = config.get(old, -1)
    return name, made


def modern_arguments(
    name: str, config: Mapping[str, JsonValue], convert: Convert, *, missing_reset: bool
) -> tuple[str, JsonObject, list[str]]:
    """A layer's class and arguments as Keras 3 takes them.

    Args:
        name: Of the class, as in the file.
        config: Its arguments, as in the file.
        convert: Gives nested objects (initializers, regularizers, layers) as Keras 3
            writes them.
        missing_reset: Whether a GRU that does not say it resets before it multiplies,
            as all did in Keras 1 and 2.

    Returns:
        The class, its arguments, and those that Keras 3 does not have and that do
        change what the layer computes.
    """
    today = LAYERS.get(name, name)
    given = dict(_renamed(name, today, config))
    if name == "CuDNNGRU":
        given["reset_after"] = True
    elif today in RECURRENT and missing_reset:
        given.setdefault("reset_after", False)
    if name == "SyncBatchNormalization":
        given["synchronized"] = True
    accepted = _accepted(today)
    kept: JsonObject = {}
    lost: list[str] = []
    for key, value in given.items():
        if accepted is not None and key not in accepted:
            if _changes(today, key, value):
                lost.append(key)
            continue
        kept[key] = value_of(key, value, convert)
    return today, kept, lost


def _changes(name: str, key: str, value: JsonValue) -> bool:
    """Whether an argument that a layer does not have today changes what it computes."""
    if key in IGNORED or value in (None, False, [], {}):
        return False
    if name in SEPARABLE and key in KERNEL:
        return False
    return key not in UNCHANGING or value != UNCHANGING[key]


def value_of(key: str, value: JsonValue, convert: Convert) -> JsonValue:
    """An argument's value as Keras 3 takes it.

    Args:
        key: Name of the argument, as today.
        value: As in the file.
        convert: See `modern_arguments`.
    """
    choices = CHOICES.get(key)
    if choices and isinstance(value, str):
        return choices.get(value, value)
    if key.endswith("_initializer") and isinstance(value, str):
        return INITIALIZERS.get(value, value)
    if key == "axis" and isinstance(value, list) and len(value) == 1:
        alone: JsonValue = value[0]
        return alone
    return convert(value)


def _renamed(
    name: str, today: str, config: Mapping[str, JsonValue]
) -> Iterator[tuple[str, JsonValue]]:
    names = {**OPTIONS, **BY_LAYER.get(today, {})}
    sides = [config[key] for key in ("nb_row", "nb_col") if key in config]
    if "kernel_dim1" in config:
        sides = [config[f"kernel_dim{each}"] for each in (1, 2, 3)]
    if sides:
        yield "kernel_size", sides
    for key, value in config.items():
        if key in ("nb_row", "nb_col") or key.startswith("kernel_dim"):
            continue
        if name == "ThresholdedReLU" and key == "theta":
            yield "threshold", value
            continue
        if key == "dropout" and today == "Embedding":
            continue  # of Keras 1: while training only
        yield names.get(key, key), value


def _accepted(name: str) -> frozenset[str] | None:
    """The arguments of a layer's class; None if Keras has no such class."""
    made = getattr(keras.layers, name, None)
    if not isinstance(made, type):
        return None
    found: set[str] = set(BASE)
    for each in made.__mro__:
        if each is keras.layers.Layer:
            break
        initializer = each.__dict__.get("__init__")
        if initializer is not None:
            found |= set(inspect.signature(initializer).parameters)
    return frozenset(found - {"self", "args", "kwargs"})
