"""Formatting shares as percentages, in the same style everywhere."""

from __future__ import annotations

import math


def percent(share: float | None, digits: int = 1) -> str:
    """Format a share between 0 and 1: "97.2 %".

    Args:
        share: None and NaN (unknown) become a dash.
        digits: Number of digits after the decimal point.
    """
    if share is None or math.isnan(share):
        return "–"
    return f"{100 * share:.{digits}f} %"
