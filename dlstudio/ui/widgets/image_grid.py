"""Images side by side that wrap like text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.images import scaled_image

SIDE = 64
GAP = 4


class ImageGrid(QWidget):
    """Images without captions.

    Args:
        name: Accessible name.
        side: Of the area of each image, in pixels.
    """

    def __init__(
        self, name: str, side: int = SIDE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._side = side
        self.setAccessibleName(name)
        self.images: tuple[QImage, ...] = ()
        self._labels: list[QLabel] = []
        self._row: QWidget | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)

    def show_images(self, images: Sequence[QImage]) -> None:
        """Replace the images."""
        self.images = tuple(images)
        if len(images) != len(self._labels):
            self._make_labels(len(images))
        size, scale = QSize(self._side, self._side), self.devicePixelRatioF()
        for shown, image in zip(self._labels, images, strict=True):
            shown.setPixmap(scaled_image(image, size, scale))

    def _make_labels(self, count: int) -> None:
        if self._row is not None:
            self._lines.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
        self._labels = [QLabel() for _number in range(count)]
        for each in self._labels:
            each.setFixedSize(self._side, self._side)
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row = FlowRow(self._labels, GAP, parent=self)
        self._lines.addWidget(self._row)
