"""A model against a trivial one on the same samples, by a bootstrap of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.document.verdict import BaselineComparison

Numbers = npt.NDArray[np.float64]
Score = Callable[[Numbers], Numbers]
"""The metric (...,) of sums (..., columns)."""

CONFIDENCE, RESAMPLES = 0.95, 1000
BLOCKS = 2000
"""More samples are summed up in so many neighbors: they resemble each other."""
FEWEST = 10
"""With fewer samples, resampling is meaningless."""


@dataclass(frozen=True, eq=False, slots=True)
class PairedSums:
    """What adds up to a metric, for each sample of two models.

    Attributes:
        model: Of the model, (n, columns), at least one sample.
        trivial: Of the trivial model, likewise.
        score: The metric of sums of them.
    """

    model: Numbers
    trivial: Numbers
    score: Score


def compare_sums(
    metric: str, sums: PairedSums, split: str, answer: tuple[str, ...] = ()
) -> BaselineComparison:
    """The metric of both models, and how likely chance alone makes the better one.

    Args:
        metric: Its name; see `dlstudio.document.verdict` for those of which less is
            better.
        sums: Of the samples.
        split: Split that the samples belong to.
        answer: What the trivial model always predicts.
    """
    count = len(sums.model)
    starts = np.linspace(0, count, min(count, BLOCKS), endpoint=False).astype(np.int64)
    blocks = [
        np.add.reduceat(np.asarray(each, np.float64), starts, axis=0)
        for each in (sums.model, sums.trivial)
    ]
    drawn = np.random.default_rng(0).multinomial(
        len(starts), np.full(len(starts), 1 / len(starts)), RESAMPLES
    )
    values, others = (sums.score(drawn.astype(np.float64) @ each) for each in blocks)
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    whole, trivial = (float(sums.score(each.sum(axis=0))) for each in blocks)
    found = BaselineComparison(
        metric=metric,
        value=whole,
        baseline=trivial,
        answer=answer,
        low=float(low),
        high=float(high),
        p_value=1.0,
        samples=count,
        split=split,
    )
    if count < FEWEST:
        return found
    worse = values >= others if found.less_is_better else values <= others
    return found.with_p_value((1 + int(worse.sum())) / (1 + RESAMPLES))
