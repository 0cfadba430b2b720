"""Names with their probabilities as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.percent_text import percent
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

MAX_BARS = 5
BAR_HEIGHT = 20
MAX_NAME_WIDTH = 180
MIN_SHARE = 0.0005  # smaller probabilities are displayed as 0.0 %


class ProbabilityBars(QWidget):
    """Labels with probability bars, in descending order."""

    def __init__(
        self, theme: Theme, scores: tuple[tuple[str, float], ...], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scores = scores
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scores_text = ", ".join(f"{name} {percent(score)}" for name, score in scores)
        self.setAccessibleName(scores_text)
        self.setToolTip(scores_text)

    def sizeHint(self) -> QSize:
        return QSize(280, BAR_HEIGHT * len(self._scores))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(self._theme, self._theme.small_size))
        name_width, share_width = self._name_width(painter.fontMetrics()), 56.0
        full = max(self.width() - name_width - share_width - 16, 20.0)
        for number, (name, score) in enumerate(self._scores):
            top = number * BAR_HEIGHT
            self._text(
                painter, QRectF(0, top, name_width, BAR_HEIGHT), name, number == 0
            )
            track = QRectF(name_width + 8, top + 7, full, 6)
            self._bar(painter, track, self._theme.colors.line)
            if score >= MIN_SHARE:
                track.setWidth(max(full * min(score, 1.0), 3))
                strong = number == 0
                colors = self._theme.colors
                self._bar(painter, track, colors.accent if strong else colors.edge)
            share = QRectF(self.width() - share_width, top, share_width, BAR_HEIGHT)
            painter.setPen(QColor(self._theme.colors.text_muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(share, right, percent(score))
        painter.end()

    def _name_width(self, metrics: QFontMetrics) -> float:
        """Width of the longest label, up to a limit."""
        longest = max(metrics.horizontalAdvance(name) for name, _score in self._scores)
        return float(min(longest + 2, MAX_NAME_WIDTH, self.width() // 2))

    def _text(self, painter: QPainter, area: QRectF, text: str, strong: bool) -> None:
        colors = self._theme.colors
        painter.setPen(QColor(colors.text if strong else colors.text_muted))
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided)

    def _bar(self, painter: QPainter, area: QRectF, color: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(area, 3, 3)
