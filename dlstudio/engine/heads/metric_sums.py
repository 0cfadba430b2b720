"""Metrics that count on the device: sums, read on report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class CountingMetric(keras.metrics.Metric):  # type: ignore[misc]
    """A metric that accumulates sums per batch; subclasses define their meaning.

    Args:
        shapes: Shape of each sum, in the order of `variables`.
    """

    def __init__(self, name: str, *shapes: tuple[int, ...]) -> None:
        super().__init__(name=name)
        for shape in shapes:
            # float64 counts integers exactly up to 2^53. Each device counts separately
            # (like Keras' metrics); values are summed when read.
            self.add_variable(shape, "zeros", dtype="float64")

    def add(self, *values: object) -> None:
        """Add one value to each sum."""
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign_add(tf.reshape(value, variable.shape))

    def sums(self) -> list[Tensor]:
        """The sums as tensors."""
        return [tf.convert_to_tensor(variable) for variable in self.variables]
