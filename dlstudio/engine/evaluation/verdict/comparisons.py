"""The fields of a report for the verdict: comparison and training summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dlstudio.document.verdict import BaselineComparison
from dlstudio.engine.evaluation import classification_metrics
from dlstudio.engine.evaluation.verdict.baselines import (
    association,
    compare_classes,
    compare_labels,
)
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.evaluation.classification_metrics import (
        Classification,
        Floats,
        Labels,
    )


SAMPLE_LIMIT = 500
"""Maximum number of training samples to evaluate: enough to know their accuracy within
5 points.
"""
FEWEST, PERMUTED = 200, 200_000
"""Samples, and scores, for which the association is computed."""


def compare(
    truth: Labels,
    scores: Floats,
    classes: Sequence[str],
    split: str,
    counted: Classification,
) -> BaselineComparison | None:
    """The model against a trivial baseline on the same samples.

    Args:
        truth: Class numbers (n,), or 0 and 1 (n, classes) with several labels.
        scores: Probabilities (n, classes).
        counted: The metrics from `classification_metrics`.
    """
    more = {
        "association": _association(truth, scores),
        "roc_auc": counted["metrics"]["roc_auc"],
    }
    if np.ndim(truth) == 2:
        guess = (scores >= classification_metrics.THRESHOLD).astype(np.int64)
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


def training_summary(
    known: Labels, evaluated: Labels, scores: Floats, classes: Sequence[str]
) -> JsonObject:
    """The report's summary of the training split.

    Args:
        known: Labels of all its samples; see `compare`.
        evaluated: Labels of the evaluated samples; `scores` are theirs.
    """
    facts: dict[str, Any] = {}
    if len(known):
        facts["classes"] = _class_counts(known, classes)
    if len(evaluated):
        facts |= {"samples": len(evaluated), "value": _value(evaluated, scores)}
    return facts


def _value(truth: Labels, scores: Floats) -> float:
    """The compared metric alone: accuracy, or micro F1."""
    if np.ndim(truth) == 1:
        return float((scores.argmax(axis=1) == truth).mean())
    guess = (scores >= classification_metrics.THRESHOLD).astype(np.int64)
    sizes = int(truth.sum() + guess.sum())
    return 2 * int((truth * guess).sum()) / sizes if sizes else 0.0


def _class_counts(truth: Labels, classes: Sequence[str]) -> dict[str, int]:
    if np.ndim(truth) == 2:
        counts = np.asarray(truth).sum(axis=0)
    else:
        counts = np.bincount(np.asarray(truth, np.int64), minlength=len(classes))
    return dict(zip(classes, counts.tolist(), strict=True))


def some_of(indices: Labels, most: int = SAMPLE_LIMIT) -> Labels:
    """At most `most` of the indices, spread evenly."""
    if len(indices) <= most:
        return indices
    return indices[np.linspace(0, len(indices) - 1, most).astype(np.int64)]
