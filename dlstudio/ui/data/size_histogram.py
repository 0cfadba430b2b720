"""A histogram of image sizes; clicking a bar filters the gallery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import count_text
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.dataset import ExaminedDataset

MAX_BARS = 16
FOOTER_HEIGHT = 18


@dataclass(frozen=True)
class SizeBins:
    """Counts between edges (pixels of the longer side); `edges` has one more item."""

    edges: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()

    def between(self, number: int) -> tuple[int, int]:
        """The edges of a bar: from (inclusive) and to (exclusive)."""
        return self.edges[number], self.edges[number + 1]


def size_bins(
    widths: npt.NDArray[np.int32], heights: npt.NDArray[np.int32]
) -> SizeBins:
    """Bins of equal ratio, as image sizes vary by factors rather than by pixels."""
    longer = np.maximum(widths, heights)
    longer = longer[longer > 0]
    if not longer.size:
        return SizeBins()
    low, high = int(longer.min()), int(longer.max())
    if low == high:
        return SizeBins((low, high + 1), (int(longer.size),))
    steps = np.geomspace(low, high + 1, min(MAX_BARS, high - low + 1) + 1)
    edges = np.unique(np.round(steps).astype(np.int64))
    counts, _edges = np.histogram(longer, edges)
    return SizeBins(tuple(edges.tolist()), tuple(counts.tolist()))


class SizeHistogram(QWidget):
    """The histogram widget.

    Signals:
        chosen: Emitted with the selected size range (from, to), or None for all.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bins = SizeBins()
        self._selected = -1
        self._cursor = 0
        self._single_size = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Image sizes"))

    def show_data(self, examined: ExaminedDataset | None) -> None:
        """Show the sizes, available once every image has been examined."""
        bins = SizeBins()
        self._single_size = ""
        if examined is not None:
            bins = size_bins(examined.widths, examined.heights)
            if len(bins.counts) == 1:
                at = int(np.argmax(examined.widths > 0))
                width, height = examined.widths[at], examined.heights[at]
                self._single_size = f"{width} × {height}"
        several = len(bins.counts) > 1
        focus = Qt.FocusPolicy.StrongFocus if several else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        if bins != self.bins:
            self.bins, self._selected, self._cursor = bins, -1, 0
        self.update()

    def choose(self, sizes: tuple[int, int] | None) -> None:
        """Set the selected bar without emitting `chosen`."""
        pairs = [self.bins.between(n) for n in range(len(self.bins.counts))]
        self._selected = pairs.index(sizes) if sizes in pairs else -1
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, 96)

    def bar_rect(self, number: int) -> QRect:
        """The full-height rectangle of a bar."""
        wide = self.width() / max(1, len(self.bins.counts))
        left = round(number * wide)
        return QRect(
            left, 0, round((number + 1) * wide) - left, self.height() - FOOTER_HEIGHT
        )

    def bar_text(self, number: int) -> str:
        """A bar's description."""
        low, high = self.bins.between(number)
        size = f"{low}" if high == low + 1 else f"{low}–{high - 1}"
        count = count_text(self.bins.counts[number])
        return _("{size} px: {count}").format(size=size, count=count)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = self._theme.colors
        painter.setFont(text_font(self._theme, self._theme.tiny_size))
        foot = QRect(0, self.height() - FOOTER_HEIGHT, self.width(), FOOTER_HEIGHT)
        painter.setPen(QColor(c.text_faint))
        if not self.bins.counts:
            flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            text = _("Check the images to see their sizes.")
            painter.drawText(self.rect(), flags, text)
            return
        if self._single_size:
            painter.setPen(QColor(c.text_muted))
            text = _("All images are {size} px.").format(size=self._single_size)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop, text)
            return
        most = max(self.bins.counts)
        for number, count in enumerate(self.bins.counts):
            box = self.bar_rect(number).adjusted(1, 0, -1, 0)
            tall = max(2 if count else 0, round(box.height() * count / most))
            selected = number == self._selected or self._selected < 0
            color = QColor(c.training if selected else c.line_strong)
            painter.fillRect(QRect(box.left(), box.bottom() - tall, box.width(), tall),
                             color)  # fmt: skip
            if self.hasFocus() and number == self._cursor:
                painter.setPen(QColor(c.accent))
                painter.drawRect(box.adjusted(-1, 0, 0, -1))
                painter.setPen(QColor(c.text_faint))
        low, high = self.bins.edges[0], self.bins.edges[-1] - 1
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, bottom, str(low))
        flags = bottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(foot, flags, _("{size} px").format(size=high))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a bar, or deselect it."""
        number = self._bar_at(round(event.position().x()))
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self._cursor = number
            self._select(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move; Space selects."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.bins.counts:
            last = len(self.bins.counts) - 1
            self._cursor = min(max(self._cursor + step, 0), last)
            self.setAccessibleDescription(self.bar_text(self._cursor))
            self.update()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and self.bins.counts:
            self._select(self._cursor)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._bar_at(event.pos().x())
            text = self.bar_text(number) if number >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _bar_at(self, x: int) -> int:
        for number in range(len(self.bins.counts)):
            box = self.bar_rect(number)
            if box.left() <= x <= box.right():
                return number
        return -1

    def _select(self, number: int) -> None:
        self._selected = -1 if number == self._selected else number
        self.update()
        between = None if self._selected < 0 else self.bins.between(number)
        self.chosen.emit(between)
