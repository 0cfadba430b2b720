"""Cards side by side, whose widths can be changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def card_splitter(
    cards: Sequence[QWidget], widths: Sequence[int], middle: int, parent: QWidget
) -> QSplitter:
    """Cards from left to right with a gap between them.

    Args:
        cards: From left to right.
        widths: Their first widths in pixels.
        middle: Number of the card that grows with the window.
        parent: Parent of the splitter.
    """
    made = QSplitter(Qt.Orientation.Horizontal, parent)
    made.setHandleWidth(16)
    made.setStyleSheet("QSplitter::handle { background: transparent; }")
    made.setChildrenCollapsible(False)
    for card in cards:
        made.addWidget(card)
    made.setStretchFactor(middle, 1)
    made.setSizes(list(widths))
    return made
