"""Small images in the cells of a table: those that are painted are loaded."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from dlstudio.workers.cell_images import CellImages
from dlstudio.workers.thumbnails import Thumbnails


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

    def _request(self) -> None:
        """Ask for all images that the last paintings lacked."""
        self._thumbnails.want(list(self._wanted), self._side)
        self._wanted.clear()

    def _show(self) -> None:
        self._thumbnails.take()
        self._viewport.update()
