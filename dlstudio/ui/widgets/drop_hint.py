"""An overlay that explains what a drop would do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.dropped_files import Drop


class DropHint(QWidget):
    """Covers the window while something is dragged over it."""

    def __init__(self, theme: Theme, drop: Drop, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._good = drop.good
        self.text = drop.text
        self.setAccessibleName(drop.text)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the veil, the frame and the text."""
        c, theme = self._theme.colors, self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(c.background)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        color = QColor(c.accent if self._good else c.warning)
        painter.setPen(QPen(color, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(24, 24, -24, -24), 12, 12)
        painter.setPen(color)
        painter.setFont(text_font(theme, theme.large_size, 600))
        inner = self.rect().adjusted(80, 24, -80, -24)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inner, flags, self.text)
