"""Draws how values are distributed: a histogram, or shares of names as one bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.ui.theme.tokens import Theme

MAX_WIDTH = 112.0
BAR_HEIGHT = 8.0
MAX_SHARES = 6


def paint_histogram(
    painter: QPainter, area: QRectF, counts: Sequence[int], color: QColor
) -> None:
    """Draw counts as bars that stand on the lower edge; few are still seen.

    Args:
        painter: Where to draw.
        area: At most `MAX_WIDTH` of its width is used.
        counts: Of the bins, from left to right.
        color: Of the bars.
    """
    highest = max(counts, default=0)
    if not highest:
        return
    width = min(area.width(), MAX_WIDTH) / max(len(counts), 8)
    for number, count in enumerate(counts):
        if count:
            height = max(1.5, area.height() * count / highest)
            left = area.left() + number * width
            bar = QRectF(left, area.bottom() - height, max(width - 1, 1), height)
            painter.fillRect(bar, color)


def paint_shares(
    painter: QPainter, area: QRectF, statistics: ColumnStatistics, theme: Theme
) -> None:
    """Draw the most frequent names as segments of one bar, the others in grey.

    Args:
        painter: Where to draw.
        area: At most `MAX_WIDTH` of its width is used.
        statistics: With the names' counts.
        theme: Colours and sizes.
    """
    frequent = statistics.frequent[:MAX_SHARES]
    shown = sum(count for _name, count in frequent)
    total = max(statistics.count - statistics.missing, shown)
    if not total:
        return
    width = min(area.width(), MAX_WIDTH)
    bar = QRectF(area.left(), area.center().y() - BAR_HEIGHT / 2, width, BAR_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(bar, QColor(theme.colors.line))
    left = bar.left()
    for number, (_name, count) in enumerate(frequent, 1):
        share = width * count / total
        segment = QRectF(left, bar.top(), max(share - 1, 1), BAR_HEIGHT)
        painter.fillRect(segment, QColor(theme.run_color(number)))
        left += share
