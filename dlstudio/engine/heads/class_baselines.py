"""Trivial baselines, and whether a model beats them by more than chance.

The classification baseline always predicts the most frequent class of the evaluated
samples (the "no information rate"); the multi-label baseline always predicts the most
frequent labels. A regression baseline, which always predicts the mean, would be one
more function that returns a `BaselineComparison`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.document.verdict import ACCURACY, MICRO_F1, BaselineComparison

Counts = npt.NDArray[np.int64]

CONFIDENCE = 0.95
RESAMPLES = 1000
"""Enough for a 95% interval that is stable to within one point."""
PERMUTATIONS = 499
"""Enough to resolve a probability of 1%."""
FEWEST = 10
"""With fewer samples, resampling is meaningless."""
FEWEST_RESAMPLES, DRAWN = 200, 2 * 10**7
"""With very many samples, fewer resamples suffice: the interval is narrow anyway."""
CHUNK = 2**21
"""Maximum number of values in memory per resampling step."""


def compare_classes(
    matrix: npt.ArrayLike, classes: Sequence[str], split: str, **more: float | None
) -> BaselineComparison | None:
    """The accuracy against that of always predicting the most frequent class.

    Whether it is higher is decided by a one-sided exact binomial test against that
    class's share; the interval is Wilson's.

    Args:
        matrix: Confusion matrix (classes, classes); rows are the truth.
        more: Further fields of the comparison.

    Returns:
        None if fewer than two classes occur.
    """
    counts = np.asarray(matrix, np.int64)
    support = counts.sum(axis=1)
    total, right = int(support.sum()), int(np.trace(counts))
    if (support > 0).sum() < 2:
        return None
    commonest = int(support.argmax())
    share = float(support[commonest] / total)
    from scipy import stats  # imported here: lists of runs do not need it

    test = stats.binomtest(right, total, share, alternative="greater")
    low, high = _wilson(right, total)
    return BaselineComparison(
        metric=ACCURACY,
        value=right / total,
        baseline=share,
        answer=(classes[commonest],),
        low=low,
        high=high,
        p_value=float(test.pvalue),
        samples=total,
        split=split,
        **more,
    )


def compare_labels(
    truth: npt.ArrayLike,
    guess: npt.ArrayLike,
    classes: Sequence[str],
    split: str,
    **more: float | None,
) -> BaselineComparison | None:
    """The micro F1 against that of always predicting the most frequent labels.

    The number of predicted labels is the one with the best F1. The interval and the
    probability come from resampling the samples (the bootstrap).

    Args:
        truth, guess: 0 or 1, (n, classes).
        more: Further fields of the comparison.

    Returns:
        None if no sample has a label, or all samples have the same labels.
    """
    table, given = np.asarray(truth, np.int64), np.asarray(guess, np.int64)
    if not table.any() or (table == table[0]).all():
        return None
    named = _commonest(table)
    hits, base_hits = (table * given).sum(1), table[:, named].sum(1)
    sizes = table.sum(1)
    ours = np.stack([2 * hits, sizes + given.sum(1)], 1)
    theirs = np.stack([2 * base_hits, sizes + len(named)], 1)
    values, others = _resampled(ours, theirs)
    beaten = (1 + int((values <= others).sum())) / (1 + len(values))
    value = _ratio(ours.sum(0))
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    if low == high:  # equal samples give no estimate of the variance
        low, high = _wilson(round(value * len(table)), len(table))
    return BaselineComparison(
        metric=MICRO_F1,
        value=value,
        baseline=_ratio(theirs.sum(0)),
        answer=tuple(classes[number] for number in named),
        low=float(low),
        high=float(high),
        p_value=beaten if len(table) >= FEWEST else 1.0,
        samples=len(table),
        split=split,
        **more,
    )


def association(truth: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Probability that scores match the labels this well by chance.

    A permutation test: the scores are shuffled over the samples, counting how often
    each class's scores are as high on its own samples.

    Args:
        truth: 0 or 1, (n, classes).
        scores: (n, classes).
    """
    table = np.asarray(truth, np.float64)
    table = table - table.mean(axis=0)
    spread = np.maximum(np.sqrt((table**2).sum(axis=0)), 1e-12)
    table = table / spread
    values = np.asarray(scores, np.float64)
    values = (values - values.mean(axis=0)) / np.maximum(values.std(axis=0), 1e-9)
    random = np.random.default_rng(0)
    found = float((table * values).sum())
    # With few samples, many permutations give the same sum, rounded differently.
    enough = found - 1e-9 * max(abs(found), 1.0)
    as_good = sum(
        float((table * values[random.permutation(len(values))]).sum()) >= enough
        for _each in range(PERMUTATIONS)
    )
    return (1 + as_good) / (1 + PERMUTATIONS)


def _wilson(hits: int, total: int) -> tuple[float, float]:
    from scipy import stats

    found = stats.binomtest(hits, total).proportion_ci(CONFIDENCE, "wilson")
    return float(found.low), float(found.high)


def _commonest(table: Counts) -> list[int]:
    """The labels that, always predicted, give the best F1; most frequent first."""
    counts = table.sum(axis=0)
    order = np.argsort(-counts, kind="stable")
    hits = np.cumsum(counts[order])
    named = np.arange(1, len(order) + 1)
    scores = 2 * hits / (len(table) * named + counts.sum())
    best = int(scores.argmax()) + 1
    return [int(number) for number in order[:best]]


def _resampled(
    ours: Counts, theirs: Counts
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Ratios of both over `RESAMPLES` bootstrap resamples."""
    count = len(ours)
    random = np.random.default_rng(0)
    total = min(RESAMPLES, max(FEWEST_RESAMPLES, DRAWN // count))
    step = max(1, min(total, CHUNK // count))
    found = []
    for start in range(0, total, step):
        drawn = min(step, total - start)
        weights = random.multinomial(count, np.full(count, 1 / count), drawn)
        found.append(np.concatenate([weights @ ours, weights @ theirs], 1))
    sums = np.concatenate(found)
    lower = np.maximum(sums[:, [1, 3]], 1)
    return sums[:, 0] / lower[:, 0], sums[:, 2] / lower[:, 1]


def _ratio(pair: Counts) -> float:
    value = float(pair[0] / pair[1]) if pair[1] else 0.0
    return value if math.isfinite(value) else 0.0
