"""Partial dependence is that of scikit-learn, of numbers and of names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn import inspection
from sklearn.ensemble import RandomForestRegressor

from dlstudio.engine.evaluation.partial_dependence import (
    POINTS,
    evenly_some,
    name_places,
    number_places,
    partial_dependence,
)

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(150, 2)).astype(np.float32)
TARGET = np.square(TABLE[:, 0]) + TABLE[:, 1]
MODEL = RandomForestRegressor(8, random_state=0).fit(TABLE, TARGET)
INPUTS = {"a": TABLE[:, 0], "b": TABLE[:, 1]}


def predict(inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    found = MODEL.predict(np.stack([inputs["a"], inputs["b"]], 1))
    return {"y": found, "twice": np.stack([found, 2 * found], 1)}


def test_it_is_that_of_scikit_learn_for_every_output() -> None:
    wanted = inspection.partial_dependence(
        MODEL, TABLE, [0], grid_resolution=20, kind="both", method="brute"
    )
    (grid,) = wanted["grid_values"]
    steps: list[tuple[int, int]] = []
    found = partial_dependence(
        predict, INPUTS, "a", grid, lambda *each: steps.append(each)
    )
    mean, low, high = found["y"]
    np.testing.assert_allclose(np.ravel(mean), wanted["average"][0], rtol=1e-6)
    own = wanted["individual"][0]
    np.testing.assert_allclose(np.ravel(low), np.quantile(own, 0.1, axis=0))
    np.testing.assert_allclose(np.ravel(high), np.quantile(own, 0.9, axis=0))
    twice = np.array(found["twice"][0])
    np.testing.assert_allclose(twice, np.stack([np.ravel(mean), 2 * np.ravel(mean)], 1))
    assert steps == [(done, len(grid)) for done in range(1, len(grid) + 1)]


def test_rows_of_several_numbers_are_set_as_a_whole() -> None:
    inputs = {"date": np.arange(12.0).reshape(6, 2), "size": np.arange(6.0)}

    def second(given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"y": given["date"][:, 1]}

    found = partial_dependence(second, inputs, "date", inputs["date"][[4, 1]])
    assert found["y"][0] == ((9.0,), (3.0,))
    assert inputs["date"][0].tolist() == [0, 1]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=300))
def test_numbers_are_taken_from_those_that_occur_in_their_order(
    numbers: list[int],
) -> None:
    column = np.array(numbers, float)
    chosen = column[number_places(column)]
    assert 1 <= len(chosen) <= POINTS and (np.diff(chosen) > 0).all()
    different = np.unique(column)
    if len(different) <= POINTS:
        assert chosen.tolist() == different.tolist()
    else:
        low, high = np.quantile(column, [0.05, 0.95], method="nearest")
        assert (chosen[0], chosen[-1]) == (low, high)


def test_of_many_names_the_most_frequent_are_taken() -> None:
    names = [f"n{number:02}" for number in range(30) for _each in range(30 - number)]
    found = np.array(names)[name_places(np.array(names))]
    assert found.tolist() == [f"n{number:02}" for number in range(20)]


def test_of_many_samples_some_are_enough() -> None:
    some = evenly_some(INPUTS, 10)
    assert len(some["a"]) == len(some["b"]) == 10
    assert some["a"][0] == TABLE[0, 0] and some["a"][-1] == TABLE[-1, 0]
