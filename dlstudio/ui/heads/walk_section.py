"""Images between two images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from dlstudio.document.image_requests import WalkRequest
from dlstudio.document.image_sections import ImageWalk, Reconstructions
from dlstudio.i18n import _
from dlstudio.ui.heads.section import Pixels, ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.image_grid import ImageGrid
from dlstudio.ui.widgets.image_tile import row_pixmap
from dlstudio.ui.widgets.images import png_image, to_image
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import label

MAX_STEPS = 32
ICON_SIDE = 32


class WalkSection(ReportSection):
    """The way from one image to another; both and the number of steps can be chosen.

    Args:
        theme: Colours and sizes.
        section: The walk of the report.
    """

    def __init__(
        self, theme: Theme, section: ImageWalk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Walk between two images")
        note = _("Decoded from vectors between the latent vectors of both")
        card = titled_card(theme, title, note, self)
        self._ends = [section.first, section.second]
        self._images: dict[str, QImage] = {}
        self.grid = ImageGrid(title, parent=card)
        self.grid.show_images([png_image(each) for each in section.images])
        self.steps = IntegerSpinBox(card)
        self.steps.setRange(2, MAX_STEPS)
        self.steps.setValue(len(section.images))
        self.steps.setAccessibleName(_("Images"))
        self.ends = (QToolButton(card), QToolButton(card))
        line = QHBoxLayout()
        line.setSpacing(8)
        for place, text in enumerate((_("From"), _("To"))):
            self._set_up(self.ends[place], text)
            line.addWidget(label(text, "muted"))
            line.addWidget(self.ends[place])
        line.addWidget(label(_("Images"), "muted"))
        line.addWidget(self.steps)
        line.addStretch(1)
        card.body.addWidget(self.grid)
        card.body.addLayout(line)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        self._show_ends()
        self.steps.valueChanged.connect(self._ask)

    def show_beside(self, sections: Mapping[str, Any]) -> None:
        """See `ReportSection`: the images of the report can be chosen as ends."""
        if Reconstructions.NAME not in sections:
            return
        found = Reconstructions.from_json(sections[Reconstructions.NAME])
        self._images = {each.id: png_image(each.original) for each in found.rows}
        for place, each in enumerate(self.ends):
            menu = QMenu(each)
            for id, image in self._images.items():
                scale = self.devicePixelRatioF()
                icon = QIcon(row_pixmap([image], ICON_SIDE, scale))
                action = menu.addAction(icon, id)
                action.triggered.connect(partial(self._choose, place, id))
            each.setMenu(menu)
            each.setEnabled(bool(self._images))
        self._show_ends()

    def show_images(self, request: object, images: Sequence[Pixels]) -> None:
        """See `ReportSection`."""
        if request == self._request:
            self.grid.show_images([to_image(each) for each in images])

    @property
    def _request(self) -> WalkRequest:
        return WalkRequest(self._ends[0], self._ends[1], self.steps.value())

    def _set_up(self, end: QToolButton, name: str) -> None:
        end.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        end.setAccessibleName(name)
        end.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        end.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        end.setEnabled(False)

    def _choose(self, place: int, id: str, _checked: bool = False) -> None:
        self._ends[place] = id
        self._show_ends()
        self._ask()

    def _ask(self) -> None:
        self.asked.emit(self._request)

    def _show_ends(self) -> None:
        for end, id in zip(self.ends, self._ends, strict=True):
            end.setText(f"\u2002{id.rpartition('/')[2]}")  # away from the image
            if id in self._images:
                image = [self._images[id]]
                scale = self.devicePixelRatioF()
                end.setIcon(QIcon(row_pixmap(image, ICON_SIDE, scale)))
            end.setToolTip(id)
