"""The step of Adam with TensorFlow's fused operation.

Keras 3 writes the step as a dozen small operations, each of which reads and writes a
whole variable. For a large embedding that takes most of a training step on a CPU. The
fused operation computes the same formula in one pass; results are the same up to
rounding (Kingma & Ba, Adam: A Method for Stochastic Optimization, 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasOptimizer

_UpdateStep = Callable[[Any, Any, Any], None]


@contextmanager
def fused_adam(optimizer: KerasOptimizer) -> Iterator[None]:
    """Inside the block, steps of the optimizer are traced with the fused operation.

    Applies only to Adam and AdamW with moments and without `amsgrad`, and to float32
    variables; everything else, and the optimizer itself, are unchanged, as is a version
    of Keras that names the moments otherwise. Clipping,
    weight decay, averages and accumulated gradients stay Keras' own.

    Args:
        optimizer: A Keras optimizer, or one that scales the loss of another.
    """
    inner: Any = getattr(optimizer, "inner_optimizer", optimizer)
    if type(inner) not in (keras.optimizers.Adam, keras.optimizers.AdamW):
        yield
        return
    if inner.amsgrad or not (inner.beta_1 and inner.beta_2):
        yield
        return
    # Bypasses Keras' attribute tracking: it must not be tracked or saved.
    vars(inner)["update_step"] = _fused(inner, inner.update_step)
    try:
        yield
    finally:
        vars(inner).pop("update_step", None)


def _fused(adam: Any, usual: _UpdateStep) -> _UpdateStep:
    def update_step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        moments = _moments(adam, variable)
        if moments is None or tf.as_dtype(variable.dtype) != tf.float32:
            usual(gradient, variable, learning_rate)
            return
        momentum, velocity = moments
        if isinstance(gradient, tf.IndexedSlices):
            _add_rows(adam, gradient, momentum, velocity)
            gradient = tf.zeros_like(variable)
        step = tf.cast(adam.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=momentum.handle,
            v=velocity.handle,
            beta1_power=tf.pow(tf.constant(adam.beta_1, tf.float32), step),
            beta2_power=tf.pow(tf.constant(adam.beta_2, tf.float32), step),
            lr=tf.cast(learning_rate, tf.float32),
            beta1=adam.beta_1,
            beta2=adam.beta_2,
            epsilon=adam.epsilon,
            grad=tf.cast(gradient, tf.float32),
        )

    return update_step


def _moments(adam: Any, variable: Any) -> tuple[Any, Any] | None:
    """The moments of a variable; None if this version of Keras keeps them elsewhere."""
    try:
        index = adam._get_variable_index(variable)
        return adam._momentums[index].value, adam._velocities[index].value
    except AttributeError:  # the names are no promise of Keras
        return None


def _add_rows(adam: Any, gradient: Any, momentum: Any, velocity: Any) -> None:
    """Add the gradient of the rows of an embedding that a batch has looked up.

    The step that follows, whose gradient is zero, multiplies the moments by beta, which
    is therefore divided out here. Keras squares the gradient of each occurrence of a
    row before it adds them up, and so does this. The sums have one row for each index,
    so that the order of the additions, and with it each bit, is always the same.
    """
    order = tf.argsort(gradient.indices, stable=True)
    rows, occurrence = tf.unique(tf.gather(gradient.indices, order))
    values = tf.cast(tf.gather(gradient.values, order), tf.float32)
    for moment, terms, beta in (
        (momentum, values, adam.beta_1),
        (velocity, tf.square(values), adam.beta_2),
    ):
        sums = tf.math.segment_sum(terms, occurrence)
        moment.scatter_add(tf.IndexedSlices(sums * ((1.0 - beta) / beta), rows))
