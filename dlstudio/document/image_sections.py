"""Sections of reports on reconstructed images, as plain JSON.

Images are PNG files in base64, made smaller where they are large, so that a report
shows itself whatever becomes of the data.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.percent_text import percent


@dataclass(frozen=True, slots=True)
class ReconstructedImage:
    """An image beside what the model gives for it.

    Attributes:
        id: Of the sample.
        error: Mean squared error of values from 0 to 1.
        original, reconstructed: PNG files in base64.
    """

    id: str
    error: float
    original: str
    reconstructed: str


@dataclass(frozen=True, slots=True)
class Reconstructions:
    """A few images with their reconstructions, evenly spread over the samples.

    Attributes:
        target: Name of the feature that is reconstructed.
        rows: Some of the samples.
    """

    NAME: ClassVar[str] = "reconstructions"
    target: str
    rows: tuple[ReconstructedImage, ...]

    def to_json(self) -> JsonObject:
        """{"target", "rows": [{"id", "error", "original", "reconstructed"}, …]}."""
        return {"target": self.target, "rows": [asdict(each) for each in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reconstructions:
        """Raises KeyError, TypeError or ValueError for anything else."""
        rows = tuple(ReconstructedImage(**each) for each in data["rows"])
        return cls(str(data["target"]), rows)


@dataclass(frozen=True, slots=True)
class WorstImages(Reconstructions):
    """The images with the largest errors, the worst first."""

    NAME: ClassVar[str] = "worst_images"


@dataclass(frozen=True, slots=True)
class SampledImages:
    """New images that the decoder makes of random vectors.

    Attributes:
        images: PNG files in base64.
    """

    NAME: ClassVar[str] = "samples"
    images: tuple[str, ...]

    def to_json(self) -> JsonObject:
        """{"images": […]}, each PNG file in base64."""
        return {"images": list(self.images)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SampledImages:
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(tuple(map(str, data["images"])))


@dataclass(frozen=True, slots=True)
class ImageWalk:
    """Images between two images, made of vectors between their latent vectors.

    Attributes:
        first, second: Ids of the two samples.
        images: PNG files in base64, the reconstructions of both at the ends.
    """

    NAME: ClassVar[str] = "walk"
    first: str
    second: str
    images: tuple[str, ...]

    def to_json(self) -> JsonObject:
        """{"first", "second", "images": […]}."""
        return {**asdict(self), "images": list(self.images)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImageWalk:
        """Raises KeyError, TypeError or ValueError for anything else."""
        images = tuple(map(str, data["images"]))
        return cls(str(data["first"]), str(data["second"]), images)


@dataclass(frozen=True, slots=True)
class ErrorHistogram:
    """How many images have which error.

    Attributes:
        edges: Of the bins, one more than counts.
        counts: Images in each bin.
        below, above: Images beyond the first and the last edge.
        quantiles: Errors from the smallest to the largest: all, or evenly spread ones.
    """

    NAME: ClassVar[str] = "error_histogram"
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0
    quantiles: tuple[float, ...] = ()

    def share_above(self, error: float) -> float | None:
        """The share of images with a larger error; None where that is not known."""
        if not self.quantiles:
            return None
        return 1 - bisect_right(self.quantiles, error) / len(self.quantiles)

    def to_json(self) -> JsonObject:
        """{"edges": […], "counts": […], "below", "above", "quantiles": […]}."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ErrorHistogram:
        """Raises KeyError, TypeError or ValueError for anything else."""
        edges, counts = tuple(data["edges"]), tuple(data["counts"])
        if len(edges) != len(counts) + 1:
            raise ValueError("one edge more than bins")
        quantiles = tuple(map(float, data.get("quantiles", ())))
        return cls(edges, counts, int(data["below"]), int(data["above"]), quantiles)


@dataclass(frozen=True, slots=True)
class AnomalyThreshold:
    """The error above which an image is an anomaly.

    Attributes:
        value: Mean squared error of values from 0 to 1.
        quantile: Share of the images that `default` was chosen on whose error is at
            most that.
        split: The split it was chosen on.
        samples: Number of images it was chosen on.
        share: Share of the evaluated images above `value`; None where that is not
            known.
        default: The threshold by the quantile, where the user has chosen another one;
            None where `value` is the default.
    """

    NAME: ClassVar[str] = "anomaly"
    value: float
    quantile: float
    split: str
    samples: int
    share: float | None = None
    default: float | None = None

    def chosen(
        self, value: float | None, share: float | None = None
    ) -> AnomalyThreshold:
        """The same with the user's threshold.

        Args:
            value: The threshold; None for the default.
            share: Share of the evaluated images above it.
        """
        default = self.value if self.default is None else self.default
        if value is None or value == default:
            return replace(self, value=default, default=None, share=share)
        return replace(self, value=value, default=default, share=share)

    def to_json(self) -> JsonObject:
        """{"value", "quantile", "split", "samples", "share"}, and "default" if any."""
        found: JsonObject = asdict(self)
        if self.default is None:
            del found["default"]
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AnomalyThreshold:
        """Raises KeyError, TypeError or ValueError for anything else."""
        share, default = data["share"], data.get("default")
        return cls(
            float(data["value"]),
            float(data["quantile"]),
            str(data["split"]),
            int(data["samples"]),
            None if share is None else float(share),
            None if default is None else float(default),
        )


def with_threshold(
    sections: Mapping[str, Any], value: float | None
) -> dict[str, Any] | None:
    """The sections of an output with another threshold of anomalies.

    Args:
        sections: As JSON.
        value: The user's threshold; None for the default.

    Returns:
        None where they have no threshold, or it is damaged.
    """
    try:
        known = AnomalyThreshold.from_json(sections[AnomalyThreshold.NAME])
        errors = ErrorHistogram.from_json(sections[ErrorHistogram.NAME])
    except (KeyError, TypeError, ValueError):
        return None
    changed = known.chosen(value)
    changed = replace(changed, share=errors.share_above(changed.value))
    return {**sections, AnomalyThreshold.NAME: changed.to_json()}


def better_than_mean_image(report: Mapping[str, Any] | None) -> float | None:
    """By which share a model's error is lower than that of the mean image.

    Args:
        report: An evaluation as plain JSON data, as in "report.json".

    Returns:
        None where the report is not about images, or all of them are equal.
    """
    outputs = report.get("outputs") if report else None
    if not isinstance(outputs, Mapping):
        return None
    for output in outputs.values():
        try:
            share = output["baseline"]["better"]["mse"]
            known = "mean_image" in output["baseline"] and share is not None
        except (KeyError, TypeError):
            continue
        if known:
            return float(share)
    return None


def better_text(share: float) -> str:
    """What it means that a model's error is lower than the mean image's by a share."""
    if share > 0:
        text = _("{share} better than always predicting the mean image.")
        return text.format(share=percent(share))
    return _(
        "No better than always predicting the mean image: the model has not learned "
        "anything about individual images yet."
    )


def threshold_of(report: Mapping[str, Any] | None) -> AnomalyThreshold | None:
    """The threshold of a run's report; None where it has none.

    Args:
        report: An evaluation as plain JSON data, as in "report.json".
    """
    outputs = report.get("outputs") if report else None
    if not isinstance(outputs, Mapping):
        return None
    for output in outputs.values():
        try:
            return AnomalyThreshold.from_json(output["sections"][AnomalyThreshold.NAME])
        except (KeyError, TypeError, ValueError):
            continue
    return None
