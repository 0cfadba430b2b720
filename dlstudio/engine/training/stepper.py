"""The training step: many steps per call, on one or several devices.

One call runs one step per row of indices, inside TensorFlow; Python runs once per call,
not once per step, which speeds up small models. The number of steps per call does not
affect the result: each row is the same computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import tensorflow as tf

from dlstudio.data.pipeline import Indices, Rows, SplitView, Weights
from dlstudio.engine.training.device_pool import DevicePlacement, DevicePool
from dlstudio.engine.training.fused_adam import fused_adam
from dlstudio.engine.training.fused_normalization import fused_normalization
from dlstudio.engine.training.gradient_norms import GradientNorms
from dlstudio.engine.training.loss_terms import LossTerm, update_terms, with_terms
from dlstudio.engine.training.metric_results import flat_results
from dlstudio.engine.training.multi_step import repeat, traced
from dlstudio.engine.training.packed_rows import PackedRows
from dlstudio.engine.training.step_ends import (
    StepInput,
    StepOutput,
    losses_of,
    total_of,
    update_metrics,
)
from dlstudio.engine.training.stepper_protocol import Losses

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.heads.bound_metric import MetricProtocol
    from dlstudio.engine.typing import (
        KerasModel,
        KerasOptimizer,
        Strategy,
        Variable,
    )

Tensors: TypeAlias = "Mapping[str, Tensor]"


class Stepper:
    """Trains and tests a model several steps at a time.

    Losses and updates are those of `keras.Model.fit`: the mean of the batch, of several
    outputs the sum of their weighted losses, plus losses of layers (regularizers),
    scaled for mixed precision if the optimizer requires it.

    Args:
        model: A built model.
        optimizer: An optimizer built with the model's trainable variables.
        inputs: What enters each input of the model, in their order.
        outputs: What the model's outputs learn; at least one. The model may have
            further outputs.
        terms: What else is part of the total loss.
        strategy: The strategy if there are several devices.
        fuse: Whether to use fused operations that Keras does not use; for CPUs.
    """

    def __init__(
        self,
        model: KerasModel,
        optimizer: KerasOptimizer,
        inputs: Sequence[StepInput],
        outputs: Sequence[StepOutput],
        *,
        terms: Sequence[LossTerm] = (),
        strategy: Strategy | None = None,
        fuse: bool = False,
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.terms = tuple(terms)
        self.replicas = strategy.num_replicas_in_sync if strategy else 1
        self._packing = PackedRows({})
        self._weighted: frozenset[str] = frozenset()
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
        """The Keras metrics: the loss of each of several outputs, then the others."""
        losses = [each.mean for each in self.outputs if each.mean is not None]
        losses += [term.mean for term in self.terms]
        others = [bound.metric for each in self.outputs for bound in each.metrics]
        return (*losses, *others)

    @property
    def variables(self) -> dict[str, list[Variable]]:
        """Those of the optimizer, then those of the metrics."""
        return {
            "optimizer": list(self.optimizer.variables),
            "metrics": [each for metric in self.metrics for each in metric.variables],
        }

    def pool(self, split_view: SplitView) -> DevicePool:
        """Place all samples of a split on the device(s)."""
        return self.pool_of(*split_view.take(np.arange(len(split_view))))

    def pool_of(self, rows: Rows, weights: Weights) -> DevicePool:
        """Samples as tensors, a copy on each replica's device.

        Args:
            rows: Of all inputs and targets, (n, ...), by name.
            weights: Of each target whose samples may have weights; see `weigh`.
        """
        if self._train is None:
            targets = {each.row for each in self.outputs}
            scalars = dict.fromkeys(each.row for each in self.inputs)
            self._packing = PackedRows.of(
                rows, [name for name in scalars if name not in targets]
            )
        pool = self._places.pool(self._packing.pack(rows), weights)
        if self._train is None:
            self._compile(pool)
        return pool

    def weighed(self, pool: DevicePool, weights: Weights) -> DevicePool:
        """The same samples with other weights."""
        return self._places.reweighted(pool, weights)

    def weigh(self, weights: Weights) -> None:
        """Set for which targets samples have weights."""
        weighted = frozenset(name for name, each in weights.items() if each is not None)
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
        rows, weights = pool.signature()
        index = tf.TensorSpec((None, None), tf.int32)
        rates = tf.TensorSpec((None,), tf.float32)
        self._options = {
            "autograph": False,
            "input_signature": (rows, weights, index, rates),
        }
        self._train = tf.function(self._train_many, **self._options)
        self._test = tf.function(
            self._test_many, input_signature=(rows, index), autograph=False
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
            pool.rows,
            pool.weights,
            tf.constant(self._even(index)),
            tf.constant(rates),
        )
        return losses.numpy(), flat_results(results)

    def test(self, pool: DevicePool, index: Indices) -> Losses:
        """Compute the loss of each row of `index`, (steps,); updates metrics."""
        self._test = traced(self._test)
        losses: Losses = self._test(
            self._places.first(pool.rows), tf.constant(index)
        ).numpy()
        return losses

    def results(self) -> dict[str, float]:
        """The metrics so far, by name."""
        return flat_results({m.name: m.result() for m in self.metrics})

    def reset_metrics(self) -> None:
        """Reset all metrics before an epoch or a validation."""
        for metric in self.metrics:
            metric.reset_state()

    def finalize(self) -> None:
        """Set the weights that the optimizer has averaged, if it does."""
        self.optimizer.finalize_variable_values(self.model.trainable_variables)

    def _even(self, index: Indices) -> Indices:
        """Give each replica the same number of samples; the remainder is dropped."""
        keep = index.shape[1] // self.replicas * self.replicas
        return index[:, : keep or None]

    def _train_many(
        self, rows: Tensors, weights: Tensors, index: Tensor, rates: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        def step(number: Tensor) -> Tensor:
            self._rate.learning_rate.assign(rates[number])
            places = index[number]
            if self._strategy is None:
                return self._train_one(rows, weights, places)
            losses = self._strategy.run(self._train_share, (rows, weights, places))
            return self._strategy.reduce("SUM", losses, axis=None)

        losses = repeat(step, tf.shape(index)[0])
        return losses, {m.name: m.result() for m in self.metrics}

    def _train_share(self, rows: Tensors, weights: Tensors, places: Tensor) -> Tensor:
        context = tf.distribute.get_replica_context()
        mine = places[context.replica_id_in_sync_group :: self.replicas]
        return self._train_one(rows, weights, mine)

    def _train_one(self, rows: Tensors, weights: Tensors, places: Tensor) -> Tensor:
        batch = self._packing.gather(rows, places)
        heavy = {
            name: tf.gather(each, places)
            for name, each in weights.items()
            if name in self._weighted
        }
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            answers = self._answers(batch, training=True)
            losses = losses_of(self.outputs, batch, answers, heavy)
            more = [term.of(answers) for term in self.terms]
            loss = self._loss_of(losses, more)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, variables)
        if self._norms.on:
            self._norms.measure(gradients)
        with fused_adam(self.optimizer) if self._fuse else nullcontext():
            self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        update_metrics(self.outputs, batch, answers, losses, self.replicas)
        update_terms(self.terms, more, answers)
        return loss

    def _test_many(self, rows: Tensors, index: Tensor) -> Tensor:
        def step(number: Tensor) -> Tensor:
            batch = self._packing.gather(rows, index[number])
            answers = self._answers(batch, training=False)
            losses = losses_of(self.outputs, batch, answers, {}, self.replicas)
            update_metrics(self.outputs, batch, answers, losses)
            more = [term.of(answers) for term in self.terms]
            update_terms(self.terms, more, answers)
            return self._loss_of(losses, more, alone=True)

        return repeat(step, tf.shape(index)[0])

    def _answers(self, batch: Tensors, *, training: bool) -> list[Tensor]:
        """The outputs of the model, in their order."""
        given = [each.of(batch[each.row]) for each in self.inputs]
        fused = self._fuse and training
        with fused_normalization(self.model) if fused else nullcontext():
            found = self.model(given if given[1:] else given[0], training=training)
        return found if isinstance(found, list) else [found]

    def _loss_of(
        self, losses: Sequence[Tensor], more: Sequence[Tensor], *, alone: bool = False
    ) -> Tensor:
        """This replica's share of the total loss, or the whole if `alone`."""
        share = 1.0 if alone else 1.0 / self.replicas
        total = with_terms(total_of(self.outputs, losses), self.terms, more, share)
        for extra in self.model.losses:
            total += tf.cast(tf.reduce_sum(extra), total.dtype) * share
        result: Tensor = tf.cast(total, tf.float32)
        return result
