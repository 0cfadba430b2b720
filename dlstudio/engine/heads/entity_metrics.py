"""Metrics of entities that count on the device, as `entity_counts` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.engine.heads.metric_sums import CountingMetric

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class EntityMetric(CountingMetric):
    """Precision, recall or F1 of entities over all types.

    Args:
        name: "precision", "recall" or "f1", behind "entity_".
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"entity_{name}", (), (), ())
        self._part = name

    def update_state(
        self, truth: Tensor, outputs: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        """Add a batch.

        Args:
            truth: Numbers of tags (n, length), -1 behind the last token.
            outputs: Scores of tags (n, length, tags).
            sample_weight: Not used: an entity counts once.
        """
        del sample_weight
        actual = tf.cast(truth, tf.int32)
        guess = tf.argmax(outputs, axis=-1, output_type=tf.int32)
        guess = tf.where(actual >= 0, guess, -1)
        self.add(*(tf.cast(each, tf.float64) for each in entity_sums(actual, guess)))

    def result(self) -> Tensor:
        correct, predicted, actual = self.sums()
        if self._part == "precision":
            ratio = tf.math.divide_no_nan(correct, predicted)
        elif self._part == "recall":
            ratio = tf.math.divide_no_nan(correct, actual)
        else:
            ratio = tf.math.divide_no_nan(2 * correct, predicted + actual)
        result: Tensor = tf.cast(ratio, tf.float32)
        return result


class TagAccuracy(CountingMetric):
    """Share of the tokens whose tag is right."""

    def __init__(self) -> None:
        super().__init__("tag_accuracy", (), ())

    def update_state(
        self, truth: Tensor, outputs: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        """Add a batch, as `EntityMetric` does."""
        del sample_weight
        actual = tf.cast(truth, tf.int32)
        guess = tf.argmax(outputs, axis=-1, output_type=tf.int32)
        right = tf.reduce_sum(tf.cast(actual == guess, tf.float64))
        self.add(right, tf.reduce_sum(tf.cast(actual >= 0, tf.float64)))

    def result(self) -> Tensor:
        result: Tensor = tf.cast(tf.math.divide_no_nan(*self.sums()), tf.float32)
        return result


def entity_sums(truth: Tensor, predicted: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How many entities are right, predicted and there.

    An entity is right where the same type begins in both, and no token from there to
    its end differs in where entities begin and end.

    Args:
        truth: Numbers of tags, int32 (n, length).
        predicted: Likewise.
    """
    begins, ends, types = _edges(truth)
    guessed_begins, guessed_ends, guessed_types = _edges(predicted)
    unlike = (begins != guessed_begins) | (ends != guessed_ends)
    unlike |= types != guessed_types
    number = tf.cumsum(tf.reshape(tf.cast(begins, tf.int32), (-1,)))
    inside = tf.reshape(types >= 0, (-1,))
    wrong = tf.cast(tf.reshape(unlike, (-1,)) & inside, tf.int32)
    faults = tf.math.unsorted_segment_sum(wrong, number, tf.size(number) + 1)
    starts = tf.boolean_mask(number, tf.reshape(begins, (-1,)))
    correct = tf.reduce_sum(tf.cast(tf.gather(faults, starts) == 0, tf.int32))
    return correct, _count(guessed_begins), _count(begins)


def _edges(tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where entities begin and end, bool (n, length), and types, -1 outside."""
    types = tf.where(tags > 0, tf.math.floordiv(tags - 1, 2), -1)
    before = tf.pad(types, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
    begins = (types >= 0) & ((tags % 2 == 1) | (before != types))
    next_begins = tf.pad(begins, [[0, 0], [0, 1]], constant_values=False)[:, 1:]
    next_types = tf.pad(types, [[0, 0], [0, 1]], constant_values=-1)[:, 1:]
    ends = (types >= 0) & (next_begins | (next_types != types))
    return begins, ends, types


def _count(flags: Tensor) -> Tensor:
    count: Tensor = tf.reduce_sum(tf.cast(flags, tf.int32))
    return count


def entity_precision() -> EntityMetric:
    """Share of the predicted entities that are right."""
    return EntityMetric("precision")


def entity_recall() -> EntityMetric:
    """Share of the entities that are predicted."""
    return EntityMetric("recall")


def entity_f1() -> EntityMetric:
    """Harmonic mean of precision and recall."""
    return EntityMetric("f1")


def tag_accuracy() -> TagAccuracy:
    """Share of the tokens whose tag is right."""
    return TagAccuracy()
