"""Metrics of classes, by their plain names.

The results agree with the evaluation: macro means over all classes, where a class that
was never predicted (or never occurs) counts as zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import keras
import tensorflow as tf

from dlstudio.engine.heads.bound_metric import MetricProtocol
from dlstudio.engine.heads.metric_sums import CountingMetric
from dlstudio.engine.heads.output_head import OutputHead
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class MacroMetric(CountingMetric):
    """A macro mean of a ratio of hits, predictions and members per class.

    Labels are class numbers (n,), or 0/1 (n, classes); answers are outputs of the head,
    (n, units).

    Args:
        head: The output's classes and units.
        name: Of the metric.
        share: Takes hits, predictions and members of each class, float64 (classes,),
            and returns numerator and denominator; 0/0 counts as 0.
    """

    def __init__(
        self,
        head: OutputHead,
        name: str,
        share: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]],
    ) -> None:
        super().__init__(name, *[(head.classes,)] * 3)
        self._head = head
        self._share = share

    def update_state(self, labels: Tensor, answers: Tensor) -> None:
        truth = tf.cast(members(self._head, labels), tf.float64)
        calls = tf.cast(calls_of(self._head, answers), tf.float64)
        sums = (tf.reduce_sum(each, axis=0) for each in (truth * calls, calls, truth))
        self.add(*sums)

    def result(self) -> Tensor:
        shares = tf.math.divide_no_nan(*self._share(*self.sums()))
        result: Tensor = tf.cast(tf.reduce_mean(shares), tf.float32)
        return result


class Accuracy(CountingMetric):
    """Fraction of correct decisions: per sample, or per label of each sample.

    Args:
        head: The output that the metric evaluates.
        name: Name of the metric.
        k: A sample is correct if its class is among the `k` most likely.
    """

    def __init__(self, head: OutputHead, name: str, k: int = 1) -> None:
        super().__init__(name, (), ())
        self._head = head
        self._k = k

    def update_state(self, labels: Tensor, answers: Tensor) -> None:
        right = tf.cast(self._right(labels, answers), tf.float64)
        count = tf.cast(tf.size(right), tf.float64)
        self.add(tf.reduce_sum(right), count)

    def _right(self, labels: Tensor, answers: Tensor) -> Tensor:
        right: Tensor
        if self._head.units == 1 or self._head.multi_label:
            truth = tf.reshape(tf.cast(labels, tf.bool), tf.shape(answers))
            right = tf.equal(truth, answers > self._head.threshold)
            return right
        numbers = tf.cast(labels, tf.int32)
        if self._k > 1:
            right = tf.math.in_top_k(numbers, tf.cast(answers, tf.float32), self._k)
        else:
            best = tf.argmax(answers, axis=-1, output_type=tf.int32)
            right = tf.equal(numbers, best)
        return right

    def result(self) -> Tensor:
        result: Tensor = tf.cast(tf.math.divide_no_nan(*self.sums()), tf.float32)
        return result


class AreaUnderCurve(keras.metrics.AUC):  # type: ignore[misc]
    """Area under the ROC curve: mean over one class against the rest."""

    def __init__(self, head: OutputHead, name: str) -> None:
        several = {"multi_label": True, "num_labels": head.classes}
        super().__init__(name=name, **(several if head.units > 1 else {}))
        self._head = head

    def update_state(self, labels: Tensor, answers: Tensor) -> None:
        one = self._head.units == 1
        truth = tf.reshape(labels, (-1, 1)) if one else members(self._head, labels)
        super().update_state(truth, probabilities(self._head, answers))


def members(head: OutputHead, labels: Tensor) -> Tensor:
    """Labels as 0/1 (n, classes)."""
    if head.multi_label:
        return labels
    table: Tensor = tf.one_hot(tf.cast(labels, tf.int32), head.classes)
    return table


def calls_of(head: OutputHead, answers: Tensor) -> Tensor:
    """The decisions of the head, as 0/1 (n, classes)."""
    if head.multi_label:
        return answers > head.threshold
    if head.units == 1:
        numbers = tf.cast(tf.reshape(answers, (-1,)) > head.threshold, tf.int32)
    else:
        numbers = tf.argmax(answers, axis=-1)
    table: Tensor = tf.one_hot(numbers, head.classes)
    return table


def probabilities(head: OutputHead, answers: Tensor) -> Tensor:
    """The probabilities of the head, 0 to 1."""
    answers = tf.cast(answers, tf.float32)
    shares: Tensor
    if not head.from_logits:
        shares = tf.clip_by_value(answers, 0.0, 1.0)
    elif head.units == 1 or head.multi_label:
        shares = tf.sigmoid(answers)
    else:
        shares = tf.nn.softmax(answers)
    return shares


def accuracy(head: OutputHead) -> MetricProtocol:
    """The fraction of samples (or labels) that are correct."""
    return Accuracy(head, "accuracy")


def top_k(head: OutputHead, k: int = 3) -> MetricProtocol:
    """The fraction of samples whose class is among the `k` most likely.

    Raises:
        UserError: The head does not output a score per class.
    """
    if head.multi_label or head.units == 1:
        raise UserError(
            _("“Top k” requires one score for each of several classes."),
            _("Remove it from the metrics."),
        )
    return Accuracy(head, f"top_{k}_accuracy", k)


def precision(head: OutputHead) -> MetricProtocol:
    """Macro precision."""
    return MacroMetric(head, "precision", lambda hits, calls, _members: (hits, calls))


def recall(head: OutputHead) -> MetricProtocol:
    """Macro recall."""
    return MacroMetric(head, "recall", lambda hits, _calls, members: (hits, members))


def f1(head: OutputHead) -> MetricProtocol:
    """Macro F1."""
    return MacroMetric(
        head, "f1", lambda hits, calls, members: (2.0 * hits, calls + members)
    )


def auc(head: OutputHead) -> MetricProtocol:
    """Area under the ROC curve."""
    return AreaUnderCurve(head, "auc")
