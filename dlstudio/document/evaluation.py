"""How good a model is on a part of the data, and the samples behind the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Figures of one model on one part of the data; plain JSON data throughout.

    Attributes:
        run: Id of the run that trained the model.
        split: "train", "validation", "test", or "all" of another dataset.
        samples: How many were asked.
        fingerprint: Of the data.
        metrics: By name; None where a figure is not defined.
        per_class: By class: precision, recall, f1, support, roc_auc (and a note
            where that is None).
        confusion_matrix: Rows are the truth, columns the model's answers; with
            several labels one [[tn, fp], [fn, tp]] for each class.
        calibration: Expected calibration error and reliability bins; see
            `engine.evaluation.classification_metrics.reliability`.
        mistakes: The worst first: input (the sample's file), truth, label, score of
            the label and of the truth.
        comparison: With a trivial baseline, see
            `document.verdict.BaselineComparison`; None where nothing can be told
            apart.
        training: What is known of the training split: "classes" (samples by class),
            and of those that were asked "samples" and "value", the figure of the
            comparison; empty for other data.
        verdict: What the run has learned, see `document.verdict.Verdict`; None where
            nobody has judged the report yet.
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
    """One sample with what it is and what it was called.

    Attributes:
        id: Its name in the data.
        truth, label: Classes; joined by commas where there are several.
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
        cells: By numbers of classes (truth, answer), some samples each:
            of mistakes the surest first, of right answers the least sure. Empty
            where samples have several labels.
        worst: The worst mistakes.
        from_checkpoint: The weights were those of a checkpoint: the run goes on.
    """

    report: EvaluationReport
    cells: Mapping[tuple[int, int], tuple[EvaluatedSample, ...]] = field(
        default_factory=dict
    )
    worst: tuple[EvaluatedSample, ...] = ()
    from_checkpoint: bool = False
