"""A small histogram."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

HEIGHT = 96
FOOTER_HEIGHT = 18


class HistogramChart(QWidget):
    """A bar chart of counts with the ends of the range below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._ends = ("", "")
        self.setAccessibleName(_("Histogram"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_counts(
        self, counts: npt.NDArray[np.int64], edges: npt.NDArray[np.float64]
    ) -> None:
        """Show counts (bins,) between edges (bins + 1,)."""
        self._counts = counts
        self._ends = (f"{edges[0]:.3g}", f"{edges[-1]:.3g}")
        self.setAccessibleDescription(" – ".join(self._ends))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = self._theme.colors
        width, height = self.width(), self.height() - FOOTER_HEIGHT
        painter.fillRect(0, height, width, 1, QColor(colors.line))
        most = int(self._counts.max()) if self._counts.size else 0
        if most:
            bar = width / self._counts.size
            for index, count in enumerate(self._counts):
                tall = height * float(count) / most
                area = QRectF(index * bar, height - tall, max(bar - 1, 1), tall)
                painter.fillRect(area, QColor(colors.accent))
        painter.setFont(text_font(self._theme, self._theme.tiny_size))
        painter.setPen(QColor(colors.text_muted))
        foot = QRectF(0, height, width, FOOTER_HEIGHT)
        low, high = self._ends
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, high)
        painter.end()
