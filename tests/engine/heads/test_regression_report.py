"""Reports of predicted numbers, against scikit-learn and against hand counts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.dummy import DummyRegressor

from dlstudio.document.report_sections import (
    MetricsOfReport,
    Residuals,
    WorstRow,
    WorstRows,
)
from dlstudio.engine.heads.regression import REGRESSION
from dlstudio.engine.heads.regression_report import (
    POINTS,
    histogram,
    regression_report,
    residuals,
    worst_rows,
)

RANDOM = np.random.default_rng(0)
ACTUAL = 250_000 + 90_000 * RANDOM.normal(size=400)
GUESS = ACTUAL + 20_000 * RANDOM.normal(size=400)
IDS = [str(number) for number in range(5000)]


def test_metrics_are_those_of_scikit_learn() -> None:
    found = regression_report(ACTUAL, GUESS, IDS, "price", 5).metrics
    assert found == pytest.approx(
        {
            "mae": sk.mean_absolute_error(ACTUAL, GUESS),
            "rmse": sk.root_mean_squared_error(ACTUAL, GUESS),
            "r2": sk.r2_score(ACTUAL, GUESS),
            "median_absolute_error": sk.median_absolute_error(ACTUAL, GUESS),
            "bias": (GUESS - ACTUAL).mean(),
            "largest_error": sk.max_error(ACTUAL, GUESS),
            "within_10_percent": (np.abs(GUESS / ACTUAL - 1) <= 0.1).mean(),
        }
    )


@pytest.mark.parametrize("name", ["mean", "median"])
def test_baselines_are_those_of_scikit_learn(name: str) -> None:
    baseline = regression_report(ACTUAL, GUESS, IDS, "price", 5).baseline
    dummy = DummyRegressor(strategy=name).fit(ACTUAL, ACTUAL)
    constant = dummy.predict(ACTUAL)
    assert baseline[name] == pytest.approx(
        {
            "value": constant[0],
            "mae": sk.mean_absolute_error(ACTUAL, constant),
            "rmse": sk.root_mean_squared_error(ACTUAL, constant),
        }
    )


def test_how_much_better_the_model_is() -> None:
    report = regression_report(ACTUAL, GUESS, IDS, "price", 5)
    better, baseline = report.baseline["better"], report.baseline
    assert better["mae"] == pytest.approx(
        1 - report.metrics["mae"] / baseline["median"]["mae"]
    )
    assert better["rmse"] == pytest.approx(
        1 - report.metrics["rmse"] / baseline["mean"]["rmse"]
    )
    assert baseline["p_value"] < 0.01
    useless = regression_report(ACTUAL, RANDOM.permutation(ACTUAL), IDS, "price", 5)
    assert useless.baseline["p_value"] > 0.9 and useless.baseline["better"]["mae"] < 0


def test_intervals_contain_the_value_and_narrow_with_more_samples() -> None:
    report = regression_report(ACTUAL, GUESS, IDS, "price", 5)
    interval = report.sections["interval"]
    for name in ("mae", "r2"):
        low, high = interval[name]["low"], interval[name]["high"]
        assert low < report.metrics[name] < high
    few = regression_report(ACTUAL[:40], GUESS[:40], IDS, "price", 5).sections[
        "interval"
    ]
    widths = [each["mae"]["high"] - each["mae"]["low"] for each in (interval, few)]
    assert widths[0] < widths[1]


def test_points_are_drawn_alike_each_time_and_all_samples_are_counted() -> None:
    actual = RANDOM.normal(size=5000)
    guess = actual + 0.1
    guess[[7, 4000]] += 9
    found = residuals(actual, guess, IDS, "price")
    assert found == residuals(actual, guess, IDS, "price")
    points = Residuals.from_json(found)
    assert (points.target, found["count"], len(points.ids)) == ("price", 5000, POINTS)
    for id, one, other in zip(points.ids, points.actual, points.predicted, strict=True):
        assert (one, other) == (actual[int(id)], guess[int(id)])
    assert {"7", "4000"} <= set(points.ids)
    bars = found["histogram"]
    assert sum(bars["counts"]) + bars["below"] + bars["above"] == 5000


def test_the_most_important_metrics_stand_beside_their_baseline() -> None:
    report = regression_report(ACTUAL, GUESS, IDS, "price", 5)
    found = MetricsOfReport.from_json(report.sections["metrics"]).metrics
    names = [each.name for each in found]
    assert names == ["mae", "r2", "within_10_percent", "largest_error"]
    assert all(each.value == report.metrics[each.name] for each in found)
    assert found[0].baseline == report.baseline["median"]["mae"]
    assert found[3].row == str(np.abs(GUESS - ACTUAL).argmax())
    worst = WorstRows.from_json(report.sections["worst"])
    assert (worst.target, worst.rows[0].id) == ("price", found[3].row)


def test_far_residuals_do_not_stretch_the_histogram() -> None:
    found = histogram(np.array([*RANDOM.normal(size=999), 1e9]))
    assert found["edges"][-1] < 10 and found["above"] >= 1
    assert len(found["counts"]) == len(found["edges"]) - 1


@pytest.mark.parametrize("values", [[2.0], [2.0] * 7, [0.0, 1.0]])
def test_few_or_equal_residuals_are_all_counted(values: list[float]) -> None:
    found = histogram(np.array(values))
    assert sum(found["counts"]) + found["below"] + found["above"] == len(values)


def test_the_worst_error_comes_first() -> None:
    found = worst_rows(np.array([1.0, 2, 3]), np.array([1.5, -2, 3]), "abc", 2)
    assert found == (WorstRow("b", 2.0, -2.0, -4.0), WorstRow("a", 1.0, 1.5, 0.5))


def test_equal_numbers_have_no_r2_to_lose() -> None:
    report = regression_report([3.0, 3.0], [3.0, 3.0], IDS, "price", 5)
    assert report.metrics["r2"] == 1 and report.metrics["mae"] == 0
    assert report.baseline["better"] == {"mae": None, "rmse": None}
    assert report.sections["interval"]["r2"] is None
    assert regression_report([3.0], [4.0], IDS, "price", 5).metrics["r2"] is None


def test_actual_zeros_are_near_only_if_they_are_predicted() -> None:
    report = regression_report([0.0, 0.0, 10.0], [0.0, 0.1, 11.0], IDS, "price", 5)
    assert report.metrics["within_10_percent"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("expected", "given", "deviation", "same"),
    [
        (250_000.0, 250_001.0, 90_000.0, True),
        (250_000.0, 250_100.0, 90_000.0, False),
        # float32 has no more digits here.
        (1_700_000_000.0, 1_700_000_128.0, 1.0, True),
        (1e-5, 1.1e-5, 1e-6, False),
        (1e-5, 1.00001e-5, 1e-6, True),
    ],
)
def test_what_rounding_explains_depends_on_the_spread(
    expected: float, given: float, deviation: float, same: bool
) -> None:
    rows = (np.array([[each]], np.float32) for each in (expected, given))
    found = REGRESSION.compare(*rows, {"deviation": deviation}, 1e-4)
    assert found.same.tolist() == [same]
