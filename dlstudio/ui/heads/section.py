"""What every section of an evaluation report in the window does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading


class ReportSection(QWidget):
    """A section of a report.

    Signals:
        row_chosen: Emitted with the id of a sample that the user wants to see.
    """

    row_chosen = Signal(str)


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
