"""The worst mistakes of a model, for reports: plain JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.engine.evaluation import classification_metrics
from dlstudio.engine.prediction.trained_model import Scores, TrainedModel
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.evaluation.classification_metrics import Labels


def wrong_classes(
    trained: TrainedModel,
    truth: Labels,
    scores: Scores,
    names: Sequence[str],
    most: int,
) -> list[JsonObject]:
    """Misclassified samples, the lowest probability of the true class first.

    Args:
        trained: Has the names of the classes.
        truth: Class numbers, (n,).
        scores: Probabilities, float32 (n, classes).
        names: Name of each sample, (n,).
        most: Maximum number returned.

    Returns:
        A dictionary for each: "input", "truth", "label", "score" and "truth_score".
    """
    rows = np.arange(len(truth))
    guess = scores.argmax(axis=1)
    own = scores[rows, truth]
    wrong = rows[guess != truth]
    order = wrong[np.argsort(own[wrong], kind="stable")][:most]
    return [
        {
            "input": names[row],
            "truth": trained.classes[truth[row]],
            "label": trained.classes[guess[row]],
            "score": float(scores[row, guess[row]]),
            "truth_score": float(own[row]),
        }
        for row in order
    ]


def wrong_labels(
    trained: TrainedModel,
    truth: Labels,
    scores: Scores,
    names: Sequence[str],
    most: int,
) -> list[JsonObject]:
    """Samples with a wrong label, the largest summed cross-entropy first.

    Args:
        trained: Has the names of the labels.
        truth: 0 or 1 for each label, (n, labels).
        scores: Probabilities, float32 (n, labels).
        names: Name of each sample, (n,).
        most: Maximum number returned.

    Returns:
        A dictionary for each: "input", "truth", "label", "score" (the lowest
        probability of a correct label) and "loss" (summed cross-entropy, in nats).
    """
    right = np.where(truth == 1, scores, 1 - scores).astype(np.float64)
    loss = -np.log(np.maximum(right, np.finfo(np.float64).tiny)).sum(axis=1)
    wrong = np.flatnonzero(
        ((scores >= classification_metrics.THRESHOLD) != (truth == 1)).any(axis=1)
    )
    order = wrong[np.argsort(-loss[wrong], kind="stable")][:most]
    given = trained.labels(scores[order])
    return [
        {
            "input": names[row],
            "truth": [trained.classes[i] for i in np.flatnonzero(truth[row])],
            "label": labels,
            "score": float(right[row].min()),
            "loss": float(loss[row]),
        }
        for row, labels in zip(order, given, strict=True)
    ]
