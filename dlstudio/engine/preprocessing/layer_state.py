"""What layers with `adapt` learn from data, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dlstudio.engine.model.byte_pair import BytePair
from dlstudio.engine.model.random_tokens import RandomTokens, groups_of
from dlstudio.engine.model.subword_layer import SubwordLayer
from dlstudio.engine.model.word_piece import WordPiece
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject


def learns(layer: object) -> bool:
    """Whether a layer learns from data: it has `adapt`, and nothing is given."""
    if isinstance(layer, keras.layers.Normalization):
        return layer.input_mean is None
    if isinstance(layer, keras.layers.Discretization):
        return layer.num_bins is not None and not layer.bin_boundaries
    if isinstance(layer, RandomTokens):
        return bool(layer.synonyms) and layer.groups is None
    if isinstance(layer, SubwordLayer):
        return not layer.vocabulary
    lookup = _lookup(layer)
    return lookup is not None and not lookup._has_input_vocabulary


def state_of(layer: Any) -> JsonObject:
    """What a layer has learned."""
    if isinstance(layer, keras.layers.Normalization):
        return {
            "mean": _numbers(layer.adapt_mean),
            "variance": _numbers(layer.adapt_variance),
        }
    if isinstance(layer, keras.layers.Discretization):
        return {"bin_boundaries": _numbers(layer.bin_boundaries)}
    if isinstance(layer, RandomTokens):
        return {"groups": [list(group) for group in layer.groups or ()]}
    if isinstance(layer, WordPiece):
        return {"vocabulary": list(layer.vocabulary)}
    if isinstance(layer, BytePair):
        words, merges = layer.vocabulary, layer.merges
        return {"vocabulary": list(words), "merges": list(merges)}
    lookup = _lookup(layer)
    assert lookup is not None
    vocabulary = [_plain(each) for each in lookup.get_vocabulary()]
    state: JsonObject = {"vocabulary": vocabulary}
    if lookup.output_mode == "tf_idf":
        # Beyond the vocabulary there are only zeros, to `max_tokens`.
        state["idf_weights"] = _numbers(lookup.idf_weights)[: len(vocabulary)]
    return state


def set_state(layer: Any, state: Mapping[str, Any]) -> None:
    """Let a layer be as if it had learned `state`.

    Args:
        layer: A layer; built if it has variables.
        state: From `state_of`.
    """
    if isinstance(layer, keras.layers.Normalization):
        layer.adapt_mean.assign(np.asarray(state["mean"], np.float32))
        layer.adapt_variance.assign(np.asarray(state["variance"], np.float32))
        layer.finalize_state()
    elif isinstance(layer, keras.layers.Discretization):
        layer.bin_boundaries = list(state["bin_boundaries"])
    elif isinstance(layer, RandomTokens):
        layer.set_groups(state["groups"])
    elif isinstance(layer, WordPiece):
        layer.set_vocabulary(state["vocabulary"])
    elif isinstance(layer, BytePair):
        layer.set_merges(state["vocabulary"], state["merges"])
    else:
        lookup = _lookup(layer)
        assert lookup is not None
        lookup.set_vocabulary(state["vocabulary"], state.get("idf_weights"))
        # From now on it is a layer with a given vocabulary, kept in its configuration:
        # the text file that Keras would write loses empty words and line breaks.
        lookup.input_vocabulary = list(state["vocabulary"])
        lookup.input_idf_weights = state.get("idf_weights")
        lookup._has_input_vocabulary = True


def synonyms_of(layer: RandomTokens, before: object) -> JsonObject:
    """What a layer of synonyms learns: the numbers of these words.

    Args:
        layer: Has the words.
        before: The layer before it, which has learned its vocabulary.

    Raises:
        UserError: That one looks no words up.
    """
    if not isinstance(before, keras.layers.TextVectorization):
        raise UserError(
            _("“{name}” has synonyms, but no words enter it.").format(name=layer.name),
            _("Place it right behind a TextVectorization layer."),
        )
    return {"groups": groups_of(layer.synonyms, before)}


def adapt(layer: Any, batches: Callable[[], Any]) -> None:
    """Let a layer learn from batches, as its own `adapt` would.

    Raises:
        UserError: There is nothing to learn in them.
    """
    layer.reset_state()
    for batch in batches():
        layer.update_state(batch)
    try:
        layer.finalize_state()
    except tf.errors.InvalidArgumentError as error:
        raise UserError(
            _("“{name}” found nothing to learn in the training split.").format(
                name=layer.name
            ),
            _("Give it a vocabulary, or check the values of the feature."),
        ) from error


def _lookup(layer: object) -> Any:
    """The table of words of a layer, or None."""
    if isinstance(layer, keras.layers.TextVectorization):
        return layer._lookup_layer
    if isinstance(layer, (keras.layers.StringLookup, keras.layers.IntegerLookup)):
        return layer
    return None


def _numbers(values: Any) -> Any:
    return np.asarray(values, np.float64).tolist()


def _plain(value: Any) -> str | int:
    return int(value) if isinstance(value, (int, np.integer)) else str(value)
