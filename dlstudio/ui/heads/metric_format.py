"""Names and values of metrics in reports. No Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping

from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.run_text import metric_name

TITLES: Mapping[str, str] = {
    "mae": marked("Mean absolute error"),
    "rmse": marked("Root mean squared error"),
    "mse": marked("Mean squared error"),
    "r2": marked("R²"),
    "median_absolute_error": marked("Median absolute error"),
    "within_10_percent": marked("Within 10 %"),
    "largest_error": marked("Largest error"),
    "accuracy": marked("Accuracy"),
    "f1": marked("Macro F1"),
}
SHARES = frozenset({"accuracy", "f1", "within_10_percent", "precision", "recall"})
"""Metrics that are shares, and shown as percentages."""
PLAIN = frozenset({"r2", "roc_auc"})
"""Metrics from 0 to 1 that are not shares, and shown with two decimals."""


def metric_title(name: str) -> str:
    """The displayed name of a metric, as a title."""
    known = TITLES.get(name)
    if known:
        return _(known)
    readable = metric_name(name)
    return readable[:1].upper() + readable[1:]


def metric_value(name: str, value: float | None) -> str:
    """The displayed value of a metric; a dash where it is not defined."""
    if value is None or math.isnan(value):
        return "–"
    if name in SHARES:
        return percent(value)
    if name in PLAIN:
        return f"{round(value, 2) + 0.0:.2f}"  # never "-0.00"
    return short_value(value)


def signed_value(name: str, value: float) -> str:
    """A difference of two values, with its sign."""
    text = metric_value(name, abs(value))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text
