"""A scrollable page with a centred column of limited width."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


class ColumnPage(QScrollArea):
    """A page filled from the top.

    Args:
        max_width: Maximum width of the column in pixels.
    """

    def __init__(self, max_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside, middle = QWidget(), QWidget()
        for each in (inside, middle):
            each.setProperty("role", "clear")
        middle.setMaximumWidth(max_width)
        row = QHBoxLayout(inside)
        row.setContentsMargins(16, 16, 16, 16)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its children take the focus
        self.setWidget(inside)
