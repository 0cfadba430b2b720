"""Permutation importance is that of scikit-learn, of any model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sklearn import inspection
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from dlstudio.engine.evaluation.permutation_importance import permutation_importance
from dlstudio.engine.runtime.stop_token import Stopped, StopSource

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(200, 3))
TARGET = 3 * TABLE[:, 0] - TABLE[:, 1] + 0.1 * RANDOM.normal(size=200)
NAMES = ("a", "b", "noise")
INPUTS = {name: TABLE[:, place] for place, name in enumerate(NAMES)}
MODEL = LinearRegression().fit(TABLE, TARGET)


def predict(inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    return MODEL.predict(np.stack([inputs[name] for name in NAMES], 1))


def score(outputs: np.ndarray) -> float:
    return float(r2_score(TARGET, outputs))


@pytest.mark.parametrize("batch", [7, 1000])
def test_it_is_that_of_scikit_learn(batch: int) -> None:
    found = permutation_importance(
        predict, INPUTS, score, metric="r2", repeats=4, seed=3, batch=batch
    )
    wanted = inspection.permutation_importance(
        MODEL, TABLE, TARGET, n_repeats=4, random_state=3, scoring="r2"
    )
    assert found.metric == "r2"
    assert [each.feature for each in found.features] == ["a", "b", "noise"]
    for place, each in enumerate(found.features):
        assert each.loss == pytest.approx(wanted.importances_mean[place])
        assert each.deviation == pytest.approx(wanted.importances_std[place])


def test_the_most_important_comes_first_and_what_is_not_used_is_worth_nothing() -> None:
    only_b = {"x": INPUTS["noise"], "y": INPUTS["b"]}

    def of_y(inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        return inputs["y"]

    def score_of_b(outputs: np.ndarray) -> float:
        return float(r2_score(INPUTS["b"], outputs))

    found = permutation_importance(of_y, only_b, score_of_b, metric="r2")
    first, second = found.features
    assert (first.feature, second.feature) == ("y", "x")
    assert first.loss > 1 and (second.loss, second.deviation) == (0, 0)


def test_inputs_of_any_type_and_shape_are_shuffled_as_rows() -> None:
    inputs = {"name": np.array(["u", "v"] * 50), "row": np.arange(300).reshape(100, 3)}
    seen: list[Mapping[str, Any]] = []

    def keep(given: Mapping[str, np.ndarray]) -> np.ndarray:
        seen.append(given)
        return np.zeros(len(given["name"]))

    permutation_importance(keep, inputs, lambda _each: 0.0, metric="m", repeats=1)
    assert len(seen) == 3
    assert sorted(seen[2]["row"][:, 0].tolist()) == inputs["row"][:, 0].tolist()
    assert (seen[2]["row"][:, 1] == seen[2]["row"][:, 0] + 1).all()
    assert seen[1]["name"].tolist() != inputs["name"].tolist()
    assert inputs["row"][0].tolist() == [0, 1, 2]


def test_it_reports_progress_and_stops() -> None:
    steps: list[tuple[int, int]] = []
    source = StopSource()

    def progress(done: int, total: int) -> None:
        steps.append((done, total))
        if done == 4:
            source.stop()

    with pytest.raises(Stopped):
        permutation_importance(
            predict,
            INPUTS,
            score,
            metric="r2",
            repeats=2,
            progress=progress,
            stop=source.token,
        )
    assert steps == [(done, 7) for done in (1, 2, 3, 4)]
