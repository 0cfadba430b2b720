"""The bootstrap of predicted numbers: how much chance is in their metrics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.json_values import JsonObject

Numbers = npt.NDArray[np.float64]

CONFIDENCE, RESAMPLES = 0.95, 1000
BLOCKS = 4000
"""More samples are summed up in so many blocks at random, and the blocks resampled: the
spread of a mean is the same, and a million samples take a second instead of a minute.
"""


class Resamples:
    """Sums over bootstrap resamples of the samples; the same each time.

    Args:
        actual: Actual numbers (n,).
        guess: Predicted numbers (n,).
        constant: What a trivial model always predicts.
    """

    def __init__(self, actual: Numbers, guess: Numbers, constant: float) -> None:
        # Squares of large numbers would lose what differs between them.
        centered = actual - actual.mean()
        columns = (
            np.ones(len(actual)),
            np.abs(guess - actual),
            np.square(guess - actual),
            centered,
            np.square(centered),
            np.abs(actual - constant),
        )
        self._few = len(actual) < 2
        table = _summed_up(np.stack(columns, 1))
        count = len(table)
        random = np.random.default_rng(0)
        weights = random.multinomial(count, np.full(count, 1 / count), RESAMPLES)
        sums = weights @ table
        self._count, self._far, self._squares, *rest = sums.T
        self._centered, self._spread, self._others = rest

    def interval(self) -> JsonObject:
        """95 % interval of mae, rmse and r2: "low" and "high" each.

        None of a single sample, and of r2 where all numbers are equal.
        """
        if self._few:
            return {"confidence": CONFIDENCE, "mae": None, "rmse": None, "r2": None}
        spread = self._spread - np.square(self._centered) / self._count
        known = spread > 0
        explained = 1 - self._squares[known] / spread[known]
        return {
            "confidence": CONFIDENCE,
            "mae": _bounds(self._far / self._count),
            "rmse": _bounds(np.sqrt(self._squares / self._count)),
            "r2": _bounds(explained) if known.any() else None,
        }

    def error_interval(self) -> tuple[float, float] | None:
        """95 % interval of the mean absolute error; None of one sample."""
        if self._few:
            return None
        bounds = _bounds(self._far / self._count)
        return bounds["low"], bounds["high"]

    def p_value(self) -> float:
        """Share of resamples in which the errors are not below the trivial model's."""
        return (1 + int((self._far >= self._others).sum())) / (1 + RESAMPLES)


def _summed_up(table: Numbers) -> Numbers:
    """Rows (n, columns), or sums of them in `BLOCKS` blocks at random."""
    if len(table) <= BLOCKS:
        return table
    order = np.random.default_rng(0).permutation(len(table))
    starts = np.linspace(0, len(table), BLOCKS, endpoint=False).astype(np.int64)
    return np.asarray(np.add.reduceat(table[order], starts, axis=0))


def _bounds(values: Numbers) -> dict[str, float]:
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return {"low": float(low), "high": float(high)}
