"""Multiply-adds and memory against values computed by hand and from papers."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from drawn import SCALE, conv, dense, image, layer

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph
from dlstudio.engine.cost.layer_cost import Cost, memory, multiply_adds
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.nested_shapes import total

L = keras.layers
IMAGE = (None, 8, 8, 3)
STEPS = (None, 5, 4)


def count(made: Any, *shapes: tuple[int | None, ...], dtype: str = "float32") -> Any:
    several = type(made).__name__ in ("MultiHeadAttention", "GroupedQueryAttention")
    with keras.StatelessScope(initialize_variables=False):
        inputs = [keras.KerasTensor(shape, dtype) for shape in shapes]
        one = inputs[0] if len(inputs) == 1 else inputs
        tensors = keras.tree.flatten(made(*inputs) if several else made(one))
    return multiply_adds(made, shapes, [tuple(t.shape) for t in tensors])


@pytest.mark.parametrize(
    ("made", "shapes", "expected"),
    [
        (L.Dense(10), [(None, 7)], 7 * 10),
        (L.Dense(10), [(None, 5, 7)], 5 * 7 * 10),
        (L.EinsumDense("ab,bc->ac", 10), [(None, 7)], 7 * 10),
        (L.EinsumDense("...x,xy->...y", 10), [(None, 5, 7)], 5 * 7 * 10),
        (L.EinsumDense("abc,cde->abde", (None, 2, 3)), [(None, 5, 7)], 5 * 7 * 2 * 3),
        (L.Conv1D(6, 3), [(None, 10, 4)], 8 * 6 * 3 * 4),
        (L.Conv2D(16, 3), [IMAGE], 6 * 6 * 16 * 9 * 3),
        (L.Conv2D(16, 3, strides=2, padding="same"), [IMAGE], 4 * 4 * 16 * 9 * 3),
        (L.Conv2D(6, 3, groups=3), [IMAGE], 6 * 6 * 6 * 9 * 1),
        (
            L.Conv2D(4, (1, 5), data_format="channels_first"),
            [(None, 3, 8, 8)],
            8 * 4 * 4 * 5 * 3,
        ),
        (L.Conv3D(2, 2), [(None, 4, 4, 4, 3)], 27 * 2 * 8 * 3),
        (L.Conv2DTranspose(16, 3, strides=2), [IMAGE], 64 * 3 * 9 * 16),
        (L.Conv1DTranspose(2, 3), [(None, 10, 4)], 10 * 4 * 3 * 2),
        (L.DepthwiseConv2D(3, depth_multiplier=2), [IMAGE], 36 * 9 * 3 * 2),
        (
            L.SeparableConv2D(16, 3, depth_multiplier=2),
            [IMAGE],
            36 * 9 * 6 + 36 * 6 * 16,
        ),
        (L.SeparableConv1D(6, 3), [(None, 10, 4)], 8 * 3 * 4 + 8 * 4 * 6),
        (L.MaxPooling2D(2), [(None, 26, 26, 32)], 13 * 13 * 32 * 4),
        (L.GlobalAveragePooling2D(), [IMAGE], 192),
        (L.BatchNormalization(), [IMAGE], 192),
        (L.LayerNormalization(), [IMAGE], 384),
        (L.Rescaling(0.5), [IMAGE], 192),
        (L.Add(), [IMAGE, IMAGE, IMAGE], 2 * 192),
        (L.Concatenate(), [IMAGE, IMAGE], 0),
        (L.Dot(axes=1), [(None, 7), (None, 7)], 7),
        (L.Dot(axes=(2, 2)), [(None, 3, 7), (None, 4, 7)], 3 * 4 * 7),
        (L.Resizing(4, 4), [IMAGE], 4 * 4 * 3 * 4),
        (L.Resizing(4, 4, interpolation="nearest"), [IMAGE], 0),
        (L.UpSampling2D(2, interpolation="bilinear"), [IMAGE], 256 * 3 * 4),
        (L.Dropout(0.5), [IMAGE], 0),
        (L.Flatten(), [IMAGE], 0),
        (L.RandomFlip(), [IMAGE], 0),
        (L.SimpleRNN(6), [STEPS], 5 * 6 * (4 + 6)),
        (L.LSTM(6), [STEPS], 5 * (4 * 6 * (4 + 6) + 18)),
        (L.GRU(6, return_sequences=True), [STEPS], 5 * (3 * 6 * (4 + 6) + 18)),
        (
            L.RNN([L.LSTMCell(6), L.GRUCell(3)]),
            [STEPS],
            5 * (4 * 6 * 10 + 18 + 3 * 3 * 9 + 9),
        ),
        (
            L.ConvLSTM2D(2, 3, padding="same"),
            [(None, 5, 4, 4, 3)],
            5 * 16 * (4 * 2 * 9 * (3 + 2) + 6),
        ),
        (L.Bidirectional(L.LSTM(6)), [STEPS], 2 * 5 * (4 * 6 * 10 + 18)),
        (
            L.Bidirectional(L.LSTM(6), merge_mode="sum"),
            [STEPS],
            2 * 5 * (4 * 6 * 10 + 18) + 6,
        ),
        (L.TimeDistributed(L.Conv2D(16, 3)), [(None, 5, 8, 8, 3)], 5 * 36 * 16 * 27),
        (L.TimeDistributed(L.TimeDistributed(L.Dense(2))), [(None, 5, 6, 7)], 420),
        (L.SpectralNormalization(L.Conv2D(16, 3)), [IMAGE], 36 * 16 * 27),
        (L.Attention(), [STEPS, (None, 3, 4)], 5 * 3 * (4 + 4)),
        (L.AdditiveAttention(), [STEPS, (None, 3, 4)], 5 * 3 * (4 + 4)),
        (L.MultiHeadAttention(2, 3), [STEPS, STEPS], 4 * (5 * 4 * 6) + 2 * 5 * 5 * 6),
        (
            L.MultiHeadAttention(2, 3, value_dim=5),
            [STEPS, (None, 7, 8)],
            5 * 4 * 6 + 7 * 8 * 6 + 7 * 8 * 10 + 5 * 10 * 4 + 5 * 7 * (6 + 10),
        ),
        (
            L.GroupQueryAttention(3, 4, 2),
            [STEPS, (None, 7, 4)],
            2 * (5 * 4 * 12) + 2 * (7 * 4 * 6) + 2 * 4 * 5 * 7 * 3,
        ),
        (
            L.MelSpectrogram(
                num_mel_bins=8, fft_length=16, sequence_stride=4, sampling_rate=100
            ),
            [(None, 64)],
            17 * (2 * 16 * 4 + 9 * 8),
        ),
    ],
    ids=str,
)
def test_by_hand(made: Any, shapes: Any, expected: int) -> None:
    assert count(made, *shapes) == expected


def test_embedding_only_looks_up() -> None:
    assert count(L.Embedding(100, 8), (None, 5), dtype="int32") == 0


def test_spectrogram_is_a_convolution() -> None:
    made = L.STFTSpectrogram(frame_length=16, frame_step=8, fft_length=16)
    found = count(made, (None, 64, 2))
    frames, bins = 7, 9
    assert found == frames * 2 * (2 * 16 * bins)


def test_a_layer_without_a_formula_is_unknown() -> None:
    class Own(L.Layer):
        def call(self, x: Any) -> Any:
            return x * 2

    class OwnCell(L.Layer):
        state_size = output_size = 4

        def call(self, x: Any, states: Any) -> Any:
            return x, states

    assert count(Own(), IMAGE) is None
    assert count(L.RNN(OwnCell()), STEPS) is None


def test_open_sizes_are_unknown() -> None:
    assert count(L.Conv2D(16, 3), (None, None, None, 3)) is None
    assert memory([((None, None, 3), "float32")]) is None
    assert memory([((None, 4), "string")]) is None


def test_memory_in_bytes() -> None:
    assert memory([((None, 13, 13, 32), "float32")]) == 21_632
    assert memory([((None, 3), "float16"), ((None, 2), "int64")]) == 6 + 16
    assert memory([((None,), "bool")]) == 1


def test_costs_add_up() -> None:
    known = Cost(1, 1, 10, 100)
    assert known + known == Cost(2, 2, 20, 200)
    assert (known + Cost(1, 0, None, 5)) == Cost(2, 1, None, 105)


def test_a_whole_model() -> None:
    graph = Graph.chain(
        [
            image(28, 28, 1),
            SCALE,
            conv("c", filters=32),
            layer("p", "MaxPooling2D"),
            layer("f", "Flatten"),
            dense("d", 10),
        ]
    )
    cost = total(ShapeInference().infer(graph, Catalog.load()))
    assert cost.params == 320 + 54_090
    adds = 784 + 26 * 26 * 32 * 9 + 13 * 13 * 32 * 4 + 13 * 13 * 32 * 10
    assert cost.multiply_adds == adds
    values = 784 + 784 + 26 * 26 * 32 + 2 * 13 * 13 * 32 + 10
    assert cost.memory == 4 * values


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # He et al. (2016), table 1: 3.8·10⁹; exactly 3.858·10⁹ with the stride in
        # the first 1×1 convolution of a block, as in Keras.
        ("ResNet50", 3.858e9),
        # Howard et al. (2017), table 4: 569 million.
        ("MobileNet", 569e6),
        # Sandler et al. (2018), table 4: 300 million.
        ("MobileNetV2", 300e6),
        # Simonyan & Zisserman (2015): 15.3·10⁹ in convolutions, 0.12·10⁹ in Dense.
        ("VGG16", 15.47e9),
    ],
)
def test_known_networks(name: str, expected: float) -> None:
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
    learned = ("Conv2D", "DepthwiseConv2D", "Dense")
    found = 0
    for each in model.layers:
        if type(each).__name__ in learned:
            inputs, outputs = [tuple(each.input.shape)], [tuple(each.output.shape)]
            found += multiply_adds(each, inputs, outputs) or 0
    assert found == pytest.approx(expected, rel=0.01)
    sizes = [int(np.prod(weight.shape)) for weight in model.weights]
    assert model.count_params() == sum(sizes)
