"""Converts NumPy images to Qt images."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


def to_image(pixels: npt.NDArray[Any]) -> QImage:
    """Copy uint8 (h, w), (h, w, 1), (h, w, 3) or (h, w, 4) into an image."""
    if pixels.ndim == 2:
        pixels = pixels[..., np.newaxis]
    height, width, channels = pixels.shape
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, width, height, width * channels, FORMATS[channels]).copy()


def scaled_pixmap(pixels: npt.NDArray[Any], size: QSize, scale: float = 1.0) -> QPixmap:
    """An image scaled to fit `size`; small ones are enlarged with sharp pixels.

    Args:
        scale: Device pixel ratio of the screen.
    """
    image = to_image(pixels)
    target = size * scale
    larger = image.width() > target.width() or image.height() > target.height()
    smooth = Qt.TransformationMode.SmoothTransformation
    mode = smooth if larger else Qt.TransformationMode.FastTransformation
    keep = Qt.AspectRatioMode.KeepAspectRatio
    pixmap = QPixmap.fromImage(image.scaled(target, keep, mode))
    pixmap.setDevicePixelRatio(scale)
    return pixmap
