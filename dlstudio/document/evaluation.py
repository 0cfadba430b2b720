"""Evaluation of a model on a split, and the samples behind its metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.plan import LABEL
from dlstudio.document.sample_nouns import FIRST_NOUN
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.json_values import JsonObject

CLASS_SECTIONS = ("per_class", "confusion_matrix", "calibration", "mistakes")
"""Sections of a classifier, which its report has at the top as well."""
ENTITIES = "entities"
"""The section of tagged tokens that is beside the metrics, too."""
TRAINING, VERDICT = "training", "verdict"
"""Sections of all outputs but the first one: what the report has at the top of that."""


@dataclass(frozen=True, slots=True)
class HeadReport:
    """The evaluation of one output; plain JSON data throughout.

    Attributes:
        metrics: Values by name; None where a metric is not defined.
        baseline: A trivial model on the same samples, as its head describes it: of
            classes a `document.verdict.BaselineComparison`, of numbers see
            `engine.heads.regression_report`. Empty where none is possible.
        sections: What else there is to show, by name. Of classes "per_class",
            "confusion_matrix", "calibration" and "mistakes"; of numbers "residuals",
            "worst" and "interval". Of features "importance", "partial_dependence" and
            "groups", where they were asked for. Of all outputs but the first one
            "training" and "verdict", which the report has at the top of that.
    """

    metrics: dict[str, float | None]
    baseline: JsonObject = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)

    @property
    def comparison(self) -> JsonObject | None:
        """The `document.verdict.BaselineComparison` of it; None where there is none.

        It is the baseline itself, or what that says under this name.
        """
        found = self.baseline.get("comparison", self.baseline)
        return found if isinstance(found, dict) and "metric" in found else None

    def to_json(self) -> JsonObject:
        """An entry of a report's "outputs"."""
        found: JsonObject = {name: getattr(self, name) for name in self.__slots__}
        if ENTITIES in self.sections:  # as `evaluate --json` promises
            found[ENTITIES] = self.sections[ENTITIES]
        return found

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> HeadReport:
        """The object that `to_json` returned; what is missing is empty."""
        return cls(*({**(item.get(name) or {})} for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Metrics of one model on one split; plain JSON data throughout.

    Attributes:
        run: Id of the run that trained the model.
        split: "train", "validation", "test", or "all" of another dataset.
        samples: Number of evaluated samples.
        fingerprint: Fingerprint of the data.
        metrics: Those of the first output.
        per_class: For each class: precision, recall, f1, support, roc_auc (and a note
            where that is None).
        confusion_matrix: Rows are the true classes, columns the predicted ones; for
            multi-label data one [[tn, fp], [fn, tp]] for each class.
        calibration: Expected calibration error and reliability bins; see
            `engine.heads.classification_metrics.reliability`.
        mistakes: Misclassified samples, the worst first: input (the sample's file),
            truth, label, score of the label and of the truth.
        comparison: Comparison with a trivial baseline, see
            `document.verdict.BaselineComparison`; None where none is possible.
        training: Statistics of the training split: "classes" (samples by class), and of
            the evaluated ones "samples" and "value", the metric of the comparison;
            empty for other data.
        verdict: What the run has learned, see `document.verdict.Verdict`; None while
            not yet determined.
        outputs: The report of each output, by the name of the feature it predicts.
            What other attributes say of classes is about the first one; they are empty
            where that predicts no classes.
    """

    run: str
    split: str
    samples: int
    fingerprint: str
    has_several_labels: bool
    classes: tuple[str, ...]
    metrics: dict[str, float | None]
    per_class: dict[str, dict[str, Any]]
    confusion_matrix: list[Any]
    calibration: dict[str, Any]
    mistakes: list[dict[str, Any]]
    comparison: dict[str, Any] | None = None
    training: dict[str, Any] = field(default_factory=dict)
    verdict: dict[str, Any] | None = None
    outputs: dict[str, HeadReport] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        outputs: dict[str, HeadReport],
        *,
        run: str,
        split: str,
        samples: int,
        fingerprint: str,
        classes: tuple[str, ...] = (),
        has_several_labels: bool = False,
        training: dict[str, Any] | None = None,
    ) -> EvaluationReport:
        """A report from those of the outputs; see the attributes.

        Args:
            outputs: By the name of the feature they predict, at least one.
            run: Id of the run.
            split: What was evaluated.
            samples: Number of evaluated samples.
            fingerprint: Fingerprint of the data.
            classes: Those of the first output; empty if it predicts no classes.
            has_several_labels: Whether a sample may have several of them.
            training: Statistics of the training split.
        """
        first = next(iter(outputs.values()))
        return cls(
            run=run,
            split=split,
            samples=samples,
            fingerprint=fingerprint,
            has_several_labels=has_several_labels,
            classes=classes,
            metrics=first.metrics,
            per_class=first.sections.get("per_class", {}),
            confusion_matrix=first.sections.get("confusion_matrix", []),
            calibration=first.sections.get("calibration", {}),
            mistakes=first.sections.get("mistakes", []),
            comparison=first.comparison,
            training=training or {},
            outputs=outputs,
        )

    def alone(self, name: str) -> EvaluationReport:
        """The report of one output, as if it were the only one.

        Args:
            name: Of the output.
        """
        report = self.outputs[name]
        matrix = report.sections.get("confusion_matrix", [])
        return EvaluationReport.of(
            {name: report},
            run=self.run,
            split=self.split,
            samples=self.samples,
            fingerprint=self.fingerprint,
            classes=tuple(report.sections.get("per_class", ())),
            has_several_labels=not is_single(matrix),
            training=report.sections.get(TRAINING, {}),
        )

    def to_json(self) -> JsonObject:
        """The form `dlstudio evaluate --json` prints."""
        plain = {_key(n): getattr(self, n) for n in self.__slots__ if n != "outputs"}
        plain["classes"] = list(self.classes)
        if self.outputs:
            plain["outputs"] = {n: e.to_json() for n, e in self.outputs.items()}
        return plain

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> EvaluationReport:
        """The report that `to_json` returned, also of older versions.

        Raises KeyError, TypeError or ValueError for anything else.
        """
        known = {n: item[_key(n)] for n in cls.__slots__ if _key(n) in item}
        known["classes"] = tuple(map(str, known["classes"]))
        known["outputs"] = outputs_of(item)
        return cls(**known)


def _key(name: str) -> str:
    """What JSON calls an attribute of a report."""
    return SEVERAL_LABELS if name == "has_several_labels" else name


def is_single(confusion_matrix: Sequence[Any]) -> bool:
    """Whether a section "confusion_matrix" is of one class per sample.

    With several labels it has a matrix for each class.
    """
    return not (confusion_matrix and isinstance(confusion_matrix[0][0], Sequence))


def outputs_of(item: Mapping[str, Any], name: str = LABEL) -> dict[str, HeadReport]:
    """The report of each output, also of reports of older versions.

    Args:
        item: An evaluation as plain JSON data, as in "report.json".
        name: What the output of a single classifier predicts.
    """
    outputs = item.get("outputs")
    if isinstance(outputs, Mapping) and outputs:
        return {str(n): HeadReport.from_json(each) for n, each in outputs.items()}
    sections = {n: item[n] for n in CLASS_SECTIONS if item.get(n) is not None}
    made = {**item, "baseline": item.get("comparison"), "sections": sections}
    return {name: HeadReport.from_json(made)}


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
        samples: What the samples are called, see `document.sample_nouns`.
        is_kept: Whether it was read from the run's folder, where of the samples only
            the worst ones are kept.
    """

    report: EvaluationReport
    cells: Mapping[tuple[int, int], tuple[EvaluatedSample, ...]] = field(
        default_factory=dict
    )
    worst: tuple[EvaluatedSample, ...] = ()
    from_checkpoint: bool = False
    samples: str = FIRST_NOUN
    is_kept: bool = False
