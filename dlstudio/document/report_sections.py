"""Sections of evaluation reports: what each is called, and what is in it as JSON.

A head says which sections its reports have; views and printers know them by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from dlstudio.json_values import JsonObject

Direction = Literal["up", "down"]
"""In which direction a metric is better."""


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A metric, and what a trivial model reaches.

    Attributes:
        name: Recorded name, such as "mae".
        value: On the evaluated samples; None where it is not defined.
        direction: In which direction it is better.
        baseline: Of a model that always predicts the same; None if there is none.
        row: Id of the sample that it is about, such as that of the largest error.
        low, high: Bounds of its 95 % confidence interval; None where there is none.
        samples: How many samples it is a share of; 0 of a metric that is no share.
    """

    name: str
    value: float | None
    direction: Direction = "down"
    baseline: float | None = None
    row: str = ""
    low: float | None = None
    high: float | None = None
    samples: int = 0


@dataclass(frozen=True, slots=True)
class MetricsOfReport:
    """The most important metrics, the first one most of all."""

    NAME: ClassVar[str] = "metrics"
    metrics: tuple[MetricValue, ...]

    def to_json(self) -> JsonObject:
        """{"metrics": [{"name", "value", …}, …]}, as the attributes of each."""
        return {"metrics": [plain_section(each) for each in self.metrics]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MetricsOfReport:
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            tuple(
                MetricValue(**_known(MetricValue.__slots__, each))
                for each in data["metrics"]
            )
        )


@dataclass(frozen=True, slots=True)
class Residuals:
    """Predicted against actual numbers.

    Attributes:
        target: Name of the feature.
        ids: Ids of samples; all, or a fair part of them with the largest errors.
        actual, predicted: A number of each sample.
    """

    NAME: ClassVar[str] = "residuals"
    target: str
    ids: tuple[str, ...]
    actual: tuple[float, ...]
    predicted: tuple[float, ...]

    def to_json(self) -> JsonObject:
        """{"target", "ids": […], "actual": […], "predicted": […]}."""
        return plain_section(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Residuals:
        """Raises KeyError, TypeError or ValueError for anything else."""
        actual, predicted = (
            tuple(map(float, data[name])) for name in ("actual", "predicted")
        )
        ids = tuple(map(str, data["ids"]))
        if not len(ids) == len(actual) == len(predicted):
            raise ValueError("as many ids as numbers")
        return cls(str(data["target"]), ids, actual, predicted)


@dataclass(frozen=True, slots=True)
class WorstRow:
    """A sample whose prediction is far off.

    Attributes:
        id: Of the sample.
        actual, predicted: Values of the target, as numbers or as texts.
        error: How far off; None where that is no number.
        values: Values of inputs as they entered the model, by name; None where they
            are not known, as in older reports.
        thumbnails: Small PNG files in base64 of the inputs that can be shown so, by
            name.
    """

    id: str
    actual: float | str
    predicted: float | str
    error: float | None = None
    values: Mapping[str, str] | None = None
    thumbnails: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WorstRows:
    """The worst predictions, the worst first.

    Attributes:
        target: Name of the feature that is predicted.
        rows: Some of the samples.
    """

    NAME: ClassVar[str] = "worst"
    target: str
    rows: tuple[WorstRow, ...]

    def to_json(self) -> JsonObject:
        """{"target", "rows": [{"id", "actual", …}, …]}, as the attributes of each."""
        return {
            "target": self.target,
            "rows": [plain_section(each) for each in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorstRows:
        """Raises KeyError, TypeError or ValueError for anything else."""
        rows = tuple(
            WorstRow(**_known(WorstRow.__slots__, each)) for each in data["rows"]
        )
        return cls(str(data["target"]), rows)


def _known(names: Iterable[str], item: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that are known; a newer version may have written more of them."""
    return {name: item[name] for name in names if name in item}


def plain_section(value: Any) -> JsonObject:
    """The attributes of a section as JSON; tuples as lists."""
    found: JsonObject = {}
    for name in value.__slots__:
        each = getattr(value, name)
        found[name] = list(each) if isinstance(each, tuple) else each
    return found
