"""Partial dependence is that of scikit-learn, of numbers and of names."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest
from sklearn import inspection
from sklearn.ensemble import RandomForestRegressor

from dlstudio.document.report_sections import PartialDependence
from dlstudio.engine.evaluation.partial_dependence import partial_dependence, values_of
from dlstudio.engine.runtime.stop_token import Stopped, StopSource

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(150, 2)).astype(np.float32)
TARGET = np.square(TABLE[:, 0]) + TABLE[:, 1]
MODEL = RandomForestRegressor(8, random_state=0).fit(TABLE, TARGET)
INPUTS = {"a": TABLE[:, 0], "b": TABLE[:, 1]}


def predict(inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    return MODEL.predict(np.stack([inputs["a"], inputs["b"]], 1))


def test_it_is_that_of_scikit_learn() -> None:
    wanted = inspection.partial_dependence(
        MODEL, TABLE, [0], grid_resolution=20, kind="both", method="brute"
    )
    (grid,) = wanted["grid_values"]
    found = partial_dependence(predict, INPUTS, "a", values=grid, batch=64)
    np.testing.assert_allclose(np.ravel(found.mean), wanted["average"][0], rtol=1e-6)
    own = wanted["individual"][0]
    np.testing.assert_allclose(np.ravel(found.low), np.quantile(own, 0.1, axis=0))
    np.testing.assert_allclose(np.ravel(found.high), np.quantile(own, 0.9, axis=0))
    assert found.samples == 150


def test_numbers_are_spread_without_their_ends() -> None:
    found = values_of(np.arange(1000.0))
    assert len(found) == 20
    assert (found[0], found[-1]) == pytest.approx((49.95, 949.05))
    assert values_of(np.array([2.0, 1, 2])).tolist() == [1, 2]


def test_of_many_names_the_most_frequent_are_taken() -> None:
    names = [f"n{number:02}" for number in range(30) for _each in range(30 - number)]
    found = values_of(np.array(names))
    assert found.tolist() == [f"n{number:02}" for number in range(20)]


def test_names_are_set_for_all_samples() -> None:
    inputs = {"color": np.array(["red", "blue", "green"] * 5), "size": np.arange(15.0)}

    def is_green(given: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.stack([given["color"] == "green", given["size"]], 1).astype(float)

    found = partial_dependence(is_green, inputs, "color")
    assert found.values == ("blue", "green", "red")
    assert found.mean == ((0, 7), (1, 7), (0, 7))
    written = json.loads(json.dumps(found.to_json()))
    assert PartialDependence.from_json(written) == found
    assert inputs["color"][0] == "red"


def test_of_many_samples_some_are_enough() -> None:
    found = partial_dependence(predict, INPUTS, "b", samples=10)
    assert found.samples == 10 and np.shape(found.mean) == (20, 1)


def test_it_stops() -> None:
    source = StopSource()
    source.stop()
    with pytest.raises(Stopped):
        partial_dependence(predict, INPUTS, "a", stop=source.token)
