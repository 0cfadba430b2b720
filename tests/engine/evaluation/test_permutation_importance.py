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

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(200, 3))
TARGET = 3 * TABLE[:, 0] - TABLE[:, 1] + 0.1 * RANDOM.normal(size=200)
NAMES = ("a", "b", "noise")
INPUTS = {name: TABLE[:, place] for place, name in enumerate(NAMES)}
MODEL = LinearRegression().fit(TABLE, TARGET)


def scores_of(inputs: Mapping[str, np.ndarray]) -> dict[str, float]:
    outputs = MODEL.predict(np.stack([inputs[name] for name in NAMES], 1))
    error = float(np.abs(outputs - TARGET).mean())
    return {"y": float(r2_score(TARGET, outputs)), "error": -error}


def test_it_is_that_of_scikit_learn_for_every_score() -> None:
    best, found = permutation_importance(scores_of, INPUTS, repeats=4, seed=3)
    for name, scoring in (("y", "r2"), ("error", "neg_mean_absolute_error")):
        wanted = inspection.permutation_importance(
            MODEL, TABLE, TARGET, n_repeats=4, random_state=3, scoring=scoring
        )
        assert [each.feature for each in found[name]] == ["a", "b", "noise"]
        for place, each in enumerate(found[name]):
            assert each.loss == pytest.approx(wanted.importances_mean[place])
            assert each.deviation == pytest.approx(wanted.importances_std[place])
    assert best["y"] == pytest.approx(MODEL.score(TABLE, TARGET))


def test_the_most_important_comes_first_and_what_is_not_used_is_worth_nothing() -> None:
    only_b = {"x": INPUTS["noise"], "y": INPUTS["b"]}

    def score_of_b(inputs: Mapping[str, np.ndarray]) -> dict[str, float]:
        return {"b": float(r2_score(INPUTS["b"], inputs["y"]))}

    _best, found = permutation_importance(score_of_b, only_b)
    first, second = found["b"]
    assert (first.feature, second.feature) == ("y", "x")
    assert first.loss > 1 and (second.loss, second.deviation) == (0, 0)


def test_inputs_of_any_type_and_shape_are_shuffled_as_rows() -> None:
    inputs = {"name": np.array(["u", "v"] * 50), "row": np.arange(300).reshape(100, 3)}
    seen: list[Mapping[str, Any]] = []

    def keep(given: Mapping[str, np.ndarray]) -> dict[str, float]:
        seen.append(given)
        return {"y": 0.0}

    permutation_importance(keep, inputs, repeats=1)
    assert len(seen) == 3
    assert sorted(seen[2]["row"][:, 0].tolist()) == inputs["row"][:, 0].tolist()
    assert (seen[2]["row"][:, 1] == seen[2]["row"][:, 0] + 1).all()
    assert seen[1]["name"].tolist() != inputs["name"].tolist()
    assert inputs["row"][0].tolist() == [0, 1, 2]


def test_it_reports_progress() -> None:
    steps: list[tuple[int, int]] = []
    permutation_importance(
        scores_of, INPUTS, repeats=2, progress=lambda *each: steps.append(each)
    )
    assert steps == [(done, 7) for done in range(1, 8)]
