"""The lines of a chart; passes only visible points to pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from dlstudio.ui.services.training.curve import visible_points

WIDTH = 2
FINE = 500
"""Maximum number of points of an antialiased line."""


class Points(Protocol):
    """Points to plot, with ascending x."""

    @property
    def x(self) -> npt.NDArray[Any]:
        """x coordinates, (n,)."""

    @property
    def y(self) -> npt.NDArray[Any]:
        """y coordinates, (n,)."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """The style of a line.

    Attributes:
        alpha: Opacity from 0 to 255.
        hidden_in_legend: Whether the legend omits the line.
    """

    color: str
    width: int = WIDTH
    dash: bool = False
    alpha: int = 255
    hidden_in_legend: bool = False


class PlotLines:
    """Named lines on a pyqtgraph widget, whose points may grow in place.

    Args:
        widget: A `pyqtgraph.PlotWidget`.
    """

    def __init__(self, widget: Any) -> None:
        self._widget = widget
        self._view = widget.getPlotItem().getViewBox()
        self.items: dict[str, Any] = {}
        self.sources: dict[str, tuple[Points, LineStyle]] = {}
        self._drawn: dict[str, tuple[object, ...]] = {}

    def put(self, name: str, points: Points, style: LineStyle) -> None:
        """Draw or update a line.

        Args:
            name: Identifies the line.
            points: Coordinates of the points.
            style: Colour, width and dash pattern; a new style recreates the line.
        """
        before = self.sources.get(name)
        if before is not None and before[1] != style:
            self._widget.removeItem(self.items.pop(name))
        if name not in self.items:
            self.items[name] = self._new_item(style)
            self._drawn.pop(name, None)
        self.sources[name] = points, style
        self._update(name)

    def keep(self, names: set[str]) -> None:
        """Remove all other lines."""
        for name in set(self.items) - names:
            self._widget.removeItem(self.items.pop(name))
            del self.sources[name]
            self._drawn.pop(name, None)

    def refresh(self, full: bool = False) -> None:
        """Redraw the visible points; all points if `full`."""
        if full:
            self._drawn.clear()
        for name in self.items:
            self._update(name)

    @property
    def whole(self) -> bool:
        """Whether the chart is not zoomed in."""
        return bool(self._view.autoRangeEnabled()[0])

    def values_at(self, x: float) -> dict[str, float]:
        """The value of each line nearest to `x`, without lines hidden in the legend."""
        found: dict[str, float] = {}
        for name, (points, style) in self.sources.items():
            xs, ys = points.x, points.y
            if len(xs) and not style.hidden_in_legend:
                place = min(int(np.searchsorted(xs, x)), len(xs) - 1)
                if place and abs(xs[place - 1] - x) < abs(xs[place] - x):
                    place -= 1
                found[name] = float(ys[place])
        return found

    def _new_item(self, style: LineStyle) -> Any:
        pen = self._pen(style)
        item = pg.PlotDataItem(pen=pen, connect="finite", antialias=True)
        self._widget.addItem(item)
        return item

    def _update(self, name: str) -> None:
        """Update the line's visible points, unless they are unchanged."""
        points, style = self.sources[name]
        low, high = -np.inf, np.inf
        if not self.whole:
            low, high = self._view.viewRange()[0]
        x, y = points.x, points.y
        last = (float(x[-1]), float(y[-1])) if len(x) else ()
        key = (len(x), low, high, *last, id(points))
        if self._drawn.get(name) == key:
            return
        self._drawn[name] = key
        item = self.items[name]
        shown = visible_points(x, y, low, high)
        # Antialiasing thousands of jagged points takes 100 ms or more and is not
        # visible; plain lines take a few milliseconds.
        fine = len(shown[0]) <= FINE
        if item.opts["antialias"] != fine:
            item.opts["antialias"] = fine
            item.setPen(self._pen(style))
        item.setData(*shown)
        if len(x) == 1:  # a single point has no line; show it as a dot
            item.setSymbol("o")
            item.setSymbolSize(6)
            item.setSymbolBrush(pg.mkBrush(style.color))
            item.setSymbolPen(None)
        elif item.opts["symbol"] is not None:
            item.setSymbol(None)

    def _pen(self, style: LineStyle) -> Any:
        shade = QColor(style.color)
        shade.setAlpha(style.alpha)
        # Cosmetic pens are measured in device pixels.
        width = style.width * self._widget.devicePixelRatioF()
        pen = pg.mkPen(shade, width=width)
        if style.dash:
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen
