"""Configurations without what Keras derives from the rest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlstudio.engine.model_import.serialized import inner, is_object
from dlstudio.json_values import JsonObject, JsonValue

Config = Mapping[str, JsonValue]


def minimal_config(item: Config) -> Config:
    """The configuration of a serialized layer, as a person would write it."""
    simplify = _SIMPLER.get(str(item["class_name"]))
    return inner(item) if simplify is None else simplify(item)


def _bidirectional(item: Config) -> Config:
    """Without the second layer where it is the first one backward."""
    found = dict(inner(item))
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
    return _without(config, "zero_output_for_mask")


def _mirrored(item: Config) -> JsonObject:
    """What Bidirectional makes of a layer for the other direction."""
    config = inner(item)
    found = {**config, "go_backwards": not config.get("go_backwards")}
    return {"class_name": item["class_name"], **_without(found, "name")}


def _other(item: Config) -> JsonObject:
    """The layer of the other direction, to compare with `_mirrored`."""
    return {"class_name": item["class_name"], **_without(inner(item), "name")}


def _pooling(item: Config) -> Config:
    """Without strides that are the pool size."""
    same = inner(item).get("strides") == inner(item).get("pool_size")
    return _without(inner(item), "strides") if same else inner(item)


def _attention(item: Config) -> Config:
    """Without the size of values if it is that of keys, and without the usual axes."""
    config = inner(item)
    if config.get("value_dim") == config.get("key_dim"):
        config = _without(config, "value_dim")
    build = item.get("build_config")
    shapes = build.get("shapes_dict") if isinstance(build, Mapping) else None
    shape = shapes.get("query_shape") if isinstance(shapes, Mapping) else None
    axes = config.get("attention_axes")
    if isinstance(shape, list) and axes == list(range(1, len(shape) - 1)):
        config = _without(config, "attention_axes")
    return config


def _discretization(item: Config) -> Config:
    """Without the number of bins if their boundaries are known."""
    known = inner(item).get("bin_boundaries")
    return _without(inner(item), "num_bins") if known else inner(item)


def _normalization(item: Config) -> Config:
    """With None for no axes."""
    axes = inner(item).get("axis")
    return {**inner(item), "axis": None} if axes == [] else inner(item)


def _without(config: Config, name: str) -> Config:
    return {k: v for k, v in config.items() if k != name}


_POOLING = [f"{kind}Pooling{n}D" for kind in ("Average", "Max") for n in (1, 2, 3)]
_SIMPLER: Mapping[str, Callable[[Config], Config]] = {
    "Bidirectional": _bidirectional,
    "Discretization": _discretization,
    "MultiHeadAttention": _attention,
    "Normalization": _normalization,
    **dict.fromkeys(_POOLING, _pooling),
}
