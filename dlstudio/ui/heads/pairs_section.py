"""Images beside their reconstructions."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.image_sections import ReconstructedImage, Reconstructions
from dlstudio.i18n import _
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.image_tile import ImageTile
from dlstudio.ui.widgets.images import png_image
from dlstudio.value_text import metric_number


class PairsSection(ReportSection):
    """Each original on the left of its reconstruction; a click chooses the sample.

    Args:
        theme: Colours and sizes.
        section: The images.
    """

    def __init__(
        self, theme: Theme, section: Reconstructions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        note = _("Original on the left, reconstruction on the right")
        card = titled_card(theme, self._title(), note, self)
        self.tiles = tuple(self._tile(each) for each in section.rows)
        card.body.addWidget(FlowRow(self.tiles, theme.unit, parent=card))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)

    def _title(self) -> str:
        return _("Reconstructions")

    def _tile(self, row: ReconstructedImage) -> ImageTile:
        error = _("error {error}").format(error=metric_number(row.error))
        images = [png_image(each) for each in (row.original, row.reconstructed)]
        tile = ImageTile(images, error, f"{row.id}: {error}")
        tile.clicked.connect(partial(self.row_chosen.emit, row.id))
        return tile


class WorstPairsSection(PairsSection):
    """The images with the largest errors."""

    def _title(self) -> str:
        return _("Largest errors")
