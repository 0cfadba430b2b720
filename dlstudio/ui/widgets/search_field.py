"""A search field."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme


class SearchField(QLineEdit):
    """A line edit with a magnifier icon and a clear button."""

    def __init__(
        self, theme: Theme, placeholder: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        magnifier = QAction(icon("mdi6.magnify", theme.colors.text_faint), "", self)
        self.addAction(magnifier, QLineEdit.ActionPosition.LeadingPosition)
