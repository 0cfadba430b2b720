"""A row of images, each with two lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, heading, label

IMAGE_SIZE = QSize(72, 72)
TILE_WIDTH = 104
Images = Mapping[str, npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One image of the row.

    Attributes:
        id: Id of the sample.
        caption: First line, such as a prediction.
        tone: Tone of the first line: "good", "bad" or "muted".
        note: Second line.
    """

    id: str
    caption: str
    tone: str
    note: str


class ThumbnailStrip(QWidget):
    """Title, number of images, and the images, which may be loaded later.

    Args:
        theme: Colours and sizes.
        name: What the images show, such as "Examples".
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[str, QLabel] = {}
        self._title = ElidedLabel("", "strong")
        self._count = label("", "muted")
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(name)
        lines = 2 * (self.fontMetrics().height() + 4)
        self._area.setFixedHeight(IMAGE_SIZE.height() + lines + 16)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(heading(theme, name))
        line.addWidget(self._title, 1)
        line.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._area)

    def show_thumbnails(
        self, title: str, thumbnails: Sequence[Thumbnail], count: int, hint: str = ""
    ) -> None:
        """Replace the thumbnails, without their images.

        Args:
            title: What they show, translated.
            thumbnails: In their order.
            count: Total number, of which these are a part.
            hint: Shown beside them, translated; "" for none.
        """
        self._title.set_text(title)
        text = ngettext("{count} image", "{count} images", count)
        words = [text.format(count=count)] if count else []
        if len(thumbnails) < count:
            words.append(_("{count} shown").format(count=len(thumbnails)))
        self._count.setText(" · ".join(words))
        inside = QWidget()
        inside.setProperty("role", "clear")
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._tiles = {}
        for each in thumbnails:
            line.addWidget(self._tile(each))
        if hint:
            line.addWidget(label(hint, "muted"))
        line.addStretch(1)
        self._area.setWidget(inside)

    def show_images(self, images: Images) -> None:
        """Set images by id; those that are no longer displayed are ignored.

        Args:
            images: uint8 arrays of shape (height, width, channels).
        """
        scale = self.devicePixelRatioF()
        for id, pixels in images.items():
            tile = self._tiles.get(id)
            if tile is not None:
                tile.setPixmap(scaled_pixmap(pixels, IMAGE_SIZE, scale))

    def title(self) -> str:
        """The displayed title."""
        return self._title.full_text()

    def count(self) -> str:
        """The displayed number of images."""
        return self._count.text()

    def shown(self) -> dict[str, QLabel]:
        """The displayed images by id."""
        return dict(self._tiles)

    def _tile(self, thumbnail: Thumbnail) -> QWidget:
        tile = QWidget()
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        image = QLabel(tile)
        image.setFixedSize(IMAGE_SIZE)
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        image.setToolTip(thumbnail.id)
        self._tiles[thumbnail.id] = image
        column.addWidget(image)
        lines = ((thumbnail.caption, thumbnail.tone), (thumbnail.note, "muted"))
        for text, role in lines:
            words = ElidedLabel(text, role)
            words.setFixedWidth(TILE_WIDTH)
            column.addWidget(words)
        tile.setAccessibleName(f"{thumbnail.id}: {thumbnail.caption}, {thumbnail.note}")
        return tile
