"""New images of a variational autoencoder."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.image_requests import SampleRequest
from dlstudio.document.image_sections import SampledImages
from dlstudio.i18n import _
from dlstudio.ui.heads.section import Pixels, ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.image_grid import ImageGrid
from dlstudio.ui.widgets.images import png_image, to_image
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import label

MAX_SEED = 2**31 - 1


class SamplesSection(ReportSection):
    """New images, drawn again with another seed.

    Args:
        theme: Colours and sizes.
        section: The images of the report, which have the seed 0.
    """

    def __init__(
        self, theme: Theme, section: SampledImages, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("New images")
        note = _("Decoded from random latent vectors")
        card = titled_card(theme, title, note, self)
        self._count = len(section.images)
        self.grid = ImageGrid(title, parent=card)
        self.grid.show_images([png_image(each) for each in section.images])
        self.seed = IntegerSpinBox(card)
        self.seed.setRange(0, MAX_SEED)
        self.seed.setAccessibleName(_("Seed"))
        self.again = button(theme, _("Draw again"), "", "mdi6.dice-multiple-outline")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(_("Seed"), "muted"))
        line.addWidget(self.seed)
        line.addWidget(self.again)
        line.addStretch(1)
        card.body.addWidget(self.grid)
        card.body.addLayout(line)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        self.again.clicked.connect(lambda: self.seed.setValue(self.seed.value() + 1))
        self.seed.valueChanged.connect(self._ask)

    @property
    def _request(self) -> SampleRequest:
        return SampleRequest(self._count, self.seed.value())

    def _ask(self) -> None:
        self.asked.emit(self._request)

    def show_images(self, request: object, images: Sequence[Pixels]) -> None:
        """See `ReportSection`."""
        if request == self._request:
            self.grid.show_images([to_image(each) for each in images])
