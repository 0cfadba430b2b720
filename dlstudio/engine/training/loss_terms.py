"""What a training method adds to the losses of the outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import tensorflow as tf

from dlstudio.engine.training.step_ends import OutputLoss

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class LossTerm(Protocol):
    """A term of the total loss that no output has."""

    @property
    def weight(self) -> float:
        """What it is multiplied with in the total."""

    @property
    def mean(self) -> OutputLoss:
        """Its mean, which is reported without the weight."""

    def of(self, answers: Sequence[Tensor]) -> Tensor:
        """Its mean over a batch, float32.

        Args:
            answers: All outputs of the trained model, (n, ...).
        """


def with_terms(
    total: Tensor, terms: Sequence[LossTerm], values: Sequence[Tensor], share: float
) -> Tensor:
    """A total loss with the terms added, each multiplied by its weight.

    Args:
        total: Sum of the losses of the outputs, a scalar.
        terms: What is added.
        values: What each of the terms is for the batch, scalars.
        share: Share of the terms that is this replica's.
    """
    for term, value in zip(terms, values, strict=True):
        total += tf.cast(value * term.weight, total.dtype) * share
    return total


def update_terms(
    terms: Sequence[LossTerm], values: Sequence[Tensor], answers: Sequence[Tensor]
) -> None:
    """Add a batch to the means of the terms.

    Args:
        terms, values: As for `with_terms`.
        answers: All outputs of the trained model, (n, ...).
    """
    for term, value in zip(terms, values, strict=True):
        term.mean.update_state(value, tf.shape(answers[0])[0])


@dataclass(frozen=True, slots=True)
class KullbackLeibler:
    """How far normal distributions are from the standard one (Kingma & Welling, 2013).

    Attributes:
        places: Of each distribution's mean and logarithm of the variance, among the
            outputs.
        scale: What the sum over a latent vector is multiplied with: one over the values
            of a target brings it into the unit of a loss that is a mean over these.
        weight: What it is multiplied with in the total.
        mean: Its mean, which is reported.
    """

    places: tuple[tuple[int, int], ...]
    scale: float
    weight: float
    mean: OutputLoss

    def of(self, answers: Sequence[Tensor]) -> Tensor:
        """See `LossTerm`; never below 0."""
        total: Tensor = tf.constant(0.0)
        for mean_place, variance_place in self.places:
            mean = tf.cast(answers[mean_place], tf.float32)
            log_variance = tf.cast(answers[variance_place], tf.float32)
            each = tf.square(mean) + tf.exp(log_variance) - 1.0 - log_variance
            flat = tf.reshape(each, (tf.shape(each)[0], -1))
            total += tf.reduce_mean(tf.reduce_sum(flat, axis=1)) * (0.5 * self.scale)
        return total
