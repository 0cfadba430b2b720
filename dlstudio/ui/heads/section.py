"""What every section of an evaluation report in the window does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading

Pixels = npt.NDArray[np.uint8]


class ReportSection(QWidget):
    """A section of a report.

    Signals:
        row_chosen: Emitted with the id of a sample that the user wants to see.
        row_selected: Emitted with the id of a sample whose row is selected.
        asked: Emitted with a request for images, of `dlstudio.document.image_requests`.
        threshold_chosen: Emitted with a threshold to keep; None for the default.
    """

    row_chosen = Signal(str)
    row_selected = Signal(str)
    asked = Signal(object)
    threshold_chosen = Signal(object)

    def show_beside(self, sections: Mapping[str, Any]) -> None:
        """Take what is needed of the other sections of the same report.

        Args:
            sections: All of them, as JSON.

        Raises:
            KeyError, TypeError, ValueError: One of them is damaged.
        """

    def show_images(self, request: object, images: Sequence[Pixels]) -> None:
        """Show the images that were asked for.

        Args:
            request: As it was emitted.
            images: uint8 (height, width, channels) each.
        """


def titled_card(theme: Theme, title: str, note: str, parent: QWidget) -> Card:
    """A card with a heading, and a note beside it.

    Args:
        theme: Colours and sizes.
        title: Translated heading.
        note: Translated; "" for none.
        parent: Parent of the card.
    """
    card = Card(parent, margin=12)
    card.setAccessibleName(title)
    top = QHBoxLayout()
    top.setSpacing(8)
    top.addWidget(heading(theme, title))
    top.addWidget(ElidedLabel(note, "faint"), 1)
    card.body.addLayout(top)
    return card
