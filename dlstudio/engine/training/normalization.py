"""Adapts Normalization layers without statistics to the training images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import SplitView
from dlstudio.engine.training.step_ends import StepInput

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor, Variable


class NormalizationLayer(Protocol):
    """The attributes of `keras.layers.Normalization` that are used."""

    @property
    def input(self) -> KerasTensor: ...

    @property
    def axis(self) -> tuple[int, ...] | None: ...

    @property
    def adapt_mean(self) -> Variable: ...


BATCH = 256
MOST = 20_000
"""Maximum number of samples used; the statistics hardly change with more."""


def adapt(
    model: KerasModel, inputs: Sequence[StepInput], split_view: SplitView
) -> None:
    """Compute mean and variance at the input of each such layer.

    Layers are adapted in the model's order, so that later ones see the output of
    earlier ones. The same samples give the same statistics each time.

    Args:
        model: The whole model.
        inputs: What enters each of its inputs.
        split_view: The training split.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            mean, variance = _statistics(model, layer, inputs, split_view)
            layer.adapt_mean.assign(mean)
            layer.adapt_variance.assign(variance)
            layer.finalize_state()


def _statistics(
    model: KerasModel,
    layer: NormalizationLayer,
    inputs: Sequence[StepInput],
    split_view: SplitView,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    front = keras.Model(model.inputs, layer.input)
    rank = len(layer.input.shape)
    kept = {axis % rank for axis in layer.axis or ()}
    gone = tuple(axis for axis in range(rank) if axis not in kept)
    count, total, squares = 0, 0.0, 0.0
    for start in range(0, min(len(split_view), MOST), BATCH):
        places = np.arange(start, min(start + BATCH, len(split_view)))
        rows, _weights = split_view.take(places)
        given = [each.of(tf.constant(rows[each.row])) for each in inputs]
        values = front(given if given[1:] else given[0], training=False)
        table = np.asarray(keras.ops.convert_to_numpy(values), np.float64)
        total = total + table.sum(axis=gone)
        squares = squares + np.square(table).sum(axis=gone)
        count += int(np.prod([table.shape[axis] for axis in gone]))
    mean = np.asarray(total / count)
    variance = np.maximum(squares / count - np.square(mean), 0.0)
    shape = tuple(layer.adapt_mean.shape)
    return mean.reshape(shape), np.asarray(variance).reshape(shape)
