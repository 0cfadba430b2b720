"""Texts that are changed at random: only while training, and only as the user says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.export.inference_model import inference_model
from dlstudio.engine.model.random_tokens import RandomTokens, groups_of
from dlstudio.engine.prediction.model_file import load_model

RANDOM = np.random.default_rng(0)
LENGTHS = RANDOM.integers(0, 9, 200)
TOKENS = np.where(
    np.arange(8) < LENGTHS[:, None], RANDOM.integers(1, 9, (200, 8)), 0
).astype(np.int64)


def changed(seed: int = 3, **params: Any) -> Any:
    rates = {"delete": 0.0, "swap": 0.0, "replace": 0.0}
    layer = RandomTokens(**{**rates, **params}, seed=seed)
    np.testing.assert_array_equal(layer(TOKENS), TOKENS)
    return np.asarray(layer(TOKENS, training=True))


def words(row: Any) -> list[int]:
    return [int(each) for each in row if each]


def test_deleted_words_leave_the_others_in_their_order() -> None:
    found = changed(delete=0.5)
    share = (found > 0).sum() / (TOKENS > 0).sum()
    assert 0.4 < share < 0.65
    for old, new in zip(TOKENS, found, strict=True):
        left = iter(words(old))
        assert all(each in left for each in words(new)), "a part, in order"
        assert bool(words(new)) == bool(words(old)), "one of a text always stays"
        assert not new[len(words(new)) :].any(), "padding stands at the end"


def test_swapped_words_are_the_same_words() -> None:
    found = changed(swap=0.4)
    assert (found != TOKENS).any()
    for old, new in zip(TOKENS, found, strict=True):
        assert sorted(words(old)) == sorted(words(new))
        np.testing.assert_array_equal(old == 0, new == 0)


def test_words_are_replaced_by_those_of_their_group() -> None:
    found = changed(replace=0.9, groups=((2, 3, 7), (4, 5)))
    for old, new in zip(TOKENS.reshape(-1), found.reshape(-1), strict=True):
        group = next((g for g in ((2, 3, 7), (4, 5)) if old in g), (old,))
        assert new in group
    assert set(found[TOKENS == 2]) == {2, 3, 7}


def test_the_same_seed_draws_the_same_and_steps_differ() -> None:
    every = {"delete": 0.3, "swap": 0.3, "replace": 0.3, "groups": ((1, 2),)}
    np.testing.assert_array_equal(changed(**every), changed(**every))
    assert (changed(**every) != changed(4, **every)).any()
    layer = RandomTokens(seed=3)
    first, second = (np.asarray(layer(TOKENS, training=True)) for _step in range(2))
    assert (first != second).any()


def test_synonyms_become_numbers_of_known_words() -> None:
    lookup = keras.layers.TextVectorization(vocabulary=["good", "fine", "bad", "好"])
    groups = groups_of(["Good, fine great", "bad", "两 个", "好 bad"], lookup)
    assert groups == [[2, 3], [5, 4]]


def test_it_is_kept_in_runs_and_left_out_of_exports(tmp_path: Path) -> None:
    given = keras.Input((1,), dtype="string")
    lookup = keras.layers.TextVectorization(
        vocabulary=["good", "fine"], output_sequence_length=4
    )
    layer = RandomTokens(0.2, synonyms=("good fine",), groups=((2, 3),), name="mix")
    twice = RandomTokens(name="again")(layer(lookup(given)))
    vectors = keras.layers.Embedding(4, 2)(twice)
    model = keras.Model(given, keras.layers.Flatten()(vectors))
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    mix: Any = again.get_layer("mix")
    assert mix.get_config() == layer.get_config() and mix.groups == ((2, 3),)
    plain = inference_model(again)
    assert all(not isinstance(each, RandomTokens) for each in plain.layers)
    texts = tf.constant([["good fine odd"], [""]])
    np.testing.assert_array_equal(plain(texts), model(texts))
    assert inference_model(plain) is plain


@pytest.mark.parametrize("given", [((None, 3, 2), "int64"), ((None, 4), "float32")])
def test_only_rows_of_whole_numbers_enter(given: tuple[Any, str]) -> None:
    shape, dtype = given
    with pytest.raises(ValueError, match="TextVectorization"):
        RandomTokens()(keras.KerasTensor(shape, dtype))
