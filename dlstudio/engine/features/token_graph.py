"""Sentences with tokens of one width, as operations of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.data.features.token_texts import SEEN, SPACES, WIDTH

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

CHARACTERS = "UTF8_CHAR"


def padded(texts: Tensor) -> Tensor:
    """As `padded_tokens`, string (n, 1), from sentences (n,)."""
    spaced = tf.strings.regex_replace(tf.reshape(texts, (-1,)), SPACES, " ")
    sentences = tf.strings.split(spaced)
    tokens = tf.strings.substr(sentences.flat_values, 0, SEEN, unit=CHARACTERS)
    missing = WIDTH - tf.strings.length(tokens, unit=CHARACTERS)
    spaces = tf.fill(tf.shape(tokens), " " * WIDTH)
    spaces = tf.strings.substr(spaces, tf.zeros_like(missing), missing)
    filled = sentences.with_flat_values(tf.strings.join([tokens, spaces]))
    joined = tf.strings.reduce_join(filled.to_tensor(""), axis=-1)
    column: Tensor = tf.reshape(joined, (-1, 1))
    return column
