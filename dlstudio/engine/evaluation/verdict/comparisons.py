"""The fields of a report for the verdict: a summary of the training split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dlstudio.engine.heads.decisions import THRESHOLD, predicted_classes
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.heads.classification_metrics import Floats, Labels


SAMPLE_LIMIT = 500
"""Maximum number of training samples to evaluate: enough to know their accuracy within
5 points.
"""


def training_summary(
    known: Labels,
    evaluated: Labels,
    scores: Floats,
    classes: Sequence[str],
    threshold: float = THRESHOLD,
) -> JsonObject:
    """The report's summary of the training split.

    Args:
        known: Labels of all its samples: class numbers (n,), or 0 and 1 (n, classes).
        evaluated: Labels of the evaluated samples; `scores` are theirs.
        classes: Names of the classes.
        threshold: See `decision_threshold`.
    """
    facts: dict[str, Any] = {}
    if len(known):
        facts["classes"] = class_counts(known, classes)
    if len(evaluated):
        value = _value(evaluated, scores, threshold)
        facts |= {"samples": len(evaluated), "value": value}
    return facts


def _value(truth: Labels, scores: Floats, threshold: float) -> float:
    """The compared metric alone: accuracy, or micro F1."""
    if np.ndim(truth) == 1:
        return float((predicted_classes(scores, threshold) == truth).mean())
    guess = (scores >= threshold).astype(np.int64)
    sizes = int(truth.sum() + guess.sum())
    return 2 * int((truth * guess).sum()) / sizes if sizes else 0.0


def class_counts(truth: Labels, classes: Sequence[str]) -> dict[str, int]:
    """How many samples have each class, by its name."""
    if np.ndim(truth) == 2:
        counts = np.asarray(truth).sum(axis=0)
    else:
        counts = np.bincount(np.asarray(truth, np.int64), minlength=len(classes))
    return dict(zip(classes, counts.tolist(), strict=True))
