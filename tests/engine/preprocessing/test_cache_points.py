"""Cache points: what is computed once, and the part of a model that is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.features.category import CATEGORY
from dlstudio.engine.features.number import NUMBER
from dlstudio.engine.preprocessing.cache_points import cache_points, trainable_model
from dlstudio.engine.preprocessing.coded_rows import CodedRows
from dlstudio.engine.preprocessing.input_rows import InputRows, as_input
from dlstudio.engine.preprocessing.tensor_graph import layer_name
from dlstudio.errors import UserError

layers = keras.layers
NAMES = ("ash", "birch", "oak")
CODES = np.array([2, 0, -1, -2, 1, 0], np.int32)
TEXTS = ["oak", "ash", "", "[UNK]", "birch", "ash"]
NUMBERS = np.array([1, 5, 1, 2, 5, 5], np.float32)
ROWS = {
    "tree": InputRows("tree", CODES, {"names": NAMES}, lambda: CATEGORY),
    "width": InputRows("width", NUMBERS, {"mean": 3.0}, lambda: NUMBER),
}


def text_input(name: str = "tree") -> Any:
    return keras.Input((1,), dtype="string", name=name)


def lookup(**options: Any) -> Any:
    return layers.StringLookup(vocabulary=list(NAMES), name="look", **options)


def encoded(x: Any) -> Any:
    return layers.CategoryEncoding(5, output_mode="one_hot", name="encode")(x)


def embedded(x: Any) -> Any:
    return layers.Flatten()(layers.Embedding(9, 2)(x))


def dense(x: Any) -> Any:
    return layers.Dense(2, name="dense")(x)


def test_a_model_without_text_is_trained_as_it_is() -> None:
    given = keras.Input((3,))
    model = keras.Model(given, dense(given))
    trainable = trainable_model(model, {})
    assert trainable.model is model and trainable.rows == {}


@pytest.mark.parametrize(
    ("between", "point"),
    [
        (lambda x: dense(encoded(lookup()(x))), "look"),
        (lambda x: dense(embedded(lookup()(x))), "look"),
        (lambda x: dense(lookup(output_mode="one_hot")(x)), "look"),
        (lambda x: dense(encoded(layers.Hashing(5, name="hash")(x))), "hash"),
        (
            lambda x: dense(encoded(layers.Hashing(5, name="hash")(lookup()(x)))),
            "hash",
        ),
    ],
)
def test_the_last_point_that_is_not_larger_is_cached(
    between: Callable[[Any], Any], point: str
) -> None:
    given = text_input()
    model = keras.Model(given, between(given))
    assert [layer_name(each) for each in cache_points(model)] == [point]
    same_answers(model)


def same_answers(model: keras.Model) -> None:
    """The trained part gives what the whole does, with the same weights."""
    trainable = trainable_model(model, ROWS)
    widths = tf.constant(NUMBERS[:, None])
    wide = [widths] if len(model.inputs) > 1 else []
    texts = tf.constant(TEXTS)[:, None]
    given = []
    for tensor in trainable.model.inputs:
        name = layer_name(tensor)
        rows = trainable.rows.get(name, ROWS["width"].rows)
        values = rows[np.arange(len(CODES))]
        given.append(as_input(tf.constant(values), tensor.dtype, tensor.shape[1:]))
    expected = model([texts, *wide] if wide else texts)
    found = trainable.model(given if given[1:] else given[0])
    np.testing.assert_array_equal(found, expected)
    assert trainable.model.trainable_variables == model.trainable_variables
    assert not any(each.dtype == "string" for each in trainable.model.inputs)


def test_branches_and_other_inputs(tmp_path: Any) -> None:
    """And the whole can be saved after the part was made of it."""
    tree, width = text_input(), keras.Input((1,), name="width")
    number = lookup()(tree)
    vector = layers.Flatten()(layers.Embedding(9, 2)(number))
    hashed = layers.Hashing(4, output_mode="one_hot", name="hash")(tree)
    model = keras.Model(
        [tree, width], dense(layers.Concatenate()([vector, hashed, width]))
    )
    points = [layer_name(each) for each in cache_points(model)]
    assert points == ["look", "hash"]
    same_answers(model)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    given = [tf.constant(TEXTS)[:, None], tf.constant(NUMBERS[:, None])]
    np.testing.assert_array_equal(again(given), model(given))


def test_text_combined_with_a_number() -> None:
    tree, width = text_input(), keras.Input((1,), dtype="int32", name="width")
    crossed = layers.HashedCrossing(6, output_mode="one_hot", name="cross")
    model = keras.Model([tree, width], dense(crossed([tree, width])))
    trainable = trainable_model(model, ROWS)
    (rows,) = trainable.rows.values()
    assert isinstance(rows, CodedRows)
    assert len(rows.table) == 5 and rows.dtype == np.uint8
    numbers = tf.constant(NUMBERS[:, None].astype("int32"))
    expected = crossed([tf.constant(TEXTS)[:, None], numbers])
    np.testing.assert_array_equal(rows[np.arange(6)], expected)


def test_texts_of_different_lengths_are_filled_up() -> None:
    names = [" ".join(["tree"] * count) for count in (1, 2, 3)]
    vectors = layers.TextVectorization(vocabulary=["tree"], name="words")
    given = text_input()
    pooled = layers.GlobalMaxPooling1D()(layers.Embedding(4, 2)(vectors(given)))
    model = keras.Model(given, dense(pooled))
    trainable = trainable_model(
        model, {"tree": InputRows("tree", CODES, {"names": names}, lambda: CATEGORY)}
    )
    (rows,) = trainable.rows.values()
    assert rows[np.arange(3)].tolist() == [[2, 2, 2], [2, 0, 0], [0, 0, 0]]


def test_scalars_are_numbers_of_their_samples() -> None:
    given = text_input()
    trainable = trainable_model(
        keras.Model(given, dense(encoded(lookup()(given)))), ROWS
    )
    (rows,) = trainable.rows.values()
    assert rows.tolist() == [3, 1, 0, 0, 2, 1] and rows.dtype == np.int64


class Trained(layers.Layer):
    """A layer with weights that takes text."""

    def build(self, shape: Any) -> None:
        self.add_weight(shape=(2,))

    def call(self, x: Any) -> Any:
        return tf.zeros((tf.shape(x)[0], 2))

    def compute_output_spec(self, x: Any) -> Any:
        return keras.KerasTensor((None, 2))


@pytest.mark.parametrize(
    ("between", "says"),
    [
        (Trained(name="odd"), "“odd” stands before text"),
        (
            layers.TextVectorization(vocabulary=["ash"], ragged=True, name="words"),
            "“words” outputs rows of different lengths",
        ),
        (
            layers.StringLookup(vocabulary=["ash"], num_oov_indices=0, name="look"),
            "“look” cannot look up all texts",
        ),
    ],
)
def test_what_cannot_be_cached_is_refused(between: Any, says: str) -> None:
    given = text_input()
    model = keras.Model(given, between(given))
    with pytest.raises(UserError, match=says):
        trainable_model(model, ROWS)
