"""Metrics of reconstructed images, from 0 to 1; all states are sums over images."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import keras
import tensorflow as tf

from dlstudio.engine.heads.image_values import image_tensor

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

LOWEST_ERROR = 1e-10
"""Lowest squared error that PSNR tells apart: 100 dB, for images that are equal."""
WINDOW = 11
"""Side of the windows that SSIM compares, in pixels; smaller for smaller images."""


class ImageMetric(keras.metrics.Metric, ABC):  # type: ignore[misc]
    """The mean of a number of each image.

    Args:
        name: Name of the metric.
        from_logits: Whether outputs lack their sigmoid.
    """

    def __init__(self, name: str, from_logits: bool = False) -> None:
        super().__init__(name=name)
        self._from_logits = from_logits
        for each in ("count", "sum"):
            self.add_variable((), "zeros", dtype="float64", name=each)

    def update_state(
        self, truth: Tensor, outputs: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        """Add a batch.

        Args:
            truth: Images from 0 to 1, float32 (n, height, width, channels).
            outputs: What the model gives for them.
            sample_weight: A weight for each image, (n,); None for 1.
        """
        values = tf.cast(
            self.of_each(truth, image_tensor(outputs, self._from_logits)), tf.float64
        )
        weight = tf.ones_like(values)
        if sample_weight is not None:
            weight *= tf.cast(sample_weight, tf.float64)
        for variable, term in zip(
            self.variables, (weight, values * weight), strict=True
        ):
            variable.assign_add(tf.reduce_sum(term))

    @abstractmethod
    def of_each(self, truth: Tensor, images: Tensor) -> Tensor:
        """The number of each image, (n,)."""

    def result(self) -> Tensor:
        count, total = (tf.convert_to_tensor(each) for each in self.variables)
        result: Tensor = tf.math.divide_no_nan(total, count)
        return result


class ImageSquaredError(ImageMetric):
    """Mean squared error."""

    def of_each(self, truth: Tensor, images: Tensor) -> Tensor:
        return _mean(tf.math.squared_difference(images, truth))


class ImageAbsoluteError(ImageMetric):
    """Mean absolute error."""

    def of_each(self, truth: Tensor, images: Tensor) -> Tensor:
        return _mean(tf.abs(tf.subtract(images, truth)))


class PeakSignalToNoise(ImageMetric):
    """Peak signal-to-noise ratio in dB."""

    def of_each(self, truth: Tensor, images: Tensor) -> Tensor:
        far = _mean(tf.math.squared_difference(images, truth))
        error = tf.maximum(far, LOWEST_ERROR)
        result: Tensor = -10.0 * tf.math.log(error) / tf.math.log(10.0)
        return result


class StructuralSimilarity(ImageMetric):
    """Structural similarity (Wang et al., 2004), at most 1."""

    def of_each(self, truth: Tensor, images: Tensor) -> Tensor:
        return structural_similarity(truth, images)


def structural_similarity(truth: Tensor, images: Tensor) -> Tensor:
    """The structural similarity of each pair of images from 0 to 1, (n,)."""
    height, width = images.shape[1] or WINDOW, images.shape[2] or WINDOW
    side = min(WINDOW, height, width)
    result: Tensor = tf.image.ssim(truth, images, 1.0, filter_size=side)
    return result


def mse(from_logits: bool = False) -> ImageSquaredError:
    """Mean squared error."""
    return ImageSquaredError("mse", from_logits)


def mae(from_logits: bool = False) -> ImageAbsoluteError:
    """Mean absolute error."""
    return ImageAbsoluteError("mae", from_logits)


def psnr(from_logits: bool = False) -> PeakSignalToNoise:
    """Peak signal-to-noise ratio in dB."""
    return PeakSignalToNoise("psnr", from_logits)


def ssim(from_logits: bool = False) -> StructuralSimilarity:
    """Structural similarity."""
    return StructuralSimilarity("ssim", from_logits)


OF_IMAGES = {"mse": mse, "mae": mae, "psnr": psnr, "ssim": ssim}
"""By the name of the plain metric."""


def _mean(values: Tensor) -> Tensor:
    """The mean of each image, (n,)."""
    flat = tf.reshape(values, (tf.shape(values)[0], -1))
    result: Tensor = tf.reduce_mean(flat, axis=1)
    return result
