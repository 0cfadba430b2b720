"""Axes: logarithmic tick labels that do not overlap, and whole epochs."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg

LINE = 22
"""Pixels per tick label, including spacing."""
WITHIN = (1, 2, 5)


class RoomyAxis(pg.AxisItem):  # type: ignore[misc]
    """Like pyqtgraph's axis, but limits logarithmic ticks to the available space."""

    def logTickValues(
        self, low: float, high: float, size: float, _ticks: Any
    ) -> list[tuple[Any, list[float]]]:
        """Powers of ten, with 2 and 5 in between where they fit; or fewer."""
        return [(None, log_ticks(low, high, max(int(size / LINE), 2)))]

    def logTickStrings(
        self, values: list[float], scale: float, spacing: Any
    ) -> list[str]:
        return [f"{10**value:.3g}" for value in values]


class EpochAxis(pg.AxisItem):  # type: ignore[misc]
    """Like pyqtgraph's axis, but has no ticks between epochs."""

    def tickSpacing(
        self, low: float, high: float, size: float
    ) -> list[tuple[float, float]]:
        """Levels of ticks as pairs of distance and offset, at least an epoch apart."""
        levels = super().tickSpacing(low, high, size)
        return [each for each in levels if each[0] >= 1] or [(1.0, 0.0)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` ticks between two powers of ten, given as exponents.

    Args:
        low: Exponent of the lower end.
        high: Exponent of the upper end.
        most: Maximum number of ticks.

    Returns:
        Exponents of ten in ascending order.
    """
    exponents = range(math.floor(low), math.ceil(high) + 1)
    fine = [e + math.log10(m) for e in exponents for m in WITHIN]
    found = [each for each in fine if low <= each <= high]
    if len(found) <= most:
        return found
    whole = [float(e) for e in exponents if low <= e <= high]
    kept = whole if len(whole) > 1 else found
    return kept[:: -(-len(kept) // most)]
