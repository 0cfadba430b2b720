"""A widget that shows an array as an image with sharp pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


class ArrayImage(QWidget):
    """Shows an array; hidden while there is none.

    Args:
        name: Accessible name.
        width: Pixels at 100 %; 0 for the available width.
    """

    def __init__(self, name: str, width: int = 0, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(name)
        self._image = QImage()
        self._fixed = width
        kind = QSizePolicy.Policy
        policy = QSizePolicy(kind.Fixed if width else kind.Expanding, kind.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def image(self) -> QImage:
        """The image, one pixel per array element."""
        return self._image

    def show_pixels(self, pixels: npt.NDArray[np.uint8] | None) -> None:
        """Show uint8 of shape (h, w, 1), (h, w, 3) or (h, w, 4), or hide for None."""
        self._image = to_image(pixels) if pixels is not None else QImage()
        self.setVisible(pixels is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the requested width and the height that keeps the aspect ratio."""
        width = self._fixed or 200
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        if self._image.isNull():
            return 0
        return max(1, round(width * self._image.height() / self._image.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Scale up with sharp pixels and scale down smoothly."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        width = self.width() * self.devicePixelRatioF()
        smooth = self._image.width() > width
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        height = self.heightForWidth(self.width())
        painter.drawImage(QRectF(0, 0, self.width(), height), self._image)


def to_image(pixels: npt.NDArray[Any]) -> QImage:
    """Convert uint8 (h, w, 1), (h, w, 3) or (h, w, 4) to an image with its own data."""
    height, columns, channels = pixels.shape
    data = np.ascontiguousarray(pixels).tobytes()
    image = QImage(data, columns, height, columns * channels, FORMATS[channels])
    return image.copy()  # the bytes above are freed


def top_left() -> Qt.AlignmentFlag:
    """Return the alignment of images in a row."""
    return Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
