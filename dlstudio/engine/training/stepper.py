"""The training step: many steps per call, on one or several devices.

One call runs one step per row of indices, inside TensorFlow; Python runs once per call,
not once per step, which speeds up small models. The number of steps per call does not
affect the result: each row is the same computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import Indices, SplitView
from dlstudio.engine.training.bound_metric import BoundMetric, flat_results
from dlstudio.engine.training.device_pool import DevicePlacement, DevicePool
from dlstudio.engine.training.fused_normalization import fused_normalization
from dlstudio.engine.training.gradient_norms import GradientNorms
from dlstudio.engine.training.multi_step import repeat, traced

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.training.metrics import MetricProtocol
    from dlstudio.engine.typing import (
        KerasLoss,
        KerasModel,
        KerasOptimizer,
        Strategy,
    )

Losses = npt.NDArray[np.float32]

MEANS = ("sum_over_batch_size", "mean", "mean_with_sample_weight")


class Stepper:
    """Trains and tests a model several steps at a time.

    Losses and updates are those of `keras.Model.fit`: the mean of the batch plus losses
    of layers (regularizers), scaled for mixed precision if the optimizer requires it.

    Args:
        model: A built model with one input.
        loss: A `keras.losses.Loss`.
        optimizer: An optimizer built with the model's trainable variables.
        targets: Converts a batch of labels to the form the loss takes.
        bound_metrics: Metrics with the label forms they take.
        weighted: Whether each sample's loss is multiplied by its weight while training.
        strategy: The strategy if there are several devices.
        fuse: Whether to use fused operations that Keras does not use; for CPUs.
    """

    def __init__(
        self,
        model: KerasModel,
        loss: KerasLoss,
        optimizer: KerasOptimizer,
        targets: TensorFunction,
        bound_metrics: Sequence[BoundMetric],
        *,
        weighted: bool = False,
        strategy: Strategy | None = None,
        fuse: bool = False,
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.bound_metrics = tuple(bound_metrics)
        self.replicas = strategy.num_replicas_in_sync if strategy else 1
        self._loss = loss
        self._targets = targets
        self._weighted = weighted
        self._strategy = strategy
        self._fuse = fuse
        self._rate = getattr(optimizer, "inner_optimizer", optimizer)
        self._train: Any = None
        self._test: Any = None
        self._norms = GradientNorms(model, optimizer)
        self._places = DevicePlacement(strategy)
        self._options: dict[str, Any] = {}

    @property
    def metrics(self) -> tuple[MetricProtocol, ...]:
        """The Keras metrics, in the order of the plan."""
        return tuple(measure.metric for measure in self.bound_metrics)

    def pool(self, split_view: SplitView) -> DevicePool:
        """Place all samples of a split on the device(s)."""
        return self.pool_of(*split_view.take(np.arange(len(split_view))))

    def pool_of(
        self,
        images: npt.NDArray[np.generic],
        labels: npt.NDArray[np.generic],
        weights: npt.NDArray[np.float32] | None,
    ) -> DevicePool:
        """Samples as tensors, a copy on each replica's device.

        Args:
            images: uint8 (n, height, width, channels).
            labels: Class numbers (n,), or 0 and 1 of shape (n, classes).
            weights: float32 (n,), or None if all samples have the same weight.
        """
        pool = self._places.pool(images, labels, weights)
        if self._train is None:
            self._compile(pool)
        return pool

    def weighed(
        self, pool: DevicePool, weights: npt.NDArray[np.float32] | None
    ) -> DevicePool:
        """The same samples with other weights, float32 (n,), or None."""
        return self._places.reweighted(pool, weights)

    def weigh(self, weighted: bool) -> None:
        """Set whether samples have weights."""
        if weighted != self._weighted:
            self._weighted = weighted
            self.retrace()

    def retrace(self) -> None:
        """Retrace the step after layers were frozen, unfrozen or changed dropout."""
        if self._norms.on:
            self._norms.watch(True)
        if self._train is not None:
            self._train = tf.function(self._train_many, **self._options)

    def watch_gradients(self, on: bool) -> None:
        """Start or stop measuring gradient norms in each step (single device only)."""
        if on == self._norms.on or self._strategy is not None:
            return
        self._norms.watch(on)
        if self._train is not None:
            self._train = tf.function(self._train_many, **self._options)

    def gradients(self) -> dict[str, float]:
        """Gradient norms of the last step by trainable layer; empty if not measured."""
        return self._norms.read()

    def _compile(self, pool: DevicePool) -> None:
        """Trace training and testing once each, for any number of steps."""
        if self._strategy is not None:
            self._options = {"autograph": False, "reduce_retracing": True}
            self._train = tf.function(self._train_many, **self._options)
            self._test = tf.function(self._test_many, **self._options)
            return
        images, labels, weights = (
            tf.TensorSpec((None, *values.shape[1:]), values.dtype)
            for values in (pool.images, pool.labels, pool.weights)
        )
        index = tf.TensorSpec((None, None), tf.int32)
        rates = tf.TensorSpec((None,), tf.float32)
        self._options = {
            "autograph": False,
            "input_signature": (images, labels, weights, index, rates),
        }
        self._train = tf.function(self._train_many, **self._options)
        self._test = tf.function(
            self._test_many, input_signature=(images, labels, index), autograph=False
        )

    def train(
        self, pool: DevicePool, index: Indices, rates: Losses
    ) -> tuple[Losses, dict[str, float]]:
        """Run one training step for each row of `index`.

        Args:
            index: int32 (steps, batch), indices into the pool.
            rates: float32 (steps,), the learning rate of each step.

        Returns:
            The loss of each step, (steps,), and the metrics so far.
        """
        self._train = traced(self._train)
        losses, results = self._train(
            pool.images,
            pool.labels,
            pool.weights,
            tf.constant(self._even(index)),
            tf.constant(rates),
        )
        return losses.numpy(), flat_results(results)

    def test(self, pool: DevicePool, index: Indices) -> Losses:
        """Compute the loss of each row of `index`, (steps,); updates metrics."""
        self._test = traced(self._test)
        losses: Losses = self._test(
            self._places.first(pool.images),
            self._places.first(pool.labels),
            tf.constant(index),
        ).numpy()
        return losses

    def results(self) -> dict[str, float]:
        """The metrics so far, by name."""
        return flat_results({m.name: m.result() for m in self.metrics})

    def reset_metrics(self) -> None:
        """Reset all metrics before an epoch or a validation."""
        for metric in self.metrics:
            metric.reset_state()

    def _even(self, index: Indices) -> Indices:
        """Give each replica the same number of samples; the remainder is dropped."""
        keep = index.shape[1] // self.replicas * self.replicas
        return index[:, : keep or None]

    def _train_many(
        self,
        images: Tensor,
        labels: Tensor,
        weights: Tensor,
        index: Tensor,
        rates: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        def step(number: Tensor) -> Tensor:
            self._rate.learning_rate.assign(rates[number])
            places = index[number]
            if self._strategy is None:
                return self._train_one(images, labels, weights, places)
            losses = self._strategy.run(
                self._train_share, (images, labels, weights, places)
            )
            return self._strategy.reduce("SUM", losses, axis=None)

        losses = repeat(step, tf.shape(index)[0])
        return losses, {m.name: m.result() for m in self.metrics}

    def _train_share(
        self, images: Tensor, labels: Tensor, weights: Tensor, places: Tensor
    ) -> Tensor:
        context = tf.distribute.get_replica_context()
        mine = places[context.replica_id_in_sync_group :: self.replicas]
        return self._train_one(images, labels, weights, mine)

    def _train_one(
        self, images: Tensor, labels: Tensor, weights: Tensor, places: Tensor
    ) -> Tensor:
        x, y = self._inputs(images, places), tf.gather(labels, places)
        weight = tf.gather(weights, places) if self._weighted else None
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            answers = self._answers(x)
            loss = self._loss_of(y, answers, weight)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, variables)
        if self._norms.on:
            self._norms.measure(gradients)
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        self._update_metrics(y, answers)
        return loss

    def _answers(self, x: Tensor) -> Tensor:
        if not self._fuse:
            return self.model(x, training=True)
        with fused_normalization(self.model):
            return self.model(x, training=True)

    def _test_many(self, images: Tensor, labels: Tensor, index: Tensor) -> Tensor:
        def step(number: Tensor) -> Tensor:
            places = index[number]
            x, y = self._inputs(images, places), tf.gather(labels, places)
            answers = self.model(x, training=False)
            self._update_metrics(y, answers)
            return self._loss_of(y, answers, None, alone=True)

        return repeat(step, tf.shape(index)[0])

    def _inputs(self, images: Tensor, places: Tensor) -> Tensor:
        inputs: Tensor = tf.cast(tf.gather(images, places), self.model.inputs[0].dtype)
        return inputs

    def _loss_of(
        self,
        labels: Tensor,
        answers: Tensor,
        weight: Tensor | None,
        *,
        alone: bool = False,
    ) -> Tensor:
        """This replica's share of the loss, or the whole loss if `alone`.

        Keras itself divides means (but not sums) by the number of replicas.
        """
        loss = self._loss(self._targets(labels), answers, sample_weight=weight)
        if alone and self._loss.reduction in MEANS:
            loss *= self.replicas
        for extra in self.model.losses:
            share = 1.0 if alone else 1.0 / self.replicas
            loss += tf.cast(tf.reduce_sum(extra), loss.dtype) * share
        total: Tensor = tf.cast(loss, tf.float32)
        return total

    def _update_metrics(self, labels: Tensor, answers: Tensor) -> None:
        for measure in self.bound_metrics:
            measure.metric.update_state(measure.targets(labels), answers)
