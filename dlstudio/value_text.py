"""How values of a quantity are shown, such as predictions: 288,800 · 76.0 · 0.0123."""

from __future__ import annotations

import math

GROUPED_FROM = 10_000
"""From here on digits are grouped: years and house numbers are not."""


def value_text(value: float) -> str:
    """A number of a statistic or a prediction: about five digits of it."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if value and not 1e-4 <= size < 1e12:
        return f"{value:.4g}"
    if size >= 1000:
        return grouped(value, 0)
    text = f"{value:.{2 if size >= 100 else 3 if size >= 10 else 4}f}"
    return text.rstrip("0").rstrip(".")


def grouped(value: float, decimals: int) -> str:
    """A number with its digits in groups, if it is long.

    Args:
        value: Finite.
        decimals: How many are shown.
    """
    text = f"{value:,.{decimals}f}"
    return text if abs(value) >= GROUPED_FROM else text.replace(",", "")
