"""Runs many steps inside one TensorFlow call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction


def traced(function: Any) -> Any:
    """The single trace of a function with fixed signature, which is faster to call."""
    if getattr(function, "input_signature", None) is None:
        return function
    return function.get_concrete_function()


def repeat(step: TensorFunction, count: Tensor) -> Tensor:
    """Run `step(0)`, `step(1)`, ... in order; returns their losses, (count,)."""

    def body(number: Tensor, losses: Any) -> tuple[Tensor, object]:
        return number + 1, losses.write(number, step(number))

    losses = tf.TensorArray(tf.float32, count)
    _last, losses = tf.while_loop(
        lambda number, _losses: number < count,
        body,
        (tf.constant(0), losses),
        parallel_iterations=1,
    )
    stacked: Tensor = losses.stack()
    return stacked
