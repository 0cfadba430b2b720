"""Where the panels of the Data room are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from dlstudio.ui.data.states import ErrorState
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.splitter import card_splitter

LEFT, RIGHT = 212, 352


def images_page(
    charts: QWidget, gallery: QWidget, panels: QWidget, parent: QWidget
) -> QSplitter:
    """The page of images: charts, gallery and panels side by side.

    Args:
        charts: Left, narrow.
        gallery: In the middle; gets the room that is left.
        panels: Right.
        parent: The room.
    """
    split = card_splitter((charts, gallery, panels), (LEFT, 600, RIGHT), 1, parent)
    charts.setMinimumWidth(168)
    gallery.setMinimumWidth(320)
    panels.setMinimumWidth(330)
    return split


def show_beside(error_state: ErrorState, panel: QWidget) -> None:
    """Put a panel on a card beside the message about data that cannot be read."""
    card = Card(error_state)
    card.setFixedWidth(RIGHT)
    card.body.addWidget(panel)
    error_state.set_side_panel(card)


def fill_column(room: QWidget, above: Sequence[QWidget], pages: QWidget) -> None:
    """Lay out a room: bars and messages above its pages.

    Args:
        room: It has no layout yet.
        above: From top to bottom.
        pages: Gets the room that is left.
    """
    column = QVBoxLayout(room)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    for widget in above:
        column.addWidget(widget)
    column.addWidget(pages, 1)
