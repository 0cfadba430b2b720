"""Metrics of numbers while training, in double precision and as in scikit-learn.

Keras' own add up in float32, in which the errors of a few thousand prices lose their
last digits. All states are sums, so that those of several devices can be added up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import keras
import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class ErrorSums(keras.metrics.Metric, ABC):  # type: ignore[misc]
    """Sums over samples, float64; subclasses say of what.

    Numbers and predictions are (n,) or (n, 1).

    Args:
        name: Name of the metric.
        count: How many sums there are.
    """

    def __init__(self, name: str, count: int) -> None:
        super().__init__(name=name)
        for number in range(count):
            self.add_variable((), "zeros", dtype="float64", name=f"sum_{number}")

    def update_state(
        self, truth: Tensor, predicted: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        """Add a batch.

        Args:
            truth: The numbers to predict.
            predicted: The outputs of the model.
            sample_weight: A weight for each sample, (n,); None for 1.
        """
        truth, predicted = _double(truth), _double(predicted)
        weight = tf.ones_like(truth)
        if sample_weight is not None:
            weight *= _double(sample_weight)
        terms = self.terms(truth, tf.subtract(predicted, truth))
        for variable, term in zip(self.variables, terms, strict=True):
            variable.assign_add(tf.reduce_sum(term * weight))

    @abstractmethod
    def terms(self, truth: Tensor, error: Tensor) -> tuple[Tensor, ...]:
        """What each sample adds to each sum, float64 (n,)."""

    def sums(self) -> list[Tensor]:
        """The sums as tensors."""
        return [tf.convert_to_tensor(variable) for variable in self.variables]


class AbsoluteError(ErrorSums):
    """Mean absolute error."""

    def __init__(self, name: str = "mae") -> None:
        super().__init__(name, 2)

    def terms(self, truth: Tensor, error: Tensor) -> tuple[Tensor, ...]:
        return tf.ones_like(truth), tf.abs(error)

    def result(self) -> Tensor:
        count, errors = self.sums()
        result: Tensor = tf.math.divide_no_nan(errors, count)
        return result


class RootSquaredError(ErrorSums):
    """Root of the mean squared error."""

    def __init__(self, name: str = "rmse") -> None:
        super().__init__(name, 2)

    def terms(self, truth: Tensor, error: Tensor) -> tuple[Tensor, ...]:
        return tf.ones_like(truth), tf.square(error)

    def result(self) -> Tensor:
        count, squares = self.sums()
        result: Tensor = tf.sqrt(tf.math.divide_no_nan(squares, count))
        return result


class Determination(ErrorSums):
    """R², the coefficient of determination; as in scikit-learn 0 of equal numbers.

    Args:
        name: Name of the metric.
        center: A number near the mean of the truth, such as that of the training split.
            Deviations are taken from it: sums of the squares of large numbers would
            lose what differs between them.
    """

    def __init__(self, name: str = "r2", center: float = 0.0) -> None:
        super().__init__(name, 4)
        self._center = center

    def terms(self, truth: Tensor, error: Tensor) -> tuple[Tensor, ...]:
        far = tf.subtract(truth, tf.constant(self._center, tf.float64))
        return tf.ones_like(truth), far, tf.square(far), tf.square(error)

    def result(self) -> Tensor:
        count, far, squares, errors = self.sums()
        lost = tf.math.divide_no_nan(tf.square(far), count)
        spread = tf.subtract(squares, lost)
        # What rounding leaves of the spread of equal numbers is none.
        equal = spread <= tf.multiply(squares, 1e-14)
        exact = tf.cast(tf.equal(errors, 0), tf.float64)
        explained = 1 - tf.math.divide_no_nan(errors, spread)
        result: Tensor = tf.where(equal, exact, explained)
        return result


def mae() -> AbsoluteError:
    """Mean absolute error, in the target's unit."""
    return AbsoluteError()


def rmse() -> RootSquaredError:
    """Root of the mean squared error, in the target's unit."""
    return RootSquaredError()


def r2(center: float = 0.0) -> Determination:
    """R²; see `Determination`."""
    return Determination(center=center)


def _double(values: Tensor) -> Tensor:
    result: Tensor = tf.reshape(tf.cast(values, tf.float64), (-1,))
    return result
