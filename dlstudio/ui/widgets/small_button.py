"""A small one-character button, painted in the palette's colours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QWidget


class SmallButton(QAbstractButton):
    """A clickable character, such as ↺ or ×.

    Args:
        glyph: The character.
        text: Its tooltip and accessible name.
    """

    def __init__(self, glyph: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        kept = self.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # keeps the layout stable when it appears
        self.setSizePolicy(kept)
        self.setFixedSize(20, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the character, with a soft background on hover."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, box = QPalette.ColorRole, self.rect().toRectF()
        edge = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.isDown():
            painter.setBrush(self.palette().color(role.Midlight))
            painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.palette().color(role.Highlight))
            painter.drawRoundedRect(edge, 4, 4)
        if not self.isEnabled():
            return  # only the background while disabled
        painter.setPen(self.palette().color(role.PlaceholderText))
        font = self.font()
        font.setPixelSize(15)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._glyph)
