"""Named values as bars, each perhaps with its deviation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

BAR_HEIGHT = 26
MAX_NAME_WIDTH, GAP = 160, 8


@dataclass(frozen=True, slots=True)
class ValueBar:
    """A bar.

    Attributes:
        name: Shown before it.
        value: Its length; at most 0 is no bar.
        text: Shown behind it.
        deviation: Shown as a whisker at its end.
    """

    name: str
    value: float
    text: str
    deviation: float = 0.0


class ValueBars(QWidget):
    """One bar below the other.

    Args:
        theme: Colours and sizes.
        bars: In their order.
    """

    def __init__(
        self, theme: Theme, bars: Sequence[ValueBar], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars = tuple(bars)
        self._font = text_font(theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = [f"{each.name} {each.text}" for each in self._bars]
        self.setAccessibleName(", ".join(words))
        self.setToolTip("\n".join(words))

    def sizeHint(self) -> QSize:
        return QSize(280, BAR_HEIGHT * len(self._bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        metrics = QFontMetrics(self._font)
        names = [metrics.horizontalAdvance(each.name) for each in self._bars]
        texts = [metrics.horizontalAdvance(each.text) for each in self._bars]
        name_width = float(min(max(names, default=0) + 2, MAX_NAME_WIDTH))
        name_width = min(name_width, self.width() / 3)
        text_width = float(max(texts, default=0) + 4)
        full = max(self.width() - name_width - text_width - 2 * GAP, 20.0)
        most = max((each.value + each.deviation for each in self._bars), default=0)
        colors = self._theme.colors
        for number, each in enumerate(self._bars):
            top = number * BAR_HEIGHT
            elided = Qt.TextElideMode.ElideMiddle
            name = metrics.elidedText(each.name, elided, int(name_width))
            self._text(painter, QRectF(0, top, name_width, BAR_HEIGHT), name)
            track = QRectF(name_width + GAP, top + BAR_HEIGHT / 2 - 4, full, 8)
            self._bar(painter, track, colors.line)
            if most > 0 and each.value > 0:
                scale = full / most
                track.setWidth(max(scale * each.value, 3))
                self._bar(painter, track, colors.accent)
                self._whisker(painter, track, scale * each.deviation)
            place = QRectF(self.width() - text_width, top, text_width, BAR_HEIGHT)
            self._text(painter, place, each.text, right=True)
        painter.end()

    def _text(
        self, painter: QPainter, area: QRectF, text: str, right: bool = False
    ) -> None:
        colors = self._theme.colors
        painter.setPen(QColor(colors.text_muted if right else colors.text))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _bar(self, painter: QPainter, area: QRectF, color: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(area, 4, 4)

    def _whisker(self, painter: QPainter, bar: QRectF, length: float) -> None:
        if length >= 1:
            painter.setPen(QPen(QColor(self._theme.colors.text_muted), 1.5))
            middle = bar.center().y()
            left, right = max(bar.right() - length, bar.left()), bar.right() + length
            painter.drawLine(int(left), int(middle), int(right), int(middle))
