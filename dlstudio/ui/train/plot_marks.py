"""What is marked on a chart: interventions, and the best epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt

from dlstudio.ui.theme.tokens import Theme

HEIGHTS = (0.95, 0.85, 0.75)
"""Where the texts of neighbouring marks stand, so that they do not overlap."""
STAR = 15


class Marks:
    """Dashed lines with texts, and one star, on a pyqtgraph widget.

    Args:
        widget: A `pyqtgraph.PlotWidget`.
    """

    def __init__(self, theme: Theme, widget: Any) -> None:
        self._theme = theme
        self._widget = widget
        self._lines: list[Any] = []
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

    def show_lines(self, found: Sequence[tuple[float, str]]) -> None:
        """Mark these places, and no others."""
        if tuple(found) == self.found:
            return
        self.found = tuple(found)
        for old in self._lines:
            self._widget.removeItem(old)
        pen = pg.mkPen(self._theme.colors.text_faint, style=Qt.PenStyle.DashLine)
        self._lines = [
            pg.InfiniteLine(
                x,
                pen=pen,
                label=text.replace("{", "{{").replace("}", "}}"),
                labelOpts={
                    "position": HEIGHTS[number % len(HEIGHTS)],
                    "color": self._theme.colors.text_muted,
                },
            )
            for number, (x, text) in enumerate(self.found)
        ]
        for line in self._lines:
            self._widget.addItem(line, ignoreBounds=True)

    def show_best(self, place: tuple[float, float] | None, logarithmic: bool) -> None:
        """Put the star at (x, y), or take it away."""
        if (place, logarithmic) == self._starred:
            return
        self._starred = place, logarithmic
        self.best = place
        if place is None or (logarithmic and place[1] <= 0):
            self._star.setData([], [])
            return
        y = math.log10(place[1]) if logarithmic else place[1]
        self._star.setData([place[0]], [y])
