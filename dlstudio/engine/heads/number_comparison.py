"""Predicted numbers against the trivial baseline, on the same samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.document.verdict import MAE, BaselineComparison
from dlstudio.engine.heads.resamples import Resamples
from dlstudio.value_text import value_text

Numbers = npt.NDArray[np.float64]
FEWEST = 10
"""With fewer samples, resampling is meaningless."""


def compare_numbers(
    actual: Numbers, guess: Numbers, drawn: Resamples, split: str
) -> BaselineComparison | None:
    """The mean absolute error against that of always predicting the median.

    The median of these very samples: no other constant has a lower error.

    Args:
        actual: Actual numbers (n,).
        guess: Predicted numbers (n,).
        drawn: Resamples of them, with the median as what a trivial model predicts.
        split: Split that the samples belong to.

    Returns:
        None if all samples have the same number.
    """
    interval = drawn.error_interval()
    if interval is None or not np.ptp(actual) > 0:
        return None
    median = float(np.median(actual))
    enough = len(actual) >= FEWEST
    return BaselineComparison(
        metric=MAE,
        value=float(np.abs(guess - actual).mean()),
        baseline=float(np.abs(actual - median).mean()),
        answer=(value_text(median),),
        low=interval[0],
        high=interval[1],
        p_value=drawn.p_value() if enough else 1.0,
        samples=len(actual),
        split=split,
        association=_association(actual, guess) if enough else None,
    )


def _association(actual: Numbers, guess: Numbers) -> float:
    """Probability that independent numbers rise together as these do, by ranks."""
    if not np.ptp(guess) > 0:
        return 1.0
    from scipy import stats

    return float(stats.spearmanr(actual, guess, alternative="greater").pvalue)
