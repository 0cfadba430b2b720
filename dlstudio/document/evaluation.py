"""Evaluation of a model on a split, and the samples behind its metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Metrics of one model on one split; plain JSON data throughout.

    Attributes:
        run: Id of the run that trained the model.
        split: "train", "validation", "test", or "all" of another dataset.
        samples: Number of evaluated samples.
        fingerprint: Fingerprint of the data.
        metrics: Values by name; None where a metric is not defined.
        per_class: For each class: precision, recall, f1, support, roc_auc (and a note
            where that is None).
        confusion_matrix: Rows are the true classes, columns the predicted ones; for
            multi-label data one [[tn, fp], [fn, tp]] for each class.
        calibration: Expected calibration error and reliability bins; see
            `engine.evaluation.classification_metrics.reliability`.
        mistakes: Misclassified samples, the worst first: input (the sample's file),
            truth, label, score of the label and of the truth.
        comparison: Comparison with a trivial baseline, see
            `document.verdict.BaselineComparison`; None where none is possible.
        training: Statistics of the training split: "classes" (samples by class), and of
            the evaluated ones "samples" and "value", the metric of the comparison;
            empty for other data.
        verdict: What the run has learned, see `document.verdict.Verdict`; None while
            not yet determined.
    """

    run: str
    split: str
    samples: int
    fingerprint: str
    multi_label: bool
    classes: tuple[str, ...]
    metrics: dict[str, float | None]
    per_class: dict[str, dict[str, Any]]
    confusion_matrix: list[Any]
    calibration: dict[str, Any]
    mistakes: list[dict[str, Any]]
    comparison: dict[str, Any] | None = None
    training: dict[str, Any] = field(default_factory=dict)
    verdict: dict[str, Any] | None = None

    def to_json(self) -> JsonObject:
        """The form `dlstudio evaluate --json` prints."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "classes": list(self.classes)}


@dataclass(frozen=True, slots=True)
class EvaluatedSample:
    """One sample with its true and its predicted class.

    Attributes:
        id: Id in the dataset.
        truth, label: True and predicted class; several are joined by commas.
        score: Probability of the label.
    """

    id: str
    truth: str
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report and the samples behind it.

    Attributes:
        cells: For each (true, predicted) pair of class indices some samples:
            misclassified ones by descending, correct ones by ascending confidence.
            Empty for multi-label data.
        worst: The worst misclassified samples.
        from_checkpoint: Whether the weights are those of a checkpoint of a run that
            continues.
    """

    report: EvaluationReport
    cells: Mapping[tuple[int, int], tuple[EvaluatedSample, ...]] = field(
        default_factory=dict
    )
    worst: tuple[EvaluatedSample, ...] = ()
    from_checkpoint: bool = False
