"""What the layers of a live model have learned from data, as parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.engine.model_import.imported_graphs import LayerPath

if TYPE_CHECKING:
    from dlstudio.engine.model_import.layer_nodes import LayerState
    from dlstudio.engine.typing import KerasLayer, KerasModel
    from dlstudio.json_values import JsonValue

_LOOKUPS = (
    keras.layers.StringLookup,
    keras.layers.IntegerLookup,
    keras.layers.TextVectorization,
)


def layer_states(model: KerasModel) -> dict[LayerPath, LayerState]:
    """The parameters that hold what each adapted layer knows, by its path."""
    found = {}
    for path, layer in named_layers(model):
        state = _state(layer)
        if state:
            found[path] = state
    return found


def named_layers(
    model: KerasModel, path: LayerPath = ()
) -> Iterator[tuple[LayerPath, KerasLayer]]:
    """All layers of a model, and of the models in it, with their paths."""
    for layer in model.layers:
        here = (*path, layer.name)
        yield here, layer
        if isinstance(layer, keras.Model):
            yield from named_layers(layer, here)


def _state(layer: object) -> LayerState:
    if isinstance(layer, keras.layers.Normalization):
        if layer.input_mean is not None or not layer.built:
            return {}
        mean, variance = layer.adapt_mean, layer.adapt_variance
        return {"mean": _numbers(mean), "variance": _numbers(variance)}
    if isinstance(layer, _LOOKUPS) and layer.get_config().get("vocabulary") is None:
        words = layer.get_vocabulary(include_special_tokens=False)
        if words:
            found: dict[str, JsonValue] = {"vocabulary": [_plain(w) for w in words]}
            lookup = getattr(layer, "_lookup_layer", layer)
            weights = getattr(lookup, "idf_weights", None)
            if weights is not None:  # those of special tokens come first
                found["idf_weights"] = np.asarray(weights)[-len(words) :].tolist()
            return found
    return {}


def _numbers(variable: npt.ArrayLike) -> JsonValue:
    values: JsonValue = np.asarray(variable).astype(float).tolist()
    return values


def _plain(word: str | int) -> str | int:
    return str(word) if isinstance(word, str) else int(word)
