"""What columns mean to a trained model, as it is kept with its run: plain JSON data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dlstudio.json_values import JsonObject

ReportKind = Literal["importance", "dependence", "groups"]
KINDS: tuple[ReportKind, ...] = ("importance", "dependence", "groups")


@dataclass(frozen=True, slots=True)
class ColumnSubject:
    """What a report about columns is about.

    Attributes:
        split: "train", "validation" or "test".
        kind: "importance" of all inputs, "dependence" on one, or "groups" by a column.
        column: The input or the column; "" for the importance.
    """

    split: str
    kind: ReportKind
    column: str = ""


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """The report; see `document.feature_sections` for what is in a section.

    Attributes:
        subject: What was computed.
        fingerprint: Of the data that it was computed on.
        sections: A section as JSON, by output.
        groups: For "groups", a section as JSON by output and metric.
    """

    subject: ColumnSubject
    fingerprint: str
    sections: Mapping[str, JsonObject] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, JsonObject]] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """{"kind", "split", "column", "fingerprint", "sections", "groups"}."""
        subject = self.subject
        return {
            "kind": subject.kind,
            "split": subject.split,
            "column": subject.column,
            "fingerprint": self.fingerprint,
            "sections": dict(self.sections),
            "groups": {name: dict(each) for name, each in self.groups.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ColumnReport:
        """Raises KeyError, TypeError or ValueError for anything else."""
        if data["kind"] not in KINDS:
            raise ValueError("unknown kind")
        subject = ColumnSubject(str(data["split"]), data["kind"], str(data["column"]))
        sections = {str(n): {**each} for n, each in dict(data["sections"]).items()}
        groups = {
            str(name): {str(metric): {**each} for metric, each in metrics.items()}
            for name, metrics in dict(data["groups"]).items()
        }
        return cls(subject, str(data["fingerprint"]), sections, groups)
