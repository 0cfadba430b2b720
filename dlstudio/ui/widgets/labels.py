"""Text labels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from dlstudio.ui.theme.fonts import heading_font
from dlstudio.ui.theme.tokens import Theme


def label(
    text: str, role: str = "", *, wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A plain text label; `role` selects its style.

    Args:
        text: Translated.
        role: A role of the style sheet; "" for regular text.
        wrap: Whether to break long lines.
        parent: Parent of the label.
    """
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Show a widget in the style of another role.

    Args:
        widget: Already styled.
        role: A role of the style sheet.
    """
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def heading(theme: Theme, text: str) -> QLabel:
    """A small spaced heading of a list or form section."""
    made = label(text, "muted")
    made.setFont(heading_font(theme))
    return made


class ElidedLabel(QLabel):
    """A single-line label that elides long text; the tooltip shows the full text.

    Args:
        text: Translated text.
        role: A role of the style sheet; "" for regular text.
        mode: Where to elide.
    """

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
        """Show another text, elided if necessary."""
        self._full_text = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text without elision."""
        return self._full_text

    def sizeHint(self) -> QSize:
        """The width of the full text."""
        width = self.fontMetrics().horizontalAdvance(self._full_text) + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Space for a few letters."""
        width = min(self.fontMetrics().averageCharWidth() * 6, self.sizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = max(0, self.contentsRect().width())
        shown = self.fontMetrics().elidedText(self._full_text, self._mode, width)
        self.setText(shown)
        self.setToolTip(self._full_text if shown != self._full_text else "")
