"""Rows of images, each below its caption."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from dlstudio.ui.widgets.image_tile import row_pixmap
from dlstudio.ui.widgets.images import to_image
from dlstudio.ui.widgets.labels import label

SIDE = 34
MAX_IMAGES = 8
BELOW = 2
"""Rows below each other; the next ones are beside them."""
Images = npt.NDArray[np.uint8]


class ImageRows(QWidget):
    """Images below each other belong together, such as originals and results.

    Args:
        side: Of the area of each image, in pixels.
    """

    def __init__(self, parent: QWidget | None = None, side: int = SIDE) -> None:
        super().__init__(parent)
        self._side = side
        self._captions: list[QLabel] = []
        self.shown: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(BELOW, 1)
        self._grid.setRowStretch(2 * BELOW, 1)

    def show_rows(self, rows: Sequence[tuple[str, Images]]) -> None:
        """Replace the rows; those without images are left out.

        Args:
            rows: A translated caption, and uint8 (n, height, width, channels) each.
        """
        filled = [each for each in rows if len(each[1])]
        self._keep(len(filled))
        for row, (caption, images) in enumerate(filled):
            self._captions[row].setText(caption)
            shown = [to_image(each) for each in images[:MAX_IMAGES]]
            scale = self.devicePixelRatioF()
            self.shown[row].setPixmap(row_pixmap(shown, self._side, scale))
            self.shown[row].setAccessibleName(caption)

    def captions(self) -> tuple[str, ...]:
        """The captions that are shown."""
        return tuple(each.text() for each in self._captions)

    def _keep(self, count: int) -> None:
        while len(self.shown) > count:
            for each in (self._captions.pop(), self.shown.pop()):
                self._grid.removeWidget(each)
                each.hide()
                each.deleteLater()
        while len(self.shown) < count:
            column, row = divmod(len(self.shown), BELOW)
            self._captions.append(label("", "faint", parent=self))
            self.shown.append(QLabel(self))
            left = Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(self._captions[-1], 2 * row, column, left)
            self._grid.addWidget(self.shown[-1], 2 * row + 1, column, left)
