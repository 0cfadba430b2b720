"""Metrics of predicted numbers, against trivial baselines, as plain JSON data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn import metrics as sk

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    Residuals,
    WorstRow,
    WorstRows,
)
from dlstudio.engine.heads.base import WORST
from dlstudio.engine.heads.number_comparison import compare_numbers
from dlstudio.engine.heads.resamples import Resamples
from dlstudio.json_values import JsonObject

Numbers = npt.NDArray[np.float64]

POINTS = 2000
"""Points of the diagram of predicted against actual numbers; more would hide others."""
BINS = 30
TAILS = 0.005
"""Share of the residuals at each end that the bins of the histogram do not span."""
NEAR = 0.1


def regression_report(
    truth: npt.ArrayLike,
    predicted: npt.ArrayLike,
    ids: Sequence[str],
    target: str,
    worst: int,
    split: str = "",
) -> HeadReport:
    """Evaluate predicted numbers.

    Args:
        truth: Actual numbers (n,), at least one.
        predicted: Predicted numbers (n,), finite.
        ids: Name of each sample.
        target: Name of the feature that is predicted.
        worst: Maximum number of rows of "worst".
        split: Split that the samples belong to.

    Returns:
        metrics: mae, rmse, r2 (None of a single sample), median_absolute_error, bias
            (mean of predicted less actual), largest_error, within_10_percent (share of
            samples whose error is at most a tenth of the actual number).
        baseline: "mean" and "median", each with the value that is always predicted, and
            its mae and rmse; "better", the share by which the model's mae is lower than
            that of the median and its rmse lower than that of the mean; "p_value", the
            share of resamples in which its mae is not lower than that of the median;
            "comparison" with the median, a `BaselineComparison`, or None.
        sections: "metrics", "residuals" and "worst", see
            `dlstudio.document.report_sections`, and "interval".
    """
    actual = np.asarray(truth, np.float64).reshape(-1)
    guess = np.asarray(predicted, np.float64).reshape(-1)
    drawn = Resamples(actual, guess, float(np.median(actual)))
    metrics, baseline = number_metrics(actual, guess), _baseline(actual, guess, drawn)
    compared = compare_numbers(actual, guess, drawn, split)
    baseline["comparison"] = compared.to_json() if compared is not None else None
    rows = worst_rows(actual, guess, ids, worst)
    interval = drawn.interval()
    return HeadReport(
        metrics=metrics,
        baseline=baseline,
        sections={
            "metrics": _cards(metrics, actual, baseline, rows, interval).to_json(),
            "residuals": residuals(actual, guess, ids, target),
            "worst": WorstRows(target, rows).to_json(),
            "interval": interval,
        },
    )


def _cards(
    metrics: dict[str, float | None],
    actual: Numbers,
    baseline: dict[str, Any],
    rows: tuple[WorstRow, ...],
    interval: Mapping[str, Any],
) -> MetricsOfReport:
    """The most important metrics, beside what the median reaches.

    Args:
        metrics: Of the report.
        actual: Actual numbers (n,).
        baseline: What trivial models reach.
        rows: The worst predictions.
        interval: The confidence interval of some metrics.
    """
    median = baseline["median"]
    always = np.full(len(actual), median["value"])
    largest = rows[0].id if rows else ""
    return MetricsOfReport(
        (
            MetricValue(
                "mae", metrics["mae"], "down", median["mae"], **interval["mae"] or {}
            ),
            MetricValue("r2", metrics["r2"], "up", 0.0, **interval["r2"] or {}),
            MetricValue(
                "within_10_percent",
                metrics["within_10_percent"],
                "up",
                _within(actual, always),
                samples=len(actual),
            ),
            MetricValue("largest_error", metrics["largest_error"], row=largest),
        )
    )


def number_metrics(
    truth: npt.ArrayLike, predicted: npt.ArrayLike
) -> dict[str, float | None]:
    """The metrics of `regression_report` alone.

    Args:
        truth: Actual numbers (n,), at least one.
        predicted: Predicted numbers (n,), finite.
    """
    actual = np.asarray(truth, np.float64).reshape(-1)
    guess = np.asarray(predicted, np.float64).reshape(-1)
    errors = guess - actual
    far = np.abs(errors)
    return {
        "mae": float(far.mean()),
        "rmse": _root(errors),
        "r2": float(sk.r2_score(actual, guess)) if len(actual) > 1 else None,
        "median_absolute_error": float(np.median(far)),
        "bias": float(errors.mean()),
        "largest_error": float(far.max()),
        "within_10_percent": _within(actual, guess),
    }


def _within(actual: Numbers, guess: Numbers) -> float:
    """Share of the samples whose error is at most a tenth of the actual number."""
    return float((np.abs(guess - actual) <= NEAR * np.abs(actual)).mean())


def _root(errors: Numbers) -> float:
    return float(np.sqrt(np.square(errors).mean()))


def _baseline(actual: Numbers, guess: Numbers, drawn: Resamples) -> dict[str, Any]:
    """The mean and the median of these very samples: the best of all constants."""
    mean, median = (_constant(actual, float(f(actual))) for f in (np.mean, np.median))
    errors = guess - actual
    better = {
        "mae": _less(float(np.abs(errors).mean()), median["mae"]),
        "rmse": _less(_root(errors), mean["rmse"]),
    }
    by_chance = drawn.p_value()
    return {"mean": mean, "median": median, "better": better, "p_value": by_chance}


def _constant(actual: Numbers, value: float) -> dict[str, float]:
    """A model that always predicts the same number."""
    errors = actual - value
    mae = float(np.abs(errors).mean())
    return {"value": float(value), "mae": mae, "rmse": _root(errors)}


def _less(error: float, other: float) -> float | None:
    """By which share an error is lower; None of no error."""
    return 1 - error / other if other else None


def residuals(
    actual: Numbers,
    guess: Numbers,
    ids: Sequence[str],
    target: str,
    most: int = POINTS,
) -> JsonObject:
    """Points of predicted against actual numbers, and a histogram of the residuals.

    Args:
        actual: Actual numbers (n,).
        guess: Predicted numbers (n,).
        ids: Name of each sample.
        target: Name of the feature that is predicted.
        most: Number of points at most; the same samples are drawn each time, and those
            with the largest errors are among them.

    Returns:
        `Residuals` of the points; besides "count" of all samples, and "histogram" of
        predicted less actual of all samples, with edges, counts, and how many are below
        the first and above the last edge.
    """
    rows = _drawn(np.abs(guess - actual), most)
    points = Residuals(
        target,
        tuple(ids[row] for row in rows.tolist()),
        tuple(actual[rows].tolist()),
        tuple(guess[rows].tolist()),
    )
    return {
        **points.to_json(),
        "count": len(actual),
        "histogram": histogram(guess - actual),
    }


def _drawn(far: Numbers, most: int) -> npt.NDArray[np.int64]:
    """At most so many samples in order, those with the largest errors among them."""
    if len(far) <= most:
        return np.arange(len(far))
    order = np.argsort(-far, kind="stable")
    worst, others = order[: min(WORST, most)], order[min(WORST, most) :]
    random = np.random.default_rng(0)
    chosen = random.choice(others, most - len(worst), replace=False)
    return np.sort(np.concatenate([worst, chosen]))


def histogram(values: Numbers, bins: int = BINS) -> JsonObject:
    """Counts in equally wide bins; a few far values do not stretch them.

    Args:
        values: At least one, (n,).
        bins: Number of bins; one where all values are the same.
    """
    low, high = np.quantile(values, [TAILS, 1 - TAILS], method="nearest")
    if not high > low:
        low, high = values.min(), values.max()
    if not high > low:
        return _bins(np.array([low, high]), np.array([len(values)]), 0, 0)
    edges = np.linspace(low, high, bins + 1)
    counts = np.histogram(values, edges)[0]
    return _bins(edges, counts, int((values < low).sum()), int((values > high).sum()))


def _bins(
    edges: Numbers, counts: npt.NDArray[Any], below: int, above: int
) -> JsonObject:
    return {
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "below": below,
        "above": above,
    }


def worst_rows(
    actual: Numbers, guess: Numbers, ids: Sequence[str], most: int
) -> tuple[WorstRow, ...]:
    """The samples with the largest errors; an error is predicted less actual.

    Args:
        actual: Actual numbers (n,).
        guess: Predicted numbers (n,).
        ids: Name of each sample.
        most: Maximum number returned.
    """
    errors = guess - actual
    order = np.argsort(-np.abs(errors), kind="stable")[:most]
    return tuple(
        WorstRow(ids[row], float(actual[row]), float(guess[row]), float(errors[row]))
        for row in order.tolist()
    )
