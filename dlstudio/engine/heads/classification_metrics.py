"""Metrics of a classifier, computed by scikit-learn, as plain JSON data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
from sklearn import metrics as sk

from dlstudio.engine.heads.decisions import THRESHOLD, predicted_classes
from dlstudio.i18n import _

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

BINS = 15
TOP = (3, 5)
AVERAGES = ("macro", "weighted")


class Classification(TypedDict):
    """See `single_label` and `multi_label`."""

    metrics: dict[str, float | None]
    per_class: dict[str, dict[str, Any]]
    confusion_matrix: list[Any]
    calibration: dict[str, Any]


def single_label(
    truth: Labels, scores: Floats, classes: Sequence[str], threshold: float = THRESHOLD
) -> Classification:
    """Metrics for data with one class per sample.

    Args:
        truth: Class numbers (n,).
        scores: Probabilities (n, classes).
        classes: Names, in the order of the columns.
        threshold: See `predicted_classes`.

    Returns:
        `metrics`, `per_class`, `confusion_matrix` (rows are the truth) and
        `calibration`.
    """
    numbers = np.arange(len(classes))
    guess = predicted_classes(scores, threshold)
    areas = [roc_auc(truth == number, scores[:, number]) for number in numbers]
    metrics = {
        "accuracy": float(sk.accuracy_score(truth, guess)),
        "balanced_accuracy": balanced_accuracy(truth, guess),
        "log_loss": log_loss(truth, scores),
        **_top(truth, scores),
        **_averages(truth, guess, AVERAGES, labels=numbers),
        "roc_auc": _mean(areas),
    }
    hits = scores.argmax(axis=1) == truth  # of the likeliest, whatever is decided
    calibration = reliability(scores.max(axis=1), hits)
    metrics["ece"] = calibration["ece"]
    return {
        "metrics": metrics,
        "per_class": _per_class(truth, guess, classes, areas, labels=numbers),
        "confusion_matrix": sk.confusion_matrix(truth, guess, labels=numbers).tolist(),
        "calibration": calibration,
    }


def multi_label(
    truth: Labels, scores: Floats, classes: Sequence[str], threshold: float = THRESHOLD
) -> Classification:
    """Metrics for data with any number of labels per sample.

    Args:
        truth: 0 or 1, (n, classes).
        scores: Probabilities (n, classes).
        classes: Names, in the order of the columns.
        threshold: Lowest probability at which a label is predicted.

    Returns:
        As `single_label`; `accuracy` is the share of samples with every label right,
        and `confusion_matrix` has one [[tn, fp], [fn, tp]] for each class.
    """
    guess = (scores >= threshold).astype(np.int64)
    # scikit-learn treats a table of one column as plain classes 0 and 1.
    labels = [1] if len(classes) == 1 else None
    table = (truth.ravel(), guess.ravel()) if labels else (truth, guess)
    areas = [
        roc_auc(truth[:, number] == 1, scores[:, number])
        for number in range(len(classes))
    ]
    # Every decision, sample by label, has the same weight.
    decisions, sureness = truth.ravel(), scores.ravel()
    calibration = reliability(sureness, decisions == 1)
    subset = float((guess == truth).all(axis=1).mean())
    metrics = {
        "accuracy": subset,
        "subset_accuracy": subset,
        "label_accuracy": float((guess == truth).mean()),
        "hamming_loss": float((guess != truth).mean()),
        "log_loss": log_loss(decisions, np.stack([1 - sureness, sureness], 1)),
        **_averages(*table, ("micro", *AVERAGES), labels=labels),
        "roc_auc": _mean(areas),
        "ece": calibration["ece"],
    }
    matrices = sk.multilabel_confusion_matrix(*table, labels=labels)
    return {
        "metrics": metrics,
        "per_class": _per_class(*table, classes, areas, labels=labels),
        "confusion_matrix": matrices.tolist(),
        "calibration": calibration,
    }


def roc_auc(positive: npt.NDArray[np.bool_], scores: Floats) -> float | None:
    """Area under the ROC curve of one class against the rest.

    None where it is not defined: the class, or everything else, is absent.
    """
    if positive.all() or not positive.any():
        return None
    return float(sk.roc_auc_score(positive, scores))


def balanced_accuracy(truth: Labels, guess: Labels) -> float:
    """Mean recall of the classes that occur."""
    present = np.unique(truth)
    recall = sk.recall_score(
        truth, guess, labels=present, average="macro", zero_division=0
    )
    return float(recall)


def log_loss(truth: Labels, scores: Floats) -> float:
    """Mean of -ln of the probability of the truth, rows scaled to sum 1.

    Clipped at the smallest step of a double above 0, as scikit-learn does.
    """
    if scores.shape[1] < 2:
        return 0.0
    rows = scores.astype(np.float64)
    rows = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-300)
    return float(sk.log_loss(truth, rows, labels=np.arange(rows.shape[1])))


def reliability(
    confidence: Floats, right: npt.NDArray[np.bool_], bins: int = BINS
) -> dict[str, Any]:
    """Reliability diagram and expected calibration error.

    Guo, Pleiss, Sun, Weinberger: "On Calibration of Modern Neural Networks" (2017):
    bins of equal width (low, high]; ECE is the mean of |accuracy - confidence| over the
    bins, each weighted by its share of the samples.

    Args:
        confidence: Confidence of each decision, 0 to 1, (n,).
        right: Whether each decision was right, (n,).

    Returns:
        `ece` and `bins`, each with low, high, count, confidence, accuracy (the last
        two None where it is empty).
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    sure = np.bincount(place, weights=confidence, minlength=bins)
    good = np.bincount(place, weights=right, minlength=bins)
    error = np.abs(good - sure).sum() / max(len(confidence), 1)
    rows = [
        {
            "low": float(edges[number]),
            "high": float(edges[number + 1]),
            "count": int(count),
            "confidence": float(sure[number] / count) if count else None,
            "accuracy": float(good[number] / count) if count else None,
        }
        for number, count in enumerate(counts)
    ]
    return {"ece": float(error), "bins": rows}


def _top(truth: Labels, scores: Floats) -> dict[str, float]:
    """Top-k accuracy by "top_k", for each k below the number of classes.

    A rank is one plus the number of classes with a higher score, so that a tie never
    counts against the truth.
    """
    own = np.take_along_axis(scores, truth[:, None].astype(np.int64), axis=1)
    rank = (scores > own).sum(axis=1)
    return {
        f"top_{k}_accuracy": float((rank < k).mean())
        for k in TOP
        if k < scores.shape[1]
    }


def _averages(
    truth: Labels,
    guess: Labels,
    kinds: Sequence[str],
    labels: Sequence[int] | Labels | None = None,
) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind in kinds:
        values = sk.precision_recall_fscore_support(
            truth, guess, labels=labels, average=kind, zero_division=0
        )
        for name, value in zip(("precision", "recall", "f1"), values[:3], strict=True):
            found[f"{kind}_{name}"] = float(value)
    return found


def _per_class(
    truth: Labels,
    guess: Labels,
    classes: Sequence[str],
    areas: Sequence[float | None],
    labels: Sequence[int] | Labels | None = None,
) -> dict[str, dict[str, Any]]:
    columns = sk.precision_recall_fscore_support(
        truth, guess, labels=labels, average=None, zero_division=0
    )
    found: dict[str, dict[str, Any]] = {}
    for name, area, precision, recall, f1, support in zip(
        classes, areas, *columns, strict=True
    ):
        found[name] = {
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "support": int(support),
            "roc_auc": area,
        }
        if area is None:
            found[name]["note"] = _why_no_area(int(support))
    return found


def _why_no_area(support: int) -> str:
    if support:
        return _("ROC-AUC is undefined: all samples belong to this class.")
    return _("ROC-AUC is undefined: no samples belong to this class.")


def _mean(values: Sequence[float | None]) -> float | None:
    """Mean over the classes where it is defined; None if there is none."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None
