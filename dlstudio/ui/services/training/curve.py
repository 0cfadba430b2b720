"""Curves in growing NumPy buffers, with incremental smoothing. No Qt."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

INITIAL_SIZE = 64
GROWTH = 1.5
CHUNK = 256
MAX_POINTS = 4096
"""Maximum number of points of a `ThinnedCurve`."""
MAX_DRAWN_POINTS = 2000
"""Maximum number of points drawn per line: about two per pixel of a large chart."""

Floats = npt.NDArray[Any]


class Curve:
    """Points of one line; x is in epochs, so that training and validation align.

    Uses 12 bytes per point, plus up to half of that in reserve.
    """

    def __init__(self) -> None:
        self._count = 0
        self._x = np.empty(INITIAL_SIZE, np.float64)
        self._y = np.empty(INITIAL_SIZE, np.float32)

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Floats:
        """float64 (n,)."""
        return self._x[: self._count]

    @property
    def y(self) -> Floats:
        """float32 (n,); NaN marks a gap."""
        return self._y[: self._count]

    @property
    def nbytes(self) -> int:
        """Allocated memory in bytes."""
        return self._x.nbytes + self._y.nbytes

    def add(self, x: float, y: float) -> None:
        """Append a point; a non-finite value leaves a gap."""
        self.extend(np.array([x]), np.array([y]))

    def extend(self, x: Floats, y: Floats) -> None:
        """Append points, both (n,)."""
        end = self._count + len(x)
        if end > len(self._x):
            size = max(end, int(len(self._x) * GROWTH))
            self._x, self._y = (_grown(each, size) for each in (self._x, self._y))
        self._x[self._count : end] = x
        with np.errstate(over="ignore"):
            self._y[self._count : end] = y
        fresh = self._y[self._count : end]
        fresh[~np.isfinite(fresh)] = np.nan
        self._count = end

    def truncate(self, x: float) -> None:
        """Remove the points beyond `x`."""
        self._count = int(np.searchsorted(self.x, x + 1e-9, "right"))


class ThinnedCurve(Curve):
    """A curve with at most `MAX_POINTS` points, regardless of the training's length.

    When full, it drops every second point and keeps new ones at the reduced rate. Its
    last point is always the newest.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stride = 1
        self._left = 0

    def add(self, x: float, y: float) -> None:
        """Append a point; it replaces the last one unless that is kept."""
        if self._left and self._count:
            self._count -= 1
            self._left -= 1
        else:
            self._left = self._stride - 1
        super().add(x, y)
        if self._count > MAX_POINTS:
            kept = self._count // 2
            for values in (self._x, self._y):
                values[:kept] = values[1 : 2 * kept : 2].copy()
            self._count = kept
            self._stride *= 2
            self._left = self._stride - 1


class SmoothedCurve:
    """The exponential moving average of a curve, with bias correction.

    As in TensorBoard. Updates are incremental: only new points are computed.

    Args:
        curve: The curve to smooth.
        weight: Smoothing weight: 0 for none, towards 1 for more.
    """

    def __init__(self, curve: Curve, weight: float) -> None:
        self.curve = curve
        self.weight = weight
        self._average = 0.0
        self._seen = 0
        self._done = Curve()
        powers = weight ** np.arange(CHUNK + 1)
        lower = np.subtract.outer(np.arange(CHUNK), np.arange(CHUNK))
        self._kernel = np.where(lower >= 0, powers[np.maximum(lower, 0)], 0.0)
        self._kernel *= 1 - weight
        self._decay = powers[1:]

    @property
    def x(self) -> Floats:
        """float64 (n,)."""
        return self.curve.x

    @property
    def y(self) -> Floats:
        """float32 (n,), for all points of the curve."""
        if self.weight <= 0:
            return self.curve.y
        if len(self._done) > len(self.curve):  # the curve was truncated
            self._done, self._average, self._seen = Curve(), 0.0, 0
        for start in range(len(self._done), len(self.curve), CHUNK):
            self._take(self.curve.y[start : start + CHUNK].astype(np.float64))
        return self._done.y

    @property
    def nbytes(self) -> int:
        """Memory used in bytes, in addition to the curve."""
        return self._done.nbytes

    def _take(self, values: Floats) -> None:
        real = np.isfinite(values)
        smoothed = np.full(len(values), np.nan)
        kept = values[real]
        count = len(kept)
        if count:
            kernel, decay = self._kernel[:count, :count], self._decay[:count]
            averages = kernel @ kept + decay * self._average
            numbers = self._seen + 1 + np.arange(count)
            smoothed[real] = averages / (1 - self.weight**numbers)
            self._average = float(averages[-1])
            self._seen += count
        self._done.extend(np.zeros(len(values)), smoothed)


def smooth(values: list[float], weight: float) -> list[float]:
    """`SmoothedCurve` of a list."""
    curve = Curve()
    curve.extend(np.arange(len(values)), np.array(values))
    return [float(value) for value in SmoothedCurve(curve, weight).y]


def visible_points(
    x: Floats, y: Floats, low: float = -math.inf, high: float = math.inf
) -> tuple[Floats, Floats]:
    """Reduce a line with ascending x to about `MAX_DRAWN_POINTS` points for drawing.

    Of many points on the same pixel, the lowest and the highest are kept so that no
    peak is lost.

    Args:
        low, high: The visible range; one more point on each side is kept.
    """
    first = max(int(np.searchsorted(x, low)) - 1, 0)
    last = min(int(np.searchsorted(x, high, "right")) + 1, len(x))
    x, y = x[first:last], y[first:last]
    step = len(x) // (MAX_DRAWN_POINTS // 2)
    if step < 2:
        return x, y
    whole = len(x) // step * step
    table = y[:whole].reshape(-1, step)
    shown = np.empty(2 * len(table) + 1, np.float32)
    # fmin, fmax ignore NaN: gaps are not visible at this scale.
    np.fmin.reduce(table, axis=1, out=shown[0:-1:2])
    np.fmax.reduce(table, axis=1, out=shown[1:-1:2])
    shown[-1] = y[-1]
    places = np.empty(len(shown))
    places[0:-1:2] = x[:whole:step]
    places[1:-1:2] = x[step // 2 : whole : step]
    places[-1] = x[-1]
    return places, shown


def _grown(old: Floats, size: int) -> Floats:
    made = np.empty(size, old.dtype)
    made[: len(old)] = old
    return made
