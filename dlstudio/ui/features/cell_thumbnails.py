"""Small images in the cells of a table: those that are painted are loaded."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.workers.image_cells import CellImages
from dlstudio.workers.thumbnails import Thumbnails

THUMBNAIL, GAP = 40, 8
"""Side of an image in a cell, and the space between it and the name of its file."""


class CellThumbnails(QObject):
    """Gives the image of a cell if it is there, and asks for it otherwise.

    Args:
        thumbnails: Decodes images in the background.
        viewport: Painted anew when images are there; the parent.
    """

    def __init__(self, thumbnails: Thumbnails, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._thumbnails = thumbnails
        self._viewport = viewport
        self._images: CellImages | None = None
        self._wanted: dict[int, None] = {}
        self._side = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._request)
        thumbnails.arrived.connect(self._show)

    def show_images(self, images: CellImages) -> None:
        """Show the images of another table."""
        self._images = images
        self._wanted.clear()
        self._thumbnails.show(images)

    def image(self, column: str, text: str, side: int) -> QImage | None:
        """The image of a cell; None while it is loading, or if it cannot be read.

        Args:
            column: Name of the column.
            text: The cell's.
            side: Of the square it fits in, in device pixels.
        """
        if self._images is None:
            return None
        number = self._images.number(column, text)
        if number in self._wanted and side == self._side:
            return None
        found = self._thumbnails.image(number, side)
        if found is None and not self._thumbnails.failed(number, side):
            self._side = side
            self._wanted[number] = None
            self._soon.start()
        return found

    def paint(
        self, painter: QPainter, inner: QRect, column: str, text: str, empty: QColor
    ) -> None:
        """Draw the image of a cell at its left, or a square while it is loading.

        Args:
            painter: Of the viewport.
            inner: The cell without its margins.
            column: Name of the column.
            text: The cell's.
            empty: Colour of the square.
        """
        top = inner.center().y() - THUMBNAIL // 2
        square = QRect(inner.left(), top, THUMBNAIL, THUMBNAIL)
        device = painter.device()
        scale = device.devicePixelRatioF() if device is not None else 1.0
        image = self.image(column, text, round(THUMBNAIL * scale))
        if image is None:
            painter.fillRect(square, empty)
            return
        size = image.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRect(square.topLeft(), size)
        area.moveCenter(square.center())
        painter.drawImage(area, image)

    def _request(self) -> None:
        """Ask for all images that the last paintings lacked."""
        self._thumbnails.want(list(self._wanted), self._side)
        self._wanted.clear()

    def _show(self) -> None:
        self._thumbnails.take()
        self._viewport.update()
