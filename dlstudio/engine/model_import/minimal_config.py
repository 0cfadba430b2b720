"""Configurations without what Keras derives from the rest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlstudio.engine.model_import.serialized import inner, is_object
from dlstudio.json_values import JsonObject, JsonValue

Config = Mapping[str, JsonValue]


def minimal_config(item: Config) -> Config:
    """The configuration of a serialized layer, as a person would write it."""
    simplify = _SIMPLER.get(str(item["class_name"]))
    return inner(item) if simplify is None else simplify(inner(item))


def _bidirectional(config: Config) -> Config:
    """Without the second layer where it is the first one backward."""
    found = dict(config)
    for name in ("layer", "backward_layer"):
        given = found.get(name)
        if is_object(given):
            found[name] = {**given, "config": _without_forced(inner(given))}
    first, second = found.get("layer"), found.get("backward_layer")
    if is_object(first) and is_object(second) and _mirrored(first) == _other(second):
        del found["backward_layer"]
    return found


def _without_forced(config: Config) -> Config:
    """Without what Bidirectional sets in its layers."""
    forced = config.get("zero_output_for_mask") == config.get("return_sequences")
    if not forced:
        return config
    return {k: v for k, v in config.items() if k != "zero_output_for_mask"}


def _mirrored(item: Config) -> JsonObject:
    """What Bidirectional makes of a layer for the other direction."""
    config = inner(item)
    found = {**config, "go_backwards": not config.get("go_backwards")}
    return {"class_name": item["class_name"], **_without_name(found)}


def _other(item: Config) -> JsonObject:
    """The layer of the other direction, to compare with `_mirrored`."""
    return {"class_name": item["class_name"], **_without_name(inner(item))}


def _without_name(config: Config) -> JsonObject:
    return {k: v for k, v in config.items() if k != "name"}


_SIMPLER: Mapping[str, Callable[[Config], Config]] = {"Bidirectional": _bidirectional}
