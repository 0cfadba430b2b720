"""Counts what a classifier would predict with each decision threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.threshold_section import DecisionThreshold
from dlstudio.engine.heads.decisions import Floats

STEPS = 100
Labels = npt.NDArray[np.integer[Any]]


def threshold_curve(
    truth: Labels, scores: Floats, classes: Sequence[str], value: float
) -> DecisionThreshold:
    """What thresholds from 0.01 to 0.99 predict.

    Args:
        truth: Class numbers (n,) of two classes, or 0 and 1 (n, labels).
        scores: Probabilities (n, classes).
        classes: Their names.
        value: The threshold in effect.
    """
    single = np.ndim(truth) == 1
    actual = np.asarray(truth == 1).ravel()
    given = (scores[:, 1] if single else scores.ravel()).astype(np.float32)
    thresholds = [round(step / STEPS, 2) for step in range(1, STEPS)]
    steps = np.array(thresholds, np.float32)
    positive, negative = (np.sort(given[each]) for each in (actual, ~actual))
    missed, right = (np.searchsorted(e, steps, "left") for e in (positive, negative))
    counts = zip(
        right.tolist(),
        (len(negative) - right).tolist(),
        missed.tolist(),
        (len(positive) - missed).tolist(),
        strict=True,
    )
    name = classes[1] if single else ""
    return DecisionThreshold(value, name, tuple(thresholds), tuple(counts))
