"""What enters the model in a training step, and what its outputs are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.metric_sums import CountingMetric
from dlstudio.engine.preprocessing.input_rows import as_input

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.typing import KerasLoss

MEANS = ("sum_over_batch_size", "mean", "mean_with_sample_weight")
"""Reductions that Keras divides by the number of replicas."""


@dataclass(frozen=True, slots=True)
class StepInput:
    """An input of the model.

    Attributes:
        row: Name of the rows that enter it.
        dtype: Its data type.
        shape: Its shape for one sample; None for any size.
        cut: Whether it takes rows of tokens without the padding that none of a batch
            needs.
    """

    row: str
    dtype: str
    shape: tuple[int | None, ...]
    cut: bool = False

    def of(self, batch: Tensor) -> Tensor:
        """A batch of rows as the model takes it."""
        values = as_input(batch, self.dtype, self.shape)
        return _without_padding(values) if self.cut else values


def _without_padding(tokens: Tensor) -> Tensor:
    """Rows cut to the longest of a batch; one column stays."""
    used = tf.reduce_any(tokens != 0, axis=0)
    columns = tf.range(1, tf.shape(tokens)[1] + 1)
    return tokens[:, : tf.reduce_max(tf.where(used, columns, 1))]


class OutputLoss(CountingMetric):
    """The mean loss of one of several outputs, without its loss weight."""

    def __init__(self, name: str) -> None:
        super().__init__(name, (), ())

    def update_state(self, loss: Tensor, batch: Tensor) -> None:
        """Add the loss of a batch, counted with each of its samples."""
        count = tf.cast(batch, tf.float64)
        self.add(tf.cast(loss, tf.float64) * count, count)

    def result(self) -> Tensor:
        result: Tensor = tf.cast(tf.math.divide_no_nan(*self.sums()), tf.float32)
        return result


@dataclass(frozen=True, slots=True)
class StepOutput:
    """An output of the model with what it learns.

    Attributes:
        place: Its place among the model's outputs, from 0.
        row: Name of its target's rows.
        targets: Converts a batch of rows to the form the loss takes.
        loss: A `keras.losses.Loss`.
        weight: What the loss is multiplied with in the total.
        metrics: Metrics with the forms of the rows they take.
        mean: Mean of its loss; None where the total is its loss.
    """

    place: int
    row: str
    targets: TensorFunction
    loss: KerasLoss
    weight: float = 1.0
    metrics: tuple[BoundMetric, ...] = ()
    mean: OutputLoss | None = None


def losses_of(
    outputs: Sequence[StepOutput],
    batch: Mapping[str, Tensor],
    answers: Sequence[Tensor],
    weights: Mapping[str, Tensor],
    replicas: int = 1,
) -> list[Tensor]:
    """The loss of each output: this replica's share.

    Args:
        outputs: What is compared with what.
        batch: Rows by name.
        answers: The outputs of the model, in their order.
        weights: The weight of each sample, (batch,), by target; those without have
            equal weights.
        replicas: Number of replicas if the whole loss is wanted, although Keras gives
            a share of it.
    """
    losses = []
    for output in outputs:
        loss = output.loss(
            output.targets(batch[output.row]),
            answers[output.place],
            sample_weight=weights.get(output.row),
        )
        shared = output.loss.reduction in MEANS
        losses.append(loss * replicas if shared and replicas > 1 else loss)
    return losses


def total_of(outputs: Sequence[StepOutput], losses: Sequence[Tensor]) -> Tensor:
    """The sum of the losses, each multiplied by its weight."""
    weighted = [
        loss if output.weight == 1.0 else loss * output.weight
        for output, loss in zip(outputs, losses, strict=True)
    ]
    total = weighted[0]
    for loss in weighted[1:]:
        total += tf.cast(loss, total.dtype)
    return total


def update_metrics(
    outputs: Sequence[StepOutput],
    batch: Mapping[str, Tensor],
    answers: Sequence[Tensor],
    losses: Sequence[Tensor],
    shares: int = 1,
) -> None:
    """Add a batch to all metrics.

    Args:
        outputs, batch, answers: As for `losses_of`.
        losses: From `losses_of`.
        shares: Of how many shares each of the losses is one.
    """
    for output, loss in zip(outputs, losses, strict=True):
        rows, answer = batch[output.row], answers[output.place]
        if output.mean is not None:
            output.mean.update_state(loss * shares, tf.shape(answer)[0])
        for measure in output.metrics:
            measure.metric.update_state(measure.targets(rows), answer)
