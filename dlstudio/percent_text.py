"""Shares as percentages: one style everywhere."""

from __future__ import annotations

import math


def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 for reading: "97.2 %".

    Args:
        share: None and NaN, which are not known, become a dash.
        digits: After the decimal point.
    """
    if share is None or math.isnan(share):
        return "–"
    return f"{100 * share:.{digits}f} %"
