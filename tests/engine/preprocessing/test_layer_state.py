"""What layers learn: the same as with `adapt`, and set again bit for bit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.preprocessing.layer_state import (
    adapt,
    learns,
    set_state,
    state_of,
)
from dlstudio.engine.preprocessing.learned_layers import (
    LEARNED,
    checksum,
    read_learned,
    write_learned,
)
from dlstudio.errors import UserError

layers = keras.layers
WORDS = np.array([["b a"], ["b"], ["c b"], ["a\nb c"], [""]], object)
INTEGERS = np.array([[7], [3], [7], [9]])
NUMBERS = np.random.default_rng(0).normal(size=(50, 1)).astype(np.float32)

MAKERS: dict[str, tuple[Callable[[], Any], Any]] = {
    "words": (lambda: layers.StringLookup(), WORDS),
    "few words": (
        lambda: layers.StringLookup(
            max_tokens=3, output_mode="one_hot", pad_to_max_tokens=True
        ),
        WORDS,
    ),
    "masked": (lambda: layers.StringLookup(mask_token="", num_oov_indices=2), WORDS),
    "counted": (
        lambda: layers.StringLookup(
            output_mode="tf_idf", max_tokens=9, pad_to_max_tokens=True
        ),
        WORDS,
    ),
    "integers": (lambda: layers.IntegerLookup(), INTEGERS),
    "texts": (lambda: layers.TextVectorization(), WORDS),
    "weighed texts": (lambda: layers.TextVectorization(output_mode="tf_idf"), WORDS),
    "bins": (lambda: layers.Discretization(num_bins=4), NUMBERS),
    "hot bins": (
        lambda: layers.Discretization(num_bins=4, output_mode="one_hot"),
        NUMBERS,
    ),
}


def answers(layer: Any, values: Any) -> Any:
    return np.asarray(layer(tf.constant(values)))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_layer_learns_and_is_set_again(kind: str, tmp_path: Path) -> None:
    make, values = MAKERS[kind]
    ours, keras_own, again = make(), make(), make()
    assert learns(ours)
    adapt(ours, lambda: np.array_split(values, range(2, len(values), 2)))
    keras_own.adapt(tf.data.Dataset.from_tensor_slices(values).batch(2))
    state = json.loads(json.dumps(state_of(ours), allow_nan=False))
    set_state(again, state)
    expected = answers(keras_own, values)
    np.testing.assert_array_equal(answers(ours, values), expected, strict=True)
    np.testing.assert_array_equal(answers(again, values), expected, strict=True)
    assert state_of(again) == state
    given = keras.Input((1,), dtype=tf.constant(values).dtype.name)
    keras.Model(given, again(given)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(answers(loaded, values), expected, strict=True)


def test_nothing_but_special_words_is_nothing_to_learn() -> None:
    with pytest.raises(UserError, match="“look” found nothing"):
        adapt(layers.StringLookup(name="look"), lambda: [np.array([["[UNK]"]], object)])


def test_statistics_are_set_as_they_were() -> None:
    layer = layers.Normalization()
    layer.build((None, 2))
    set_state(layer, {"mean": [1.5, 0.1], "variance": [4.0, 1.0]})
    assert state_of(layer)["mean"] == [1.5, float(np.float32(0.1))]
    assert answers(layer, [[3.5, np.float32(0.1)]]).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize(
    "layer",
    [
        layers.StringLookup(vocabulary=["a"]),
        layers.IntegerLookup(vocabulary=[1]),
        layers.TextVectorization(vocabulary=["a"]),
        layers.Discretization(bin_boundaries=[0.0]),
        layers.Normalization(mean=0.0, variance=1.0),
        layers.Hashing(3),
        layers.Dense(3),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_given_is_not_learned(layer: Any) -> None:
    assert not learns(layer)


def test_every_layer_with_adapt_is_known() -> None:
    kinds = [each for each in vars(layers).values() if hasattr(each, "adapt")]
    assert {each.__name__ for each in kinds} == {
        "Discretization",
        "IntegerLookup",
        "Normalization",
        "StringLookup",
        "TextVectorization",
    }


def test_the_file_is_checked(tmp_path: Path) -> None:
    learned = {"look": {"vocabulary": ["[UNK]", "ü"]}}
    assert read_learned(tmp_path, "") is None
    write_learned(tmp_path, learned)
    assert read_learned(tmp_path, checksum(learned)) == learned
    path = tmp_path / LEARNED
    path.write_text(path.read_text("utf-8").replace("ü", "u"), "utf-8")
    with pytest.raises(UserError, match=r"fitted\.json was changed or is damaged"):
        read_learned(tmp_path, checksum(learned))
