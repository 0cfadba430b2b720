"""Which models take rows of tokens without padding, and that answers stay the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.preprocessing.cache_points import TrainableModel
from dlstudio.engine.preprocessing.coded_rows import CodedRows
from dlstudio.engine.preprocessing.variable_length import tokens_in, without_padding
from dlstudio.engine.training.step_ends import StepInput

layers = keras.layers
LENGTH, WORDS = 12, 20
LENGTHS = np.array([3, 0, 7, 12, 5, 2, 9, 4] * 3)


def token_rows() -> Any:
    random = np.random.default_rng(3)
    rows = random.integers(1, WORDS, (len(LENGTHS), LENGTH))
    return np.where(np.arange(LENGTH) < LENGTHS[:, None], rows, 0).astype(np.uint8)


def embedded(x: Any) -> Any:
    return layers.Embedding(WORDS, 4, mask_zero=True)(x)


def plain(x: Any) -> Any:
    return layers.Embedding(WORDS, 4)(x)


def attention(x: Any) -> Any:
    vectors = embedded(x)
    found = layers.MultiHeadAttention(2, 3)(vectors, vectors)
    return layers.GlobalAveragePooling1D()(layers.LayerNormalization()(found))


def summed(x: Any) -> Any:
    """Padding is left out by hand, without a mask."""
    kept = keras.ops.expand_dims(keras.ops.cast(keras.ops.sign(x), "float32"), -1)
    return keras.ops.sum(plain(x) * kept, axis=1)


SKIPS = {
    "lstm": lambda x: layers.LSTM(3)(layers.SpatialDropout1D(0.2)(embedded(x))),
    "both directions": lambda x: layers.Bidirectional(layers.GRU(3))(embedded(x)),
    "average": lambda x: layers.GlobalAveragePooling1D()(embedded(x)),
    "attention": attention,
    "sum": summed,
}
NEEDS = {
    "lstm without mask": lambda x: layers.LSTM(3)(plain(x)),
    "convolution": lambda x: layers.GlobalMaxPooling1D()(
        layers.Conv1D(4, 3, padding="same")(plain(x))
    ),
    "fixed length": lambda x: layers.Flatten()(plain(x)),
    "batch statistics": lambda x: layers.GlobalAveragePooling1D()(
        layers.BatchNormalization()(embedded(x))
    ),
    "loss of padding": lambda x: layers.LSTM(
        3, return_sequences=False, activity_regularizer="l2"
    )(embedded(x)),
    "half precision": lambda x: layers.LSTM(3, dtype="mixed_bfloat16")(embedded(x)),
}


def trainable(
    body: Callable[[Any], Any], rows: Any, head: Callable[[Any], Any] | None = None
) -> TrainableModel:
    tokens = keras.Input((LENGTH,), dtype="int64", name="rows")
    output = (head or layers.Dense(2))(body(tokens))
    return TrainableModel(keras.Model(tokens, output), {"rows": rows})


@pytest.mark.parametrize("name", SKIPS)
def test_a_model_that_skips_padding_takes_rows_without_it(name: str) -> None:
    given = trainable(SKIPS[name], token_rows())
    found = without_padding(given)
    assert found.model.inputs[0].shape == (None, None)
    np.testing.assert_array_equal(found.lengths["rows"], LENGTHS)
    assert [id(each) for each in found.model.variables] == [
        id(each) for each in given.model.variables
    ]
    batch = tf.constant(token_rows()[LENGTHS < LENGTH])
    cut = StepInput("rows", "int64", (None,), cut=True).of(batch)
    assert cut.shape == (len(batch), 9)
    np.testing.assert_allclose(found.model(cut), given.model(batch), atol=1e-5)


@pytest.mark.parametrize("name", NEEDS)
def test_any_other_model_is_trained_as_it_is(name: str) -> None:
    given = trainable(NEEDS[name], token_rows())
    assert without_padding(given) is given


def test_empty_texts_prove_nothing() -> None:
    """The maximum over padding is the same however much of it there is."""
    keras.utils.set_random_seed(0)
    rows = token_rows()
    rows[3:] = 0
    given = trainable(lambda x: layers.GlobalMaxPooling1D()(plain(x)), rows)
    assert without_padding(given) is given
    none = trainable(SKIPS["lstm"], np.zeros_like(rows))
    assert without_padding(none) is none


def test_a_number_that_multiplies_does_not_hide_padding() -> None:
    tokens = keras.Input((LENGTH,), dtype="int64", name="rows")
    other = keras.Input((4,), name="other")
    mean = layers.GlobalAveragePooling1D()(plain(tokens))
    product = layers.Dense(2)(layers.Multiply()([mean, other]))
    model = keras.Model([tokens, other], product)
    given = TrainableModel(model, {"rows": token_rows()})
    assert without_padding(given) is given


def test_an_output_for_each_token_keeps_its_length() -> None:
    given = trainable(embedded, token_rows())
    assert without_padding(given) is given


def test_rows_with_little_padding_are_left() -> None:
    full = np.where(token_rows() == 0, 1, token_rows())
    given = trainable(SKIPS["average"], full)
    assert without_padding(given) is given


def test_lengths_of_rows_that_are_looked_up() -> None:
    table = np.array([[0, 0, 0], [5, 0, 2], [1, 0, 0]], np.uint8)
    rows: Any = CodedRows(table, np.array([2, 0, 1, 1]))
    assert tokens_in(rows).tolist() == [1, 0, 3, 3]
    assert tokens_in(table).tolist() == [0, 3, 1]


def test_a_batch_without_any_token_keeps_a_column() -> None:
    entry = StepInput("rows", "int64", (None,), cut=True)
    assert entry.of(tf.zeros((2, 5), tf.uint8)).shape == (2, 1)
