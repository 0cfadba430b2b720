"""Sections of evaluation reports: what each is called, and what is in it as JSON.

A head says which sections its reports have; views and printers know them by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from dlstudio.json_values import JsonObject

Direction = Literal["up", "down"]
"""In which direction a metric is better."""
FEW_SAMPLES = 10
"""Of a group; with fewer its metrics say little."""


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A metric, and what a trivial model reaches.

    Attributes:
        name: Recorded name, such as "mae".
        value: On the evaluated samples; None where it is not defined.
        direction: In which direction it is better.
        baseline: Of a model that always predicts the same; None if there is none.
        row: Id of the sample that it is about, such as that of the largest error.
    """

    name: str
    value: float | None
    direction: Direction = "down"
    baseline: float | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class MetricsOfReport:
    """The most important metrics, the first one most of all."""

    NAME: ClassVar[str] = "metrics"
    metrics: tuple[MetricValue, ...]

    def to_json(self) -> JsonObject:
        """{"metrics": [{"name", "value", "direction", "baseline", "row"}, …]}."""
        return {"metrics": [_plain(each) for each in self.metrics]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MetricsOfReport:
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(tuple(MetricValue(**each) for each in data["metrics"]))


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
        return _plain(self)

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
        values: Values of other features, by name.
    """

    id: str
    actual: float | str
    predicted: float | str
    error: float | None = None
    values: Mapping[str, str] | None = None


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
        """{"target", "rows": [{"id", "actual", "predicted", "error", "values"}, …]}."""
        return {"target": self.target, "rows": [_plain(each) for each in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorstRows:
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            str(data["target"]), tuple(WorstRow(**each) for each in data["rows"])
        )


@dataclass(frozen=True, slots=True)
class FeatureImportance:
    """How much a metric suffers if a feature's values are permuted.

    Attributes:
        feature: Its name.
        loss: By how much the metric is worse, on average.
        deviation: Of that over several permutations.
    """

    feature: str
    loss: float
    deviation: float = 0.0


@dataclass(frozen=True, slots=True)
class Importance:
    """Permutation importance of the features, the highest first.

    Attributes:
        metric: Recorded name of the metric.
        features: All features the model sees.
    """

    NAME: ClassVar[str] = "importance"
    metric: str
    features: tuple[FeatureImportance, ...]

    def to_json(self) -> JsonObject:
        """{"metric", "features": [{"feature", "loss", "deviation"}, …]}."""
        found = [_plain(each) for each in self.features]
        return {"metric": self.metric, "features": found}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Importance:
        """Raises KeyError, TypeError or ValueError for anything else."""
        found = tuple(FeatureImportance(**each) for each in data["features"])
        return cls(str(data["metric"]), found)


@dataclass(frozen=True, slots=True)
class GroupMetric:
    """A metric on the samples of one group.

    Attributes:
        group: The value that they share.
        samples: How many there are.
        value: The metric; None where it is not defined.
    """

    group: str
    samples: int
    value: float | None


@dataclass(frozen=True, slots=True)
class GroupGap:
    """The largest difference of a metric between two groups.

    Attributes:
        worst, best: The groups.
        difference: Of the two, at least 0.
    """

    worst: str
    best: str
    difference: float


@dataclass(frozen=True, slots=True)
class GroupMetrics:
    """A metric by the values of one feature.

    Attributes:
        feature: Its name.
        metric: Recorded name of the metric.
        overall: On all samples.
        direction: In which direction it is better.
        groups: One for each value.
    """

    NAME: ClassVar[str] = "groups"
    feature: str
    metric: str
    overall: float
    direction: Direction
    groups: tuple[GroupMetric, ...]

    def to_json(self) -> JsonObject:
        """As the attributes; "groups": [{"group", "samples", "value"}, …]."""
        return {**_plain(self), "groups": [_plain(each) for each in self.groups]}

    def largest_gap(self, fewest: int = FEW_SAMPLES) -> GroupGap | None:
        """Between the best and the worst group; None of fewer than two groups.

        Args:
            fewest: Groups with fewer samples say little, and do not count.
        """
        known = [
            (each.value, each.group)
            for each in self.groups
            if each.value is not None and each.samples >= fewest
        ]
        if len(known) < 2:
            return None
        low, high = min(known), max(known)
        worst, best = (low, high) if self.direction == "up" else (high, low)
        return GroupGap(worst[1], best[1], high[0] - low[0])

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GroupMetrics:
        """Raises KeyError, TypeError or ValueError for anything else."""
        groups = tuple(GroupMetric(**each) for each in data["groups"])
        return cls(**{**data, "groups": groups})


@dataclass(frozen=True, slots=True)
class PartialDependence:
    """The average prediction over the values of one feature.

    Attributes:
        feature: Its name.
        values: Values that it was set to: numbers or names.
        mean: Of the outputs at each value; one number for each unit.
        low, high: Between them lie 80 % of the samples' own outputs.
        samples: Number of samples that were averaged.
    """

    NAME: ClassVar[str] = "partial_dependence"
    feature: str
    values: tuple[float | str, ...]
    mean: tuple[tuple[float, ...], ...]
    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]
    samples: int

    def to_json(self) -> JsonObject:
        """As the attributes; "mean", "low" and "high" are lists of lists."""
        rows = {n: [list(e) for e in getattr(self, n)] for n in ("mean", "low", "high")}
        return {**_plain(self), **rows}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PartialDependence:
        """Raises KeyError, TypeError or ValueError for anything else."""
        mean, low, high = (
            tuple(tuple(map(float, row)) for row in data[name])
            for name in ("mean", "low", "high")
        )
        values = tuple(data["values"])
        if not len(values) == len(mean) == len(low) == len(high):
            raise ValueError("as many values as outputs")
        return cls(str(data["feature"]), values, mean, low, high, int(data["samples"]))


def _plain(value: Any) -> JsonObject:
    found: JsonObject = {}
    for name in value.__slots__:
        each = getattr(value, name)
        found[name] = list(each) if isinstance(each, tuple) else each
    return found
