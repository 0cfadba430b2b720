"""The installed Keras and TensorFlow implement the protocols."""

from __future__ import annotations

import keras
import pytest
import tensorflow as tf
from typing_extensions import get_protocol_members

from dlstudio.data.typing import Tensor, TensorShape
from dlstudio.engine import typing as protocols
from dlstudio.engine.cost import layer_protocols


def _model() -> keras.Model:
    given = keras.Input((4,))
    return keras.Model(given, keras.layers.Dense(2)(given))


def _optimizer() -> keras.Optimizer:
    optimizer = keras.optimizers.SGD()
    optimizer.build(_model().trainable_variables)
    return optimizer


CASES = (
    (Tensor, lambda: tf.constant([1.0])),
    (TensorShape, lambda: tf.constant([1.0]).shape),
    (protocols.KerasTensor, lambda: keras.Input((4,))),
    (protocols.Variable, lambda: keras.Variable(0.0)),
    (protocols.KerasLayer, lambda: _model().layers[1]),
    (protocols.KerasModel, _model),
    (protocols.KerasLoss, keras.losses.MeanSquaredError),
    (protocols.KerasOptimizer, _optimizer),
    (protocols.Strategy, lambda: tf.distribute.OneDeviceStrategy("CPU:0")),
    (layer_protocols.HasKernel, lambda: keras.layers.DepthwiseConv2D(3)),
    (layer_protocols.Convolution, lambda: keras.layers.Conv2D(2, 3)),
    (layer_protocols.SeparableConvolution, lambda: keras.layers.SeparableConv2D(2, 3)),
    (layer_protocols.Pooling, lambda: keras.layers.MaxPooling2D()),
    (layer_protocols.EinsumDense, lambda: keras.layers.EinsumDense("ab,bc->ac", 2)),
    (layer_protocols.Dot, lambda: keras.layers.Dot(1)),
    (layer_protocols.MelSpectrogram, keras.layers.MelSpectrogram),
    (layer_protocols.StftSpectrogram, keras.layers.STFTSpectrogram),
    (
        layer_protocols.Wrapper,
        lambda: keras.layers.TimeDistributed(keras.layers.Dense(2)),
    ),
    (
        layer_protocols.Bidirectional,
        lambda: keras.layers.Bidirectional(keras.layers.LSTM(2)),
    ),
    (layer_protocols.Chain, lambda: keras.Sequential([keras.layers.Dense(2)])),
    (
        layer_protocols.GroupedQueryAttention,
        lambda: keras.layers.GroupQueryAttention(4, 4, 2),
    ),
    (layer_protocols.Cell, lambda: keras.layers.LSTMCell(2)),
    (
        layer_protocols.StackedCells,
        lambda: keras.layers.StackedRNNCells([keras.layers.LSTMCell(2)]),
    ),
    (layer_protocols.Recurrent, lambda: keras.layers.GRU(2)),
)


@pytest.mark.parametrize(
    ("protocol", "make"), CASES, ids=lambda each: getattr(each, "__name__", "")
)
def test_what_a_protocol_promises_is_there(protocol, make) -> None:
    made = make()
    assert [m for m in get_protocol_members(protocol) if not hasattr(made, m)] == []


def test_each_protocol_is_tried() -> None:
    tried = {protocol for protocol, _make in CASES}
    defined = {
        each
        for module in (protocols, layer_protocols)
        for each in vars(module).values()
        if getattr(each, "_is_protocol", False) and each.__module__ == module.__name__
    }
    assert defined <= tried
