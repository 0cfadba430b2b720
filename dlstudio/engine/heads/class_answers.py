"""What a classifier answers: pure NumPy, and the same in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.threshold_section import DecisionThreshold
from dlstudio.engine.heads.base import AnswerComparison, Floats
from dlstudio.engine.heads.decisions import (
    THRESHOLD,
    predicted_classes,
    takes_threshold,
)
from dlstudio.engine.heads.threshold_curve import threshold_curve

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.heads.classification_metrics import Labels


def one_class(
    scores: Floats, classes: Sequence[str], threshold: float = THRESHOLD
) -> list[Answer]:
    """The predicted class of each sample: "label", its "score", and "scores" of all.

    Args:
        scores: Probabilities (n, classes).
        classes: Their names.
        threshold: See `predicted_classes`.
    """
    best = predicted_classes(scores, threshold).tolist() if len(scores) else []
    return [
        {
            "label": classes[place],
            "score": float(row[place]),
            "scores": dict(zip(classes, map(float, row), strict=True)),
        }
        for row, place in zip(scores, best, strict=True)
    ]


def several_labels(
    scores: Floats, classes: Sequence[str], threshold: float
) -> list[Answer]:
    """All "labels" at or above the threshold; "label" is the most likely of them.

    Args:
        scores: Probabilities (n, labels).
        classes: Names of the labels.
        threshold: Lowest probability of a predicted label.
    """
    found = []
    for answer, row in zip(one_class(scores, classes), scores, strict=True):
        labels = [classes[place] for place in np.flatnonzero(row >= threshold).tolist()]
        label = answer["label"] if labels else ""
        found.append({**answer, "label": label, "labels": labels})
    return found


def score_tensor(
    outputs: Tensor, classes: int, *, by_unit: bool, from_logits: bool
) -> Tensor:
    """Probabilities (n, classes) as graph operations.

    Args:
        outputs: Raw outputs (n, units).
        classes: Number of classes; further units are not of any class.
        by_unit: Whether each unit is a probability of its own.
        from_logits: Whether the outputs are logits.
    """
    import tensorflow as tf

    scores: Tensor = tf.reshape(outputs, (tf.shape(outputs)[0], -1))
    shape: Any = outputs.shape
    one = not by_unit and tuple(shape)[1:] in ((), (1,))
    if from_logits:
        scores = tf.sigmoid(scores) if by_unit or one else tf.nn.softmax(scores)
    if one:
        both: Tensor = tf.concat([1.0 - scores, scores], axis=-1)
        return both
    return scores if by_unit else scores[:, :classes]


def differences(expected: Floats, given: Floats) -> npt.NDArray[np.float64]:
    """The largest difference of a score of each sample, float64 (n,)."""
    with np.errstate(invalid="ignore"):
        far = np.abs(expected.astype(np.float64) - given).max(axis=1, initial=0.0)
    return np.where(np.isfinite(far), far, np.inf)


def compare_classes_of(
    expected: Floats, given: Floats, tolerance: float, threshold: float = THRESHOLD
) -> AnswerComparison:
    """Compare probabilities; of two nearly equal ones either may be the highest.

    Args:
        expected: Probabilities (n, classes).
        given: Those of the other model.
        tolerance: Largest difference that rounding explains.
        threshold: See `predicted_classes`; probabilities near it may be on either side.
    """
    if expected.shape[1] == 2 and threshold != THRESHOLD:
        second = expected[:, 1:], given[:, 1:]
        return compare_labels_of(*second, threshold, tolerance)
    far = differences(expected, given)
    ordered = np.sort(expected, axis=1)
    single = expected.shape[1] < 2
    unsure = np.inf if single else (ordered[:, -1] - ordered[:, -2]) / 2
    same = expected.argmax(axis=1) == given.argmax(axis=1)
    same = (same | (unsure <= tolerance)) & np.isfinite(far)
    return AnswerComparison(far, np.asarray(same))


def compare_labels_of(
    expected: Floats, given: Floats, threshold: float, tolerance: float
) -> AnswerComparison:
    """Compare probabilities of labels; those near the threshold may be either.

    Args:
        expected: Probabilities (n, labels).
        given: Those of the other model.
        threshold: Lowest probability of a predicted label.
        tolerance: Largest difference that rounding explains.
    """
    far = differences(expected, given)
    unsure = np.abs(expected - threshold) <= tolerance
    same = (expected >= threshold) == (given >= threshold)
    same = (same | unsure).all(axis=1) & np.isfinite(far)
    return AnswerComparison(far, np.asarray(same))


def class_report(
    truth: Labels,
    scores: Floats,
    ids: Sequence[str],
    classes: Sequence[str],
    *,
    split: str,
    worst: int,
    threshold: float = THRESHOLD,
) -> HeadReport:
    """Metrics, the baseline of always answering the same, and the sections.

    Args:
        truth: Class numbers (n,), or 0 and 1 (n, classes) with several labels.
        scores: Probabilities (n, classes).
        ids: Name of each sample.
        classes: Names of the classes.
        split: Split that the samples belong to.
        worst: Maximum number of mistakes.
        threshold: See `decision_threshold`.
    """
    # scikit-learn is not needed for a script or a check.
    from dlstudio.engine.heads.class_comparison import compare
    from dlstudio.engine.heads.classification_metrics import multi_label, single_label
    from dlstudio.engine.heads.mistakes import wrong_classes, wrong_labels

    several = np.ndim(truth) == 2
    given = (truth, scores, classes, threshold)
    counted = (multi_label if several else single_label)(*given)
    mistakes = wrong_labels if several else wrong_classes
    comparison = compare(truth, scores, classes, split, counted, threshold)
    sections = {
        "per_class": counted["per_class"],
        "confusion_matrix": counted["confusion_matrix"],
        "calibration": counted["calibration"],
        "mistakes": mistakes(classes, truth, scores, ids, worst, threshold),
    }
    if takes_threshold(len(classes), several):
        sections[DecisionThreshold.NAME] = threshold_curve(*given).to_json()
    return HeadReport(
        metrics=counted["metrics"],
        baseline=comparison.to_json() if comparison else {},
        sections=sections,
    )
