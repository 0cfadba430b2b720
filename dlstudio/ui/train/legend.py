"""The legend of a chart: line names with their latest or hovered values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

DOT = 8
GAP = 12
HEIGHT = 20


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """Name and value of a line; plain text if it has no colour.

    Attributes:
        short: Shown where `text` does not fit; the tooltip shows the full text.
    """

    text: str
    color: str = ""
    short: str = ""


class Legend(QWidget):
    """One row of coloured dots and texts; entries that do not fit are omitted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = theme.colors.text_muted
        self._entries: tuple[LegendEntry, ...] = ()
        self.setFont(text_font(theme, theme.small_size))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Replace the entries."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.setAccessibleName(self.text())
            self.setToolTip(self.text())
            self.update()

    def text(self) -> str:
        """All entries as text."""
        return "   ".join(entry.text for entry in self._entries)

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as many complete entries as fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, x = self.fontMetrics(), 0.0
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for entry in self._entries:
            dot = DOT + 5 if entry.color else 0
            text, room = entry.text, self.width() - x - dot
            width = metrics.horizontalAdvance(text)
            if room < width and entry.short:
                text = entry.short
                width = metrics.horizontalAdvance(text)
            if room < width and x > 0:
                break
            if entry.color:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(entry.color))
                spot = QPointF(x + DOT / 2, self.height() / 2)
                painter.drawEllipse(spot, DOT / 2, DOT / 2)
            painter.setPen(QColor(self._color))
            shown = metrics.elidedText(
                text, Qt.TextElideMode.ElideRight, max(int(room), 0)
            )
            box = QRectF(x + dot, 0, room, self.height())
            painter.drawText(box, middle, shown)
            x += dot + width + GAP
        painter.end()
