"""Which classes are predicted for scores: the likeliest, or those above a threshold.

A threshold that was chosen for a trained model is part of what its output knows, under
the name `DECISION`, so that whatever predicts, evaluates or exports decides the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

THRESHOLD = 0.5
"""Lowest probability at which one of several labels is predicted, by default."""
DECISION = "threshold"
Floats = npt.NDArray[np.floating[Any]]
Known = Mapping[str, Any]
"""What a target has learned, and perhaps a threshold; see `Fitted`."""


def decision_threshold(fitted: Known) -> float:
    """The lowest probability at which a label is predicted.

    Args:
        fitted: What the target has learned.
    """
    return float(fitted.get(DECISION, THRESHOLD))


def with_decision(fitted: Known, threshold: float | None) -> Known:
    """The same with a threshold; None for the default one.

    Args:
        fitted: What the target has learned.
        threshold: From 0 to 1.
    """
    return fitted if threshold is None else {**fitted, DECISION: threshold}


def takes_threshold(classes: int, several: bool) -> bool:
    """Whether a threshold decides, and not which class is the likeliest of many.

    Args:
        classes: How many there are.
        several: Whether a sample may have any number of them.
    """
    return several or classes == 2


def predicted_classes(
    scores: Floats, threshold: float = THRESHOLD
) -> npt.NDArray[np.int64]:
    """The number of the predicted class of each sample, (n,).

    Args:
        scores: Probabilities (n, classes) of which exactly one applies.
        threshold: Of two classes, the lowest probability at which the second one is
            predicted; by default the likelier one is.
    """
    if scores.shape[1] == 2 and threshold != THRESHOLD:
        return (scores[:, 1] >= threshold).astype(np.int64)
    return np.asarray(scores.argmax(axis=1), np.int64)


def label_tensor(
    scores: Tensor, names: Sequence[str], threshold: float, *, several: bool
) -> Tensor:
    """The predicted labels as graph operations.

    Args:
        scores: Probabilities (n, classes).
        names: Of the classes.
        threshold: See `decision_threshold`.
        several: Whether a sample may have any number of labels.

    Returns:
        Strings (n,), or (n, classes) of several labels with "" where one is not
        predicted.
    """
    import tensorflow as tf

    known = tf.constant(names)
    labels: Tensor
    if several:
        labels = tf.where(scores >= threshold, known[None, :], "")
    elif len(names) == 2 and threshold != THRESHOLD:
        labels = tf.where(scores[:, 1] >= threshold, known[1], known[0])
    else:
        labels = tf.gather(known, tf.argmax(scores, axis=1))
    return labels
