"""Converts NumPy images to Qt images."""

from __future__ import annotations

import base64
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


def png_image(text: str) -> QImage:
    """The image of a PNG file in base64.

    Raises:
        ValueError: It is none.
    """
    image = QImage.fromData(base64.b64decode(text, validate=True))
    if image.isNull():
        raise ValueError("not a PNG file")
    return image


def scaled_pixmap(pixels: npt.NDArray[Any], size: QSize, scale: float = 1.0) -> QPixmap:
    """An image scaled to fit `size`; small ones are enlarged with sharp pixels.

    Args:
        scale: Device pixel ratio of the screen.
    """
    return scaled_image(to_image(pixels), size, scale)


def scaled_image(image: QImage, size: QSize, scale: float = 1.0) -> QPixmap:
    """The same of an image of Qt's.

    Args:
        image: Of any size.
        size: The area that it fits into.
        scale: Device pixel ratio of the screen.
    """
    target = size * scale
    larger = image.width() > target.width() or image.height() > target.height()
    smooth = Qt.TransformationMode.SmoothTransformation
    mode = smooth if larger else Qt.TransformationMode.FastTransformation
    keep = Qt.AspectRatioMode.KeepAspectRatio
    pixmap = QPixmap.fromImage(image.scaled(target, keep, mode))
    pixmap.setDevicePixelRatio(scale)
    return pixmap
