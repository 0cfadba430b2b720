"""What an evaluation found, and its file in a run's folder. Needs no TensorFlow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.json_values import JsonObject
from dlstudio.paths import write_text

REPORT = "report.json"


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
            `figures.reliability`.
        mistakes: The worst first: input (the sample's file), truth, label, score of
            the label and of the truth.
        comparison: With a trivial baseline, see `document.verdict.Comparison`; None
            where nothing can be told apart.
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


def save_report(report: EvaluationReport, folder: Path) -> Path:
    """Write the report into a run's folder, whole or not at all."""
    path = folder / REPORT
    project = folder.parent.parent
    write_text(path, json.dumps(report.to_json(), indent=1) + "\n", below=project)
    return path


def read_report(folder: Path) -> dict[str, Any] | None:
    """What `save_report` wrote into a run's folder, or None if there is none."""
    try:
        found = read_json(folder / REPORT)
    except UserError:
        return None
    return found if isinstance(found, dict) else None
