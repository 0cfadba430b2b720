"""A model that takes its inputs alone and gives the texts that it finds for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from dlstudio.engine.text_search.beam_search import SearchOptions, search
from dlstudio.engine.text_search.sequence_model import SequenceModel

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel, KerasTensor


class TextWriter(keras.layers.Layer):  # type: ignore[misc]
    """Searches texts with the parts of a model; in memory only, and never saved.

    Args:
        parts: Of the model.
        options: Width of the beam and length penalty.
        from_logits: Whether the scores of tokens are no probabilities yet.
    """

    def __init__(
        self, parts: SequenceModel, options: SearchOptions, from_logits: bool
    ) -> None:
        super().__init__(name="text_writer", dtype="float32", autocast=False)
        self.parts = parts
        self.encoder, self.decoder = parts.encoder, parts.decoder
        self.scorer = parts.scorer
        self.options, self.from_logits = options, from_logits
        self.built = True

    def call(self, sources: Any) -> Tensor:
        """The numbers of the tokens of each text, float32 (n, length)."""
        tokens = search(self.parts, sources, self.options, from_logits=self.from_logits)
        tokens = tf.ensure_shape(tokens, (None, self.parts.length))
        result: Tensor = tf.cast(tokens, tf.float32)
        return result

    def compute_output_spec(self, sources: Any) -> KerasTensor:
        """Float32 (n, length)."""
        del sources
        spec: KerasTensor = keras.KerasTensor((None, self.parts.length), "float32")
        return spec


def writing_model(
    parts: SequenceModel, options: SearchOptions, *, from_logits: bool = False
) -> KerasModel:
    """The model from the inputs without the text to the numbers of its tokens.

    Args:
        parts: Of the model that was trained.
        options: Width of the beam and length penalty.
        from_logits: Whether its scores are no probabilities yet.
    """
    entries: Any = parts.encoder.inputs
    inputs = [
        keras.Input(tuple(each.shape[1:]), dtype=each.dtype, name=each.name)
        for each in entries
    ]
    writer = TextWriter(parts, options, from_logits)
    model: KerasModel = keras.Model(
        inputs if inputs[1:] else inputs[0], writer(inputs), name="text_writer_model"
    )
    return model
