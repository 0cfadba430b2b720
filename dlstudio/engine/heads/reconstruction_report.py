"""How well images are reconstructed, against the mean image, as plain JSON data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.images.png import png_text
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.image_sections import (
    AnomalyThreshold,
    ErrorHistogram,
    ReconstructedImage,
    Reconstructions,
    WorstImages,
)
from dlstudio.document.report_sections import MetricsOfReport, MetricValue
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.heads.image_values import (
    Values,
    absolute_errors,
    pixels_of,
    squared_errors,
)
from dlstudio.engine.heads.reconstruction_metrics import (
    LOWEST_ERROR,
    structural_similarity,
)
from dlstudio.engine.heads.regression_report import histogram

HANDFUL = 8
"""Images that a report shows; reports stay below some hundred kilobytes."""
QUANTILES = 1000
"""Errors that a report keeps: enough for a share of images to a tenth of a percent."""
Errors = npt.NDArray[np.float64]
Places = npt.NDArray[np.integer[Any]]
ImagesAt = Callable[[Places], tuple[Values, Values]]
"""Originals and reconstructions, from 0 to 1, of the samples at some places."""


class ReconstructionSums:
    """What a report needs of all images, collected batch by batch: no image is kept."""

    def __init__(self) -> None:
        self._columns: list[npt.NDArray[np.float64]] = []
        self._total: Any = 0.0
        self._squares: Any = 0.0

    def add(self, truth: Values, images: Values) -> None:
        """Add a batch.

        Args:
            truth: Originals from 0 to 1, float32 (n, height, width, channels).
            images: What the model gives for them, of the same shape.
        """
        pair = tf.constant(truth), tf.constant(images)
        similarity = np.asarray(structural_similarity(*pair), np.float64)
        found = squared_errors(truth, images), absolute_errors(truth, images)
        self._columns.append(np.stack([*found, similarity], axis=1))
        values = truth.astype(np.float64)
        self._total = self._total + values.sum(axis=0)
        self._squares = self._squares + np.square(values).sum(axis=0)

    @property
    def columns(self) -> Errors:
        """Squared error, absolute error and similarity of each image, (n, 3)."""
        return np.concatenate(self._columns)

    @property
    def errors(self) -> Errors:
        """The mean squared error of each image, (n,)."""
        return self.columns[:, 0]

    def mean_image_error(self) -> float:
        """Mean squared error of always giving the mean of these images."""
        count = len(self.columns)
        spread = self._squares / count - np.square(self._total / count)
        return float(np.maximum(spread, 0.0).mean())


def reconstruction_report(
    sums: ReconstructionSums,
    ids: Sequence[str],
    target: str,
    worst: int,
    images_at: ImagesAt,
) -> HeadReport:
    """Evaluate reconstructed images.

    Args:
        sums: Of all of them; at least one.
        ids: Name of each.
        target: Name of the feature that is reconstructed.
        worst: Maximum number of images with the largest errors.
        images_at: Gives some of the images again.

    Returns:
        metrics: mse, mae, psnr (dB, mean of the images) and ssim.
        baseline: "mean_image" with its mse; "better", the share by which the mse of
            the model is lower (None of equal images).
        sections: see `dlstudio.document.image_sections`; "anomaly" is added where
            there is a validation split.
    """
    columns = sums.columns
    metrics = _metrics(columns)
    always = sums.mean_image_error()
    error = float(columns[:, 0].mean())
    better = 1 - error / always if always > LOWEST_ERROR else None
    order = np.argsort(-columns[:, 0], kind="stable")[: min(worst, HANDFUL)]
    some = some_of(np.arange(len(columns)), HANDFUL)
    cards = (
        MetricValue("mse", metrics["mse"], "down", always),
        MetricValue("mae", metrics["mae"], "down"),
        MetricValue("psnr", metrics["psnr"], "up", _decibels(np.array([always]))),
        MetricValue("ssim", metrics["ssim"], "up"),
    )
    shown = _rows(some, columns[:, 0], ids, images_at)
    furthest = _rows(order, columns[:, 0], ids, images_at)
    return HeadReport(
        metrics=metrics,
        baseline={"mean_image": {"mse": always}, "better": {"mse": better}},
        sections={
            "metrics": MetricsOfReport(cards).to_json(),
            Reconstructions.NAME: Reconstructions(target, shown).to_json(),
            WorstImages.NAME: WorstImages(target, furthest).to_json(),
            ErrorHistogram.NAME: {
                **histogram(columns[:, 0]),
                "quantiles": _quantiles(columns[:, 0]),
            },
        },
    )


def anomaly_threshold(errors: Errors, quantile: float, split: str) -> AnomalyThreshold:
    """The error that a share of the images does not exceed.

    Args:
        errors: Of each image of a split, (n,), at least one.
        quantile: The share, from 0 to 1.
        split: Name of the split.
    """
    value = float(np.quantile(errors, quantile, method="higher"))
    return AnomalyThreshold(value, quantile, split, len(errors))


def _metrics(columns: Errors) -> dict[str, float | None]:
    mse, mae, similarity = (float(each) for each in columns.mean(axis=0))
    return {
        "mse": mse,
        "mae": mae,
        "psnr": _decibels(columns[:, 0]),
        "ssim": similarity if np.isfinite(similarity) else None,
    }


def _quantiles(errors: Errors) -> list[float]:
    """All errors, or evenly spread ones, from the smallest to the largest."""
    ordered = np.sort(errors)
    return [
        float(each) for each in ordered[some_of(np.arange(len(ordered)), QUANTILES)]
    ]


def _decibels(errors: Errors) -> float:
    return float((-10 * np.log10(np.maximum(errors, LOWEST_ERROR))).mean())


def _rows(
    places: Places,
    errors: Errors,
    ids: Sequence[str],
    images_at: ImagesAt,
) -> tuple[ReconstructedImage, ...]:
    truth, images = (pixels_of(each) for each in images_at(places))
    return tuple(
        ReconstructedImage(
            str(ids[place]), float(errors[place]), png_text(before), png_text(after)
        )
        for place, before, after in zip(places.tolist(), truth, images, strict=True)
    )
