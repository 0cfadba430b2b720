"""How values of a quantity are shown, such as predictions: 288,800 · 76.0 · 0.0123."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
    return f"{value:.{decimals_for(size)}f}".rstrip("0").rstrip(".")


def value_texts(values: Sequence[float]) -> list[str]:
    """Numbers of one column or range, each with as many decimals as the largest needs.

    So that one can be compared with the next: 8.584 and 14.400, not 8.5837 and 14.4.
    """
    texts = [value_text(each) for each in values]
    sizes = [abs(each) for each in values if math.isfinite(each)]
    most = max(sizes, default=0.0)
    if not 1 <= most < 1000 or all("." not in each for each in texts):
        return texts
    shown = min(decimals_for(most), max(map(_shown_decimals, texts)))
    return [
        f"{each:.{shown}f}" if math.isfinite(each) else text
        for each, text in zip(values, texts, strict=True)
    ]


def metric_number(value: float) -> str:
    """A loss or metric: four decimals, but five digits of one that is large or tiny.

    0.9851 · 0.00042 · 128,402; a dash where it is not finite.
    """
    small = value != 0 and abs(value) < 1e-3
    return f"{value:.4f}" if abs(value) < 10 and not small else value_text(value)


def decimals_for(size: float) -> int:
    """How many decimals give a number of this size about five digits."""
    if size >= 1000:
        return 0
    return 2 if size >= 100 else 3 if size >= 10 else 4


def _shown_decimals(text: str) -> int:
    return len(text.partition(".")[2]) if "e" not in text else 0


def grouped(value: float, decimals: int) -> str:
    """A number with its digits in groups, if it is long.

    Args:
        value: Finite.
        decimals: How many are shown.
    """
    text = f"{value:,.{decimals}f}"
    return text if abs(value) >= GROUPED_FROM else text.replace(",", "")
