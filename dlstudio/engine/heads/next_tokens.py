"""What follows at each position of a sequence of tokens, as losses take it.

Token 0 is padding: nothing is predicted there. These functions serve any head whose
targets are the tokens that the model itself makes of a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

PADDING, UNKNOWN = 0, 1
"""The tokens of a TextVectorization that stand for no token, and for unknown ones."""


def next_tokens(tokens: Tensor) -> Tensor:
    """The token behind each position, int32 (n, length); padding behind the last one.

    Args:
        tokens: Whole numbers (n, length).
    """
    whole = tf.cast(tokens, tf.int32)
    found: Tensor = tf.pad(whole[:, 1:], ((0, 0), (0, 1)))
    return found


def token_losses(targets: Tensor, outputs: Tensor, from_logits: bool) -> Tensor:
    """The loss of each position in nats, float32 (n, length); 0 where nothing is asked.

    Args:
        targets: From `next_tokens`.
        outputs: Scores (n, length, tokens).
        from_logits: Whether these are logits; otherwise probabilities.
    """
    scores = tf.cast(outputs, tf.float32)
    if not from_logits:
        scores = tf.math.log(tf.maximum(scores, 1e-7))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, scores)
    found: Tensor = tf.where(targets == PADDING, 0.0, losses)
    return found


def token_counts(targets: Tensor) -> Tensor:
    """1 where something is asked, float32 (n, length)."""
    found: Tensor = tf.cast(targets != PADDING, tf.float32)
    return found
