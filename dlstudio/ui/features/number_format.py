"""How numbers of the data are shown: 288,800 · 76.0 · 0.0123."""

from __future__ import annotations

import math
import re

GROUPED_FROM = 10_000
"""From here on digits are grouped: years and house numbers are not."""
MAX_DECIMALS = 4
_PLAIN = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?", re.ASCII)


def cell_number(text: str) -> str:
    """A number of a cell: grouped if it is long, with few decimals; else as it is."""
    found = _PLAIN.fullmatch(text)
    if found is None or text.lstrip("-").startswith("00"):
        return text
    decimals = len(found["decimals"] or "")
    value = float(text)
    if decimals > MAX_DECIMALS:
        small = value != 0 and abs(value) < 1
        return f"{value:.4g}" if small else f"{_grouped(value, 2)}"
    return _grouped(value, decimals) if abs(value) >= GROUPED_FROM else text


def short_value(value: float) -> str:
    """A number of a statistic or a prediction: about five digits of it."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if value and not 1e-4 <= size < 1e12:
        return f"{value:.4g}"
    if size >= 1000:
        return _grouped(value, 0)
    text = f"{value:.{2 if size >= 100 else 3 if size >= 10 else 4}f}"
    return text.rstrip("0").rstrip(".")


def _grouped(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text if abs(value) >= GROUPED_FROM else text.replace(",", "")
