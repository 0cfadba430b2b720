"""A metric of groups, and the largest gap between them."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import recall_score

from dlstudio.document.feature_sections import GroupMetrics
from dlstudio.engine.evaluation.group_metrics import group_metrics

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.integers(0, 2, 300)
GUESS = np.where(RANDOM.random(300) < 0.8, TRUTH, 1 - TRUTH)
GROUPS = ["a"] * 150 + ["b"] * 100 + ["c"] * 45 + ["d"] * 5


def recall(rows: np.ndarray) -> float | None:
    some = bool(TRUTH[rows].any())
    return float(recall_score(TRUTH[rows], GUESS[rows])) if some else None


def by_group(
    groups: list[str | None],
    score: Callable[[np.ndarray], float | None],
    metric: str = "macro_recall",
) -> GroupMetrics:
    return group_metrics(groups, lambda rows: {metric: score(rows)}, "sex")[metric]


def test_each_group_has_its_own_value() -> None:
    found = by_group([*GROUPS], recall)
    assert (found.feature, found.direction) == ("sex", "up")
    counts = [(each.group, each.samples) for each in found.groups]
    assert counts == [("a", 150), ("b", 100), ("c", 45), ("d", 5)]
    assert found.groups[1].value == recall(np.arange(150, 250))
    assert found.overall == recall(np.arange(300))


def test_the_gap_is_between_the_best_and_the_worst_large_group() -> None:
    found = by_group([*GROUPS], recall)
    values = {each.group: each.value for each in found.groups if each.group != "d"}
    gap = found.largest_gap()
    assert gap is not None
    assert values[gap.worst] == min(values.values())
    assert values[gap.best] == max(values.values())
    assert gap.difference == pytest.approx(max(values.values()) - min(values.values()))


@pytest.mark.parametrize(("metric", "worst"), [("accuracy", "y"), ("mae", "x")])
def test_a_planted_gap_is_found(metric: str, worst: str) -> None:
    groups: list[str | None] = ["x"] * 50 + ["y"] * 50
    found = by_group(groups, lambda rows: 1.0 if rows.min() < 50 else 0.25, metric)
    gap = found.largest_gap()
    assert gap is not None and (gap.worst, gap.difference) == (worst, 0.75)


def test_samples_without_a_value_are_a_group() -> None:
    found = by_group([None, "a", None, ""], lambda rows: float(len(rows)))
    assert [(each.group, each.samples) for each in found.groups] == [("", 3), ("a", 1)]
    assert found.largest_gap() is None


def test_what_is_not_defined_has_no_gap() -> None:
    found = by_group(["a"] * 20 + ["b"] * 20, lambda rows: None if rows[0] else 1.0)
    assert found.groups[1].value is None and found.largest_gap() is None


def test_what_is_defined_nowhere_or_has_no_better_value_is_left_out() -> None:
    assert group_metrics(["a"], lambda _rows: {"r2": None, "bias": 1.0}, "sex") == {}


@given(
    st.lists(st.sampled_from(["a", "b", "", None]), min_size=1, max_size=40),
    st.integers(0, 9),
)
def test_every_sample_is_in_one_group(groups: list[str | None], seed: int) -> None:
    values = np.random.default_rng(seed).random(len(groups))

    def metrics(rows: np.ndarray) -> dict[str, float | None]:
        return {"mae": float(values[rows].mean())}

    found = group_metrics(groups, metrics, "x")["mae"]
    counts = [each.samples for each in found.groups]
    assert sum(counts) == len(groups) and counts == sorted(counts, reverse=True)
    means = [each.samples * (each.value or 0.0) for each in found.groups]
    assert sum(means) / len(groups) == pytest.approx(found.overall)
    assert all(each.uncertain for each in found.groups if each.samples < 10)
    written = json.loads(json.dumps(found.to_json()))
    assert GroupMetrics.from_json(written) == found
    gap = found.largest_gap()
    assert (written["largest_gap"] is None) == (gap is None)
    assert gap is None or gap.difference >= 0
