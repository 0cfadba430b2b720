"""A message bubble beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

OFFSET = QPoint(16, 20)
MAX_WIDTH = 320


class HintBubble(QLabel):
    """Shows why an edge is refused or what a drop would do; ignores the mouse."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._room = parent
        self.setFont(text_font(theme, theme.small_size))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_message(self, text: str, at: QPoint, refused: bool = False) -> None:
        """Show a message beside a point; an empty message hides the bubble.

        Args:
            text: Translated message.
            at: In the parent widget's coordinates.
            refused: Use the colours of a refusal.
        """
        if not text:
            self.hide()
            return
        if (text, refused) != (self.text(), self.property("refused")):
            self._set_text(text, refused)
        room = self._room.size()
        spot = at + OFFSET
        self.move(
            max(4, min(spot.x(), room.width() - self.width() - 4)),
            max(4, min(spot.y(), room.height() - self.height() - 4)),
        )
        self.show()
        self.raise_()

    def _set_text(self, text: str, refused: bool) -> None:
        c = self._theme.colors
        ink = c.bad if refused else c.text
        background = c.bad_soft if refused else c.raised
        edge = c.bad_line if refused else c.line
        self.setProperty("refused", refused)
        self.setStyleSheet(
            f"color: {ink}; background: {background}; border: 1px solid {edge};"
            "border-radius: 6px; padding: 4px 8px;"
        )
        self.setText(text)
        self.setWordWrap(False)
        wide = self.sizeHint().width() > MAX_WIDTH  # as a single line
        self.setWordWrap(wide)
        self.setMinimumWidth(MAX_WIDTH if wide else 0)
        self.setMaximumWidth(MAX_WIDTH)
        self.adjustSize()
