"""Figures counted while training: sums on the device, read when they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from dlstudio.engine.training.losses import OutputHead


class MetricProtocol(Protocol):
    """What the stepper needs of a metric; Keras' own have it too."""

    name: str

    @property
    def variables(self) -> Sequence[Any]:
        """What it has counted, as Keras variables."""

    def update_state(self, labels: Any, answers: Any) -> None:
        """Take in a batch."""

    def result(self) -> Any:
        """The figure so far."""

    def reset_state(self) -> None:
        """Forget everything."""


class BatchCounts:
    """Adds up numbers per batch; what they mean is the figure's business.

    Args:
        shapes: Of each sum.
    """

    def __init__(self, *shapes: tuple[int, ...]) -> None:
        self.variables = [
            # Doubles count whole numbers exactly up to 2^53; each device counts for
            # itself and the sum is taken when it is read.
            keras.Variable(
                np.zeros(shape),
                dtype="float64",
                trainable=False,
                aggregation="sum",
                synchronization="on_read",
            )
            for shape in shapes
        ]

    def add(self, *values: object) -> None:
        """Add one value to each sum."""
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign_add(tf.reshape(value, variable.shape))

    def reset(self) -> None:
        """All sums are zero again."""
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape))

    def sums(self) -> list[Any]:
        """The sums as tensors."""
        return [tf.convert_to_tensor(variable) for variable in self.variables]


class MacroMetric:
    """A mean over the classes of a share of hits, calls and members.

    Labels are class numbers (n,), or 0/1 (n, classes); answers are what the head
    gives, (n, units).

    Args:
        share: Gets hits, calls and members of each class, float64 (classes,), and
            gives numerator and denominator; nothing over nothing is zero.
    """

    def __init__(
        self,
        head: OutputHead,
        name: str,
        share: Callable[[Any, Any, Any], tuple[Any, Any]],
    ) -> None:
        self.name = name
        self._head = head
        self._share = share
        self._counts = BatchCounts(*[(head.classes,)] * 3)

    @property
    def variables(self) -> Sequence[Any]:
        return self._counts.variables

    def update_state(self, labels: Any, answers: Any) -> None:
        truth = tf.cast(members(self._head, labels), tf.float64)
        calls = tf.cast(calls_of(self._head, answers), tf.float64)
        sums = (tf.reduce_sum(each, axis=0) for each in (truth * calls, calls, truth))
        self._counts.add(*sums)

    def result(self) -> Any:
        shares = tf.math.divide_no_nan(*self._share(*self._counts.sums()))
        return tf.cast(tf.reduce_mean(shares), tf.float32)

    def reset_state(self) -> None:
        self._counts.reset()


class Accuracy:
    """Share of right decisions: of samples, or of all labels of all samples."""

    def __init__(self, head: OutputHead, name: str, k: int = 1) -> None:
        self.name = name
        self._head = head
        self._k = k
        self._counts = BatchCounts((), ())

    @property
    def variables(self) -> Sequence[Any]:
        return self._counts.variables

    def update_state(self, labels: Any, answers: Any) -> None:
        right = tf.cast(self._right(labels, answers), tf.float64)
        count = tf.cast(tf.size(right), tf.float64)
        self._counts.add(tf.reduce_sum(right), count)

    def _right(self, labels: Any, answers: Any) -> Any:
        if self._head.units == 1 or self._head.multi_label:
            truth = tf.reshape(tf.cast(labels, tf.bool), tf.shape(answers))
            return tf.equal(truth, answers > self._head.threshold)
        numbers = tf.cast(labels, tf.int32)
        if self._k > 1:
            return tf.math.in_top_k(numbers, tf.cast(answers, tf.float32), self._k)
        return tf.equal(numbers, tf.argmax(answers, axis=-1, output_type=tf.int32))

    def result(self) -> Any:
        return tf.cast(tf.math.divide_no_nan(*self._counts.sums()), tf.float32)

    def reset_state(self) -> None:
        self._counts.reset()


class AreaUnderCurve:
    """Area under the ROC curve: each class against the rest, and their mean."""

    def __init__(self, head: OutputHead, name: str) -> None:
        self.name = name
        self._head = head
        several = {"multi_label": True, "num_labels": head.classes}
        self._auc = keras.metrics.AUC(**(several if head.units > 1 else {}))

    @property
    def variables(self) -> Sequence[Any]:
        found: Sequence[Any] = self._auc.variables
        return found

    def update_state(self, labels: Any, answers: Any) -> None:
        one = self._head.units == 1
        truth = tf.reshape(labels, (-1, 1)) if one else members(self._head, labels)
        self._auc.update_state(truth, probabilities(self._head, answers))

    def result(self) -> Any:
        return self._auc.result()

    def reset_state(self) -> None:
        self._auc.reset_state()


def members(head: OutputHead, labels: Any) -> Any:
    """Labels as 0/1 (n, classes)."""
    if head.multi_label:
        return labels
    return tf.one_hot(tf.cast(labels, tf.int32), head.classes)


def calls_of(head: OutputHead, answers: Any) -> Any:
    """What the head decides, as 0/1 (n, classes)."""
    if head.multi_label:
        return answers > head.threshold
    if head.units == 1:
        second = tf.cast(tf.reshape(answers, (-1,)) > head.threshold, tf.int32)
        return tf.one_hot(second, head.classes)
    return tf.one_hot(tf.argmax(answers, axis=-1), head.classes)


def probabilities(head: OutputHead, answers: Any) -> Any:
    """What the head says, between 0 and 1."""
    answers = tf.cast(answers, tf.float32)
    if not head.from_logits:
        return tf.clip_by_value(answers, 0.0, 1.0)
    if head.units == 1 or head.multi_label:
        return tf.sigmoid(answers)
    return tf.nn.softmax(answers)
