"""Bootstrap intervals cover the truth as often as they say, however many samples."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import r2_score

from dlstudio.engine.heads.resamples import BLOCKS, Resamples


def drawn(count: int, seed: int, off: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    actual = 5e5 + 90_000 * random.normal(size=count)
    return actual, actual + off * 90_000 * random.normal(size=count)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    true = 0.3 * 90_000 * np.sqrt(2 / np.pi)
    hits = 0
    for seed in range(100):
        bounds = Resamples(*drawn(150, seed), 5e5).interval()["mae"]
        hits += bounds["low"] <= true <= bounds["high"]
    assert 88 <= hits <= 99


def test_many_samples_have_the_interval_that_theory_gives() -> None:
    actual, guess = drawn(20 * BLOCKS + 17, 0)
    found = Resamples(actual, guess, 5e5).interval()
    far = np.abs(guess - actual)
    error = 1.96 * far.std() / np.sqrt(len(far))
    assert found["mae"]["low"] == pytest.approx(far.mean() - error, rel=1e-3)
    assert found["mae"]["high"] == pytest.approx(far.mean() + error, rel=1e-3)
    assert found["r2"]["low"] < r2_score(actual, guess) < found["r2"]["high"]


def test_the_same_samples_give_the_same_interval() -> None:
    given = drawn(500, 3)
    assert Resamples(*given, 0.0).interval() == Resamples(*given, 0.0).interval()


@pytest.mark.parametrize(("off", "low", "high"), [(0.3, 0, 0.01), (3.0, 0.99, 1)])
def test_a_useless_model_is_no_better_than_a_constant(
    off: float, low: float, high: float
) -> None:
    assert low <= Resamples(*drawn(200, 1, off), 5e5).p_value() <= high


def test_one_sample_has_no_interval_and_equal_numbers_no_r2() -> None:
    one = Resamples(np.array([3.0]), np.array([4.0]), 3.0).interval()
    assert one["mae"] is None and one["r2"] is None
    equal = Resamples(np.full(9, 3.0), np.full(9, 4.0), 3.0).interval()
    assert equal["mae"] == {"low": 1, "high": 1} and equal["r2"] is None
