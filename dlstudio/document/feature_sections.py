"""Sections of evaluation reports about features: importance, dependence, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.document.report_sections import Direction, plain_section
from dlstudio.json_values import JsonObject

FEW_SAMPLES = 10
"""Of a group; with fewer its metrics say little."""


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
        score: The metric itself, with nothing permuted; None if unknown.
        samples: Number of samples it was computed on.
    """

    NAME: ClassVar[str] = "importance"
    metric: str
    features: tuple[FeatureImportance, ...]
    score: float | None = None
    samples: int = 0

    def to_json(self) -> JsonObject:
        """As the attributes; "features": [{"feature", "loss", "deviation"}, …]."""
        return {
            **plain_section(self),
            "features": [plain_section(each) for each in self.features],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Importance:
        """Raises KeyError, TypeError or ValueError for anything else."""
        found = tuple(FeatureImportance(**each) for each in data["features"])
        score, samples = data.get("score"), int(data.get("samples", 0))
        return cls(str(data["metric"]), found, score, samples)


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

    @property
    def uncertain(self) -> bool:
        """Whether there are too few samples to say much."""
        return self.samples < FEW_SAMPLES


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
        """As the attributes, with the largest gap.

        "groups": [{"group", "samples", "value", "uncertain"}, …], "largest_gap":
        {"worst", "best", "difference"} or None.
        """
        groups = [
            {**plain_section(each), "uncertain": each.uncertain} for each in self.groups
        ]
        gap = self.largest_gap()
        found = plain_section(gap) if gap is not None else None
        return {**plain_section(self), "groups": groups, "largest_gap": found}

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
        groups = tuple(
            GroupMetric(each["group"], each["samples"], each["value"])
            for each in data["groups"]
        )
        known = {name: data[name] for name in cls.__slots__}
        return cls(**{**known, "groups": groups})


@dataclass(frozen=True, slots=True)
class PartialDependence:
    """The average prediction over the values of one feature.

    Attributes:
        feature: Its name.
        values: Values that it was set to: numbers or names.
        mean: Of the outputs at each value; one number for each unit.
        low, high: Between them lie 80 % of the samples' own outputs.
        samples: Number of samples that were averaged.
        units: What each unit is about, such as the names of classes; empty of numbers.
    """

    NAME: ClassVar[str] = "partial_dependence"
    feature: str
    values: tuple[float | str, ...]
    mean: tuple[tuple[float, ...], ...]
    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]
    samples: int
    units: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """As the attributes; "mean", "low" and "high" are lists of lists."""
        rows = {n: [list(e) for e in getattr(self, n)] for n in ("mean", "low", "high")}
        return {**plain_section(self), **rows}

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
        units = tuple(map(str, data.get("units", ())))
        samples = int(data["samples"])
        return cls(str(data["feature"]), values, mean, low, high, samples, units)
