"""Labels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from dlstudio.ui.theme.fonts import heading_font
from dlstudio.ui.theme.tokens import Theme


def label(
    text: str, role: str = "", *, wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A label of plain text; `role` is one of the style sheet's.

    Args:
        text: Translated.
        role: A role of the style sheet; "" for the usual text.
        wrap: Break long lines.
        parent: Owns the label.
    """
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def heading(theme: Theme, text: str) -> QLabel:
    """A small spaced heading over a list or a part of a form."""
    made = label(text, "muted")
    made.setFont(heading_font(theme))
    return made


class ElidedLabel(QLabel):
    """One line that ends in "…" where it does not fit; the tooltip has it whole."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self._mode = mode
        self._full_text = ""
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._full_text = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text without "…"."""
        return self._full_text

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._full_text) + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        width = min(self.fontMetrics().averageCharWidth() * 6, self.sizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = max(0, self.contentsRect().width())
        shown = self.fontMetrics().elidedText(self._full_text, self._mode, width)
        self.setText(shown)
        self.setToolTip(self._full_text if shown != self._full_text else "")
