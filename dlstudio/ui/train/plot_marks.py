"""Markers on a chart: interventions and the best epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

MAX_ROWS = 4
TOP = 2
MARGIN = 8
"""Pixels above the first row of texts, and the total padding of each text."""
NEAR = 6
VEIL = 190
"""Opacity of the background of texts over curves, 0 to 255."""
ABOVE = 5
STAR = 15


class PlotMarks:
    """Dashed lines with text, and one star, on a pyqtgraph widget.

    Args:
        theme: Colours and sizes.
        widget: A `pyqtgraph.PlotWidget`.
    """

    def __init__(self, theme: Theme, widget: Any) -> None:
        self._theme = theme
        self._widget = widget
        self._font = text_font(theme, theme.tiny_size)
        self._view = widget.getPlotItem().getViewBox()
        self._lines: list[Any] = []
        self._texts: dict[float, str] = {}
        self.found: tuple[tuple[float, str], ...] = ()
        self.best: tuple[float, float] | None = None
        self._starred: tuple[tuple[float, float] | None, bool] = None, False
        self._star = pg.ScatterPlotItem(
            symbol="star",
            size=STAR,
            pen=pg.mkPen(theme.colors.surface, width=1),
            brush=pg.mkBrush(theme.colors.good),
        )
        self._star.setZValue(10)
        widget.addItem(self._star, ignoreBounds=True)
        self._view.sigXRangeChanged.connect(self._arrange)
        self._view.sigResized.connect(self._arrange)

    def show_lines(self, found: Sequence[tuple[float, str]]) -> None:
        """Replace the marks."""
        if tuple(found) == self.found:
            return
        self.found = tuple(found)
        for old in self._lines:
            self._widget.removeItem(old)
        self._texts = {}
        for x, text in self.found:  # simultaneous marks share one text
            self._texts[x] = f"{self._texts[x]} · {text}" if x in self._texts else text
        self._lines = [self._line(x, text) for x, text in self._texts.items()]
        for line in self._lines:
            self._widget.addItem(line, ignoreBounds=True)
        self._arrange()

    def near(self, x: float) -> list[str]:
        """Texts of the marks near `x`, including those hidden for lack of space."""
        low, high = self._view.viewRange()[0]
        reach = NEAR * (high - low) / max(self._view.width(), 1)
        return [text for place, text in self._texts.items() if abs(place - x) <= reach]

    def _line(self, x: float, text: str) -> Any:
        colors = self._theme.colors
        veil = QColor(colors.surface)
        veil.setAlpha(VEIL)
        line = pg.InfiniteLine(
            x,
            pen=pg.mkPen(colors.text_faint, style=Qt.PenStyle.DashLine),
            label=text.replace("{", "{{").replace("}", "}}"),
            labelOpts={"color": colors.text_muted, "fill": veil},
        )
        line.label.setFont(self._font)
        return line

    def _arrange(self, *_args: object) -> None:
        """Arrange the texts in rows without overlap; hide those that do not fit."""
        (low, high), width = self._view.viewRange()[0], self._view.width()
        height, metrics = self._view.height(), QFontMetricsF(self._font)
        if width <= 0 or height <= 0 or high <= low:
            return
        step = metrics.height() + MARGIN
        spans = []
        for x, text in self._texts.items():
            place = (x - low) / (high - low) * width
            wide = metrics.horizontalAdvance(text) + MARGIN
            # As in pyqtgraph: on the side of the line that faces the middle.
            left = place if place < width / 2 else place - wide
            spans.append((left, left + wide))
        rows = rows_of(spans, max(1, min(MAX_ROWS, int(height / 2 / step))), width)
        for number, (line, row) in enumerate(zip(self._lines, rows, strict=True)):
            # Texts are drawn above the lines they cross and above the curves.
            across = -number if spans[number][0] < width / 2 else number
            line.setZValue(ABOVE + across / len(spans))
            line.label.setVisible(row is not None)
            if row is not None:
                line.label.setPosition(1 - (TOP + (row + 0.5) * step) / height)

    def show_best(self, place: tuple[float, float] | None, logarithmic: bool) -> None:
        """Place the star at (x, y); None removes it."""
        if (place, logarithmic) == self._starred:
            return
        self._starred = place, logarithmic
        self.best = place
        if place is None or (logarithmic and place[1] <= 0):
            self._star.setData([], [])
            return
        y = math.log10(place[1]) if logarithmic else place[1]
        self._star.setData([place[0]], [y])


def rows_of(
    spans: Sequence[tuple[float, float]], rows: int, width: float
) -> list[int | None]:
    """Assign a row to each text so that none overlap; None for those that do not fit.

    Args:
        spans: Start and end of each text in pixels.
        rows: Number of rows.
        width: Width of the chart in pixels; texts beyond it are not shown.
    """
    taken: list[list[tuple[float, float]]] = [[] for _row in range(rows)]
    found: list[int | None] = []
    for begin, end in spans:
        inside = begin >= 0 and end <= width
        free = (
            number
            for number, row in enumerate(taken)
            if all(end <= other[0] or begin >= other[1] for other in row)
        )
        row = next(free, None) if inside else None
        if row is not None:
            taken[row].append((begin, end))
        found.append(row)
    return found
