"""A metric by group, side by side: whether a model serves all groups alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.document.report_sections import Direction, GroupMetric, GroupMetrics

Indices = npt.NDArray[np.int64]
Score = Callable[[Indices], float | None]


def group_metrics(
    groups: Sequence[str | None],
    score: Score,
    *,
    feature: str,
    metric: str,
    direction: Direction,
) -> GroupMetrics | None:
    """Compute any metric for each group of samples; `largest_gap` compares them.

    Args:
        groups: The group of each sample, (n,): a column of categories, which need not
            be an input of the model; None or "" where it has no value.
        score: The metric of some samples by their indices, at least one; None where it
            is not defined.
        feature: Name of the column.
        metric: Recorded name of the metric.
        direction: In which direction it is better.

    Returns:
        The groups, the largest first; None where the metric is not even defined on all
        samples at the same time.
    """
    overall = score(np.arange(len(groups)))
    if overall is None:
        return None
    names = np.array([name or "" for name in groups], dtype=object)
    different, counts = np.unique(names, return_counts=True)
    found = [
        GroupMetric(str(name), int(count), score(np.flatnonzero(names == name)))
        for name, count in zip(different, counts, strict=True)
    ]
    found.sort(key=lambda each: (-each.samples, each.group))
    return GroupMetrics(feature, metric, overall, direction, tuple(found))
