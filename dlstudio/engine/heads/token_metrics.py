"""Metrics of predicted tokens while training; padding does not count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.engine.heads.metric_sums import CountingMetric
from dlstudio.engine.heads.next_tokens import token_counts, token_losses

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class MeanTokenLoss(CountingMetric):
    """The mean loss of all tokens, in nats.

    Args:
        name: Name of the metric.
        from_logits: Whether the model gives logits.
    """

    def __init__(self, name: str, from_logits: bool = False) -> None:
        super().__init__(name, (), ())
        self._from_logits = from_logits

    def update_state(self, targets: Tensor, outputs: Tensor) -> None:
        """Add a batch: tokens (n, length), and scores (n, length, tokens)."""
        losses = token_losses(targets, outputs, self._from_logits)
        self.add(_sum(losses), _sum(token_counts(targets)))

    def mean(self) -> Tensor:
        """The mean, float64."""
        found: Tensor = tf.math.divide_no_nan(*self.sums())
        return found

    def result(self) -> Tensor:
        found: Tensor = tf.cast(self.mean(), tf.float32)
        return found


class Perplexity(MeanTokenLoss):
    """e to the mean loss: among how many tokens the model chooses, as it were."""

    def __init__(self, from_logits: bool = False) -> None:
        super().__init__("perplexity", from_logits)

    def result(self) -> Tensor:
        found: Tensor = tf.cast(tf.exp(self.mean()), tf.float32)
        return found


class BitsPerCharacter(MeanTokenLoss):
    """The mean loss in bits, shared among the characters of a token.

    Args:
        from_logits: Whether the model gives logits.
        characters: Characters of a token on average, blanks between them included.
    """

    def __init__(self, from_logits: bool = False, characters: float = 1.0) -> None:
        super().__init__("bits_per_character", from_logits)
        self._bits = 1 / (math.log(2) * characters)

    def result(self) -> Tensor:
        found: Tensor = tf.cast(self.mean() * self._bits, tf.float32)
        return found


class TokenAccuracy(CountingMetric):
    """Share of the tokens that are the likeliest ones by the model."""

    def __init__(self, from_logits: bool = False) -> None:
        del from_logits  # the likeliest has the highest score either way
        super().__init__("token_accuracy", (), ())

    def update_state(self, targets: Tensor, outputs: Tensor) -> None:
        """Add a batch: tokens (n, length), and scores (n, length, tokens)."""
        counts = token_counts(targets)
        likeliest = tf.argmax(outputs, axis=-1, output_type=targets.dtype)
        hits = tf.cast(likeliest == targets, tf.float32) * counts
        self.add(_sum(hits), _sum(counts))

    def result(self) -> Tensor:
        found: Tensor = tf.cast(tf.math.divide_no_nan(*self.sums()), tf.float32)
        return found


def perplexity(from_logits: bool = False) -> Perplexity:
    """A metric of e to the mean loss of a token."""
    return Perplexity(from_logits)


def bits_per_character(
    from_logits: bool = False, characters: float = 1.0
) -> BitsPerCharacter:
    """A metric of the mean loss in bits, shared among the characters of a token.

    Args:
        from_logits: Whether the model gives logits.
        characters: Characters of a token on average.
    """
    return BitsPerCharacter(from_logits, characters)


def token_accuracy(from_logits: bool = False) -> TokenAccuracy:
    """A metric of the share of tokens that are the likeliest ones."""
    return TokenAccuracy(from_logits)


def _sum(values: Tensor) -> Tensor:
    found: Tensor = tf.cast(tf.reduce_sum(values), tf.float64)
    return found
