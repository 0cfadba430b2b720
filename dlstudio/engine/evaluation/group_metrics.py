"""Metrics by group, side by side: whether a model serves all groups alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.document.feature_sections import GroupMetric, GroupMetrics
from dlstudio.document.metric_text import comparable, direction_of

Indices = npt.NDArray[np.int64]
Metrics = Callable[[Indices], Mapping[str, float | None]]


def group_metrics(
    groups: Sequence[str | None], metrics: Metrics, feature: str
) -> dict[str, GroupMetrics]:
    """Compute metrics for each group of samples; `largest_gap` compares them.

    Args:
        groups: The group of each sample, (n,): a column of categories, which need not
            be an input of the model; None or "" where it has no value.
        metrics: Metrics by name of some samples by their indices, at least one; None
            where one is not defined.
        feature: Name of the column.

    Returns:
        By metric the groups, the largest first; no metric that is not even defined on
        all samples at the same time, or of whose values neither is better.
    """
    names = np.array([name or "" for name in groups], dtype=object)
    different, counts = np.unique(names, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    overall = metrics(np.arange(len(names)))
    found = [
        (
            str(different[place]),
            int(counts[place]),
            metrics(_rows(names, different[place])),
        )
        for place in order.tolist()
    ]
    return {
        metric: GroupMetrics(
            feature,
            metric,
            value,
            direction_of(metric),
            tuple(GroupMetric(name, n, own.get(metric)) for name, n, own in found),
        )
        for metric in comparable(overall)
        if (value := overall[metric]) is not None
    }


def _rows(names: npt.NDArray[np.object_], name: object) -> Indices:
    return np.flatnonzero(names == name)
