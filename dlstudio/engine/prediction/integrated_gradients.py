"""Attributions by integrated gradients, on what stands for the tokens of texts.

Sundararajan, Taly & Yan: “Axiomatic Attribution for Deep Networks” (2017). The path
leads from the vectors of padding to those of the text, so that the attributions sum up
to what the text changes about the prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.engine.prediction.text_entries import PADDING, TextEntry

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

NODES = 30
"""Points of the path in a batch; its ends are two more."""
MOST_PIECES = 8
CLOSE = 0.02
"""Largest gap, as a share of the difference, for which no more points are taken."""

Score = Callable[["Tensor"], "Tensor"]
"""Values (n, classes) of the output (n, ...) that is explained."""


@dataclass(frozen=True, slots=True)
class PathIntegral:
    """What integrated gradients give for one sample.

    Attributes:
        attributions: Of each position of each text, (positions,).
        value, baseline: The explained value of the sample and of padding.
        gap: How far the sum of the attributions is from their difference.
    """

    attributions: tuple[npt.NDArray[np.float64], ...]
    value: float
    baseline: float
    gap: float


class IntegratedGradients:
    """Integrates gradients of one output; its function is traced once.

    Args:
        model: The whole model, as Keras built or loaded it.
        entries: Where its texts enter.
        output: The place of the explained output.
        score: Makes its values of what the model gives.
    """

    def __init__(
        self, model: Any, entries: Sequence[TextEntry], output: int, score: Score
    ) -> None:
        self._entries = tuple(entries)
        self._output, self._score = output, score
        self._fixed = [entry.numbers for entry in entries if entry.vectors]
        self._cuts = [cut for entry in entries for cut in _cuts(entry)]
        texts = {id(each.given) for each in entries}  # a category is a string, too
        self._others = [n for n, e in enumerate(model.inputs) if id(e) not in texts]
        others = [model.inputs[number] for number in self._others]
        self._front = keras.Model(model.inputs, [entry.numbers for entry in entries])
        self._back = keras.Model([*self._fixed, *self._cuts, *others], model.outputs)
        self._gradients = tf.function(
            self._path, autograph=False, reduce_retracing=True
        )

    def explain(
        self, tensors: Sequence[Tensor], label: int, pieces: int = 1
    ) -> PathIntegral:
        """Attributions of a sample.

        Args:
            tensors: What enters the model, (1, ...) each.
            label: Column of the explained values.
            pieces: Parts of the path to begin with; there are more of them where the
                sum is not close.
        """
        numbers = keras.tree.flatten(self._front(list(tensors), training=False))
        ends, starts = [], []
        for entry, each in zip(self._entries, numbers, strict=True):
            ends += _vectors(entry, each)
            starts += _baselines(entry, each)
        fixed = [n for n, e in zip(numbers, self._entries, strict=True) if e.vectors]
        others = [tensors[number] for number in self._others]
        while True:
            sums, value, baseline = self._integrate(
                fixed, starts, ends, others, label, pieces
            )
            gap = float(sum(each.sum() for each in sums)) - (value - baseline)
            wanted = CLOSE * max(abs(value - baseline), 1e-3)
            if abs(gap) <= wanted or pieces >= MOST_PIECES:
                return PathIntegral(self._by_entry(sums), value, baseline, gap)
            pieces = min(MOST_PIECES, pieces * 4)

    def _integrate(
        self,
        fixed: list[Tensor],
        starts: list[Tensor],
        ends: list[Tensor],
        others: list[Tensor],
        label: int,
        pieces: int,
    ) -> tuple[list[npt.NDArray[np.float64]], float, float]:
        """Attributions of each cut, and the value at both ends."""
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        sums: list[Any] = [0.0 for _cut in ends]
        found = np.zeros(2)
        for piece in range(pieces):
            places = (piece + (nodes + 1) / 2) / pieces
            share = np.concatenate([[0.0, 0.0], weights / 2 / pieces])
            along = tf.constant(np.concatenate([[0.0, 1.0], places]), tf.float32)
            weighted = tf.constant(share, tf.float32)
            column = tf.constant(label)
            answer = self._gradients(
                fixed, starts, ends, others, along, weighted, column
            )
            *parts, values = answer
            sums = [
                each + np.asarray(part, np.float64)
                for each, part in zip(sums, parts, strict=True)
            ]
            found = np.asarray(values, np.float64)[:2]
        return sums, float(found[1]), float(found[0])

    def _path(
        self,
        fixed: list[Tensor],
        starts: list[Tensor],
        ends: list[Tensor],
        others: list[Tensor],
        along: Tensor,
        weights: Tensor,
        label: Tensor,
    ) -> list[Tensor]:
        """A weighted sum of gradients along the path, and the values on it."""
        count = tf.shape(along)[0]
        points = [
            start + _beside(along, end) * (end - start)
            for start, end in zip(starts, ends, strict=True)
        ]
        same = [tf.repeat(each, count, axis=0) for each in (*fixed, *others)]
        given = [*same[: len(fixed)], *points, *same[len(fixed) :]]
        with tf.GradientTape() as tape:
            tape.watch(points)
            outputs = keras.tree.flatten(
                # By `call`: a model that is called as a layer warns about masks.
                self._back.call(given, training=False, mask=self._masks(given))
            )
            values = self._score(tf.cast(outputs[self._output], tf.float32))
            values = tf.gather(values, label, axis=1)
            wanted = tf.reduce_sum(values * tf.cast(weights, values.dtype))
        found = tape.gradient(wanted, points, unconnected_gradients="zero")
        parts = [
            # Of vectors the sum of all their values, of columns each one.
            tf.reduce_sum(tf.cast(gradient, tf.float32) * (end - start), axis=0)
            for gradient, start, end in zip(found, starts, ends, strict=True)
        ]
        return [*parts, values]

    def _masks(self, given: list[Tensor]) -> list[Tensor | None]:
        """What the Embedding layers say of padding, for each tensor that is given."""
        masks: list[Tensor | None] = [None] * len(given)
        numbers, place = iter(given), len(self._fixed)
        for entry in self._entries:
            if not entry.vectors:
                place += 1
                continue
            mine = next(numbers)
            embeddings: tuple[Any, ...] = entry.embeddings
            for layer in embeddings:
                masks[place] = layer.compute_mask(mine)
                place += 1
        return masks

    def _by_entry(
        self, sums: Sequence[npt.NDArray[np.float64]]
    ) -> tuple[npt.NDArray[np.float64], ...]:
        """Attributions of positions, of all Embedding layers of a text together."""
        found, parts = [], iter(sums)
        for entry in self._entries:
            if not entry.vectors:
                found.append(next(parts).reshape(-1))
                continue
            mine = [next(parts) for _vector in entry.vectors]
            found.append(np.sum([each.sum(axis=-1) for each in mine], axis=0))
        return tuple(found)


def _cuts(entry: TextEntry) -> list[Any]:
    return list(entry.vectors) or [entry.numbers]


def _vectors(entry: TextEntry, numbers: Tensor) -> list[Tensor]:
    """What the path leads to, float32, at the cuts of a text."""
    if not entry.vectors:
        # Keras expects an axis more of rows of columns than there is.
        lacking = len(entry.numbers.shape) - len(numbers.shape)
        row = tf.cast(numbers, tf.float32)
        return [tf.expand_dims(row, 1) if lacking else row]
    return [tf.cast(layer(numbers), tf.float32) for layer in entry.embeddings]


def _baselines(entry: TextEntry, numbers: Tensor) -> list[Tensor]:
    """Where it begins: padding, or no token of the vocabulary."""
    if not entry.vectors:
        return [tf.zeros_like(each) for each in _vectors(entry, numbers)]
    return _vectors(entry, tf.fill(tf.shape(numbers), tf.cast(PADDING, numbers.dtype)))


def _beside(along: Tensor, tensor: Tensor) -> Tensor:
    """Places on the path (n,), in the shape that they are multiplied with a tensor."""
    shape = tf.concat([[-1], tf.ones(tf.rank(tensor) - 1, tf.int32)], 0)
    beside: Tensor = tf.reshape(along, shape)
    return beside
