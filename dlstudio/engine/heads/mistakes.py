"""The worst mistakes of a classifier, for reports: plain JSON data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlstudio.engine.heads.classification_metrics import Floats, Labels
from dlstudio.engine.heads.decisions import THRESHOLD, predicted_classes
from dlstudio.json_values import JsonObject


def wrong_classes(
    classes: Sequence[str],
    truth: Labels,
    scores: Floats,
    names: Sequence[str],
    most: int,
    threshold: float = THRESHOLD,
) -> list[JsonObject]:
    """Misclassified samples, the lowest probability of the true class first.

    Args:
        classes: Their names.
        truth: Class numbers, (n,).
        scores: Probabilities, float32 (n, classes).
        names: Name of each sample, (n,).
        most: Maximum number returned.
        threshold: See `predicted_classes`.

    Returns:
        A dictionary for each: "input", "truth", "label", "score" and "truth_score".
    """
    rows = np.arange(len(truth))
    guess = predicted_classes(scores, threshold)
    own = scores[rows, truth]
    wrong = rows[guess != truth]
    order = wrong[np.argsort(own[wrong], kind="stable")][:most]
    return [
        {
            "input": names[row],
            "truth": classes[truth[row]],
            "label": classes[guess[row]],
            "score": float(scores[row, guess[row]]),
            "truth_score": float(own[row]),
        }
        for row in order
    ]


def wrong_labels(
    classes: Sequence[str],
    truth: Labels,
    scores: Floats,
    names: Sequence[str],
    most: int,
    threshold: float = THRESHOLD,
) -> list[JsonObject]:
    """Samples with a wrong label, the largest summed cross-entropy first.

    Args:
        classes: Names of the labels.
        truth: 0 or 1 for each label, (n, labels).
        scores: Probabilities, float32 (n, labels).
        names: Name of each sample, (n,).
        most: Maximum number returned.
        threshold: Lowest probability of a predicted label.

    Returns:
        A dictionary for each: "input", "truth", "label", "score" (the lowest
        probability of a correct label) and "loss" (summed cross-entropy, in nats).
    """
    right = np.where(truth == 1, scores, 1 - scores).astype(np.float64)
    given = scores >= threshold
    loss = -np.log(np.maximum(right, np.finfo(np.float64).tiny)).sum(axis=1)
    wrong = np.flatnonzero((given != (truth == 1)).any(axis=1))
    order = wrong[np.argsort(-loss[wrong], kind="stable")][:most]
    return [
        {
            "input": names[row],
            "truth": [classes[i] for i in np.flatnonzero(truth[row]).tolist()],
            "label": [classes[i] for i in np.flatnonzero(given[row]).tolist()],
            "score": float(right[row].min()),
            "loss": float(loss[row]),
        }
        for row in order
    ]
