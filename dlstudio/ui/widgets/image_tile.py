"""A button that shows one image, or two side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from dlstudio.ui.widgets.images import scaled_image

SIDE = 72
GAP = 4


class ImageTile(QToolButton):
    """Images with a line of text below.

    Args:
        images: One, or several that are shown side by side.
        text: Translated; "" for none.
        name: Accessible name and tooltip.
        side: Of the area of each image, in pixels.
    """

    def __init__(
        self,
        images: Sequence[QImage],
        text: str,
        name: str,
        side: int = SIDE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.images = tuple(images)
        self.setProperty("role", "ghost")
        self.setAutoRaise(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        size = QSize(len(images) * (side + GAP) - GAP, side)
        self.setIconSize(size)
        self.setIcon(QIcon(row_pixmap(images, side, self.devicePixelRatioF())))
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)


def row_pixmap(images: Sequence[QImage], side: int, scale: float = 1.0) -> QPixmap:
    """Images side by side, each in a square area.

    Args:
        images: At least one.
        side: Of each area, in pixels.
        scale: Device pixel ratio of the screen.
    """
    size = QSize(len(images) * (side + GAP) - GAP, side)
    drawn = QPixmap(size * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    for place, image in enumerate(images):
        shown = scaled_image(image, QSize(side, side), scale)
        area = QRect(place * (side + GAP), 0, side, side)
        inside = QRect(area.topLeft(), shown.deviceIndependentSize().toSize())
        inside.moveCenter(area.center())
        painter.drawPixmap(inside, shown)
    painter.end()
    return drawn
