"""Images as a reconstruction compares them: values from 0 to 1.

Images are uint8 from 0 to 255 in the data, whatever the model makes of them with its
own Rescaling. They are divided by 255 here and nowhere else, so errors of two models
can be compared, and an output of 0.5 is the same grey for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.engine.heads.activation_functions import sigmoid

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

WHITE = 255.0
Pixels = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float32]


def targets_of(images: Tensor) -> Tensor:
    """Images (n, height, width, channels) from 0 to 255 as float32 from 0 to 1."""
    import tensorflow as tf

    result: Tensor = tf.cast(images, tf.float32) / WHITE
    return result


def image_tensor(outputs: Tensor, from_logits: bool = False) -> Tensor:
    """Outputs of a model as images, float32, clipped to 0 to 1.

    Args:
        outputs: Raw outputs, (n, height, width, channels).
        from_logits: Whether they lack their sigmoid.
    """
    import tensorflow as tf

    values = tf.cast(outputs, tf.float32)
    if from_logits:
        values = tf.sigmoid(values)
    result: Tensor = tf.clip_by_value(values, 0.0, 1.0)
    return result


def image_values(outputs: npt.ArrayLike, from_logits: bool = False) -> Values:
    """The same in NumPy; what is not a number stays so."""
    values = np.asarray(outputs, np.float64)
    if from_logits:
        values = sigmoid(values)
    return np.clip(values, 0.0, 1.0).astype(np.float32)


def values_of(images: npt.NDArray[Any]) -> Values:
    """Images from 0 to 255 as values from 0 to 1."""
    values: Values = np.asarray(images, np.float32) / np.float32(WHITE)
    return values


def pixels_of(values: npt.NDArray[Any]) -> Pixels:
    """Values from 0 to 1 as images from 0 to 255, rounded."""
    pixels: Pixels = np.rint(np.clip(values, 0.0, 1.0) * WHITE).astype(np.uint8)
    return pixels


def squared_errors(truth: Values, images: Values) -> npt.NDArray[np.float64]:
    """The mean squared error of each image, (n,)."""
    far = np.square(images.astype(np.float64) - truth)
    return np.asarray(far.mean(axis=(1, 2, 3)))


def absolute_errors(truth: Values, images: Values) -> npt.NDArray[np.float64]:
    """The mean absolute error of each image, (n,)."""
    far = np.abs(images.astype(np.float64) - truth)
    return np.asarray(far.mean(axis=(1, 2, 3)))
