"""A classifier against the trivial baseline, on the same samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlstudio.document.verdict import BaselineComparison
from dlstudio.engine.heads.class_baselines import (
    association,
    compare_classes,
    compare_labels,
)
from dlstudio.engine.heads.classification_metrics import (
    Classification,
    Floats,
    Labels,
)
from dlstudio.engine.heads.decisions import THRESHOLD
from dlstudio.engine.heads.evenly_spread import some_of

FEWEST, PERMUTED = 200, 200_000
"""Samples, and scores, for which the association is computed."""


def compare(
    truth: Labels,
    scores: Floats,
    classes: Sequence[str],
    split: str,
    counted: Classification,
    threshold: float = THRESHOLD,
) -> BaselineComparison | None:
    """The model against a trivial baseline on the same samples.

    Args:
        truth: Class numbers (n,), or 0 and 1 (n, classes) with several labels.
        scores: Probabilities (n, classes).
        counted: The metrics from `classification_metrics`.
        threshold: With several labels, the lowest probability of a predicted one.
    """
    more = {
        "association": _association(truth, scores),
        "roc_auc": counted["metrics"]["roc_auc"],
    }
    if np.ndim(truth) == 2:
        guess = (scores >= threshold).astype(np.int64)
        return compare_labels(truth, guess, classes, split, **more)
    return compare_classes(counted["confusion_matrix"], classes, split, **more)


def _association(truth: Labels, scores: Floats) -> float:
    """See `association`; on as many samples as take about half a second."""
    classes = scores.shape[1]
    most = max(FEWEST, PERMUTED // classes)
    rows = some_of(np.arange(len(truth)), most)
    labels = np.asarray(truth)[rows]
    single = labels.ndim == 1
    table = np.eye(classes)[labels.astype(np.int64)] if single else labels
    return association(table, scores[rows])
