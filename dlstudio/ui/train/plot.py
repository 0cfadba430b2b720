"""A chart of curves over epochs, with pyqtgraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label

WIDTH = 2


class Plot(Card):
    """Named lines, a crosshair with values, marks of interventions; zoom and pan."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._marks: list[pg.InfiniteLine] = []
        self._mark_texts: list[tuple[float, str]] = []
        self.setAccessibleName(title)
        self.body.addWidget(heading(theme, title))
        self._readout = label("", "muted")
        self.body.addWidget(self._readout)
        self.widget = pg.PlotWidget(background=None)
        self._plain(theme)
        self.body.addWidget(self.widget, 1)
        self._cross = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.colors.line_strong))
        self._cross.setZValue(-1)
        self._cross.hide()
        self.widget.addItem(self._cross, ignoreBounds=True)
        self._proxy = pg.SignalProxy(
            self.widget.scene().sigMouseMoved, rateLimit=60, slot=self._moved
        )

    def line(
        self,
        name: str,
        x: Sequence[float],
        y: Sequence[float],
        color: str,
        **style: Any,
    ) -> None:
        """Draw or update one line.

        Args:
            style: "width", "dash" (bool), "alpha" (0 to 255), "quiet" (not in the
                readout).
        """
        item = self._lines.get(name)
        if item is None:
            shade = QColor(color)
            shade.setAlpha(style.get("alpha", 255))
            pen = pg.mkPen(shade, width=style.get("width", WIDTH))
            if style.get("dash"):
                pen.setStyle(Qt.PenStyle.DashLine)
            item = pg.PlotDataItem(pen=pen, connect="finite", antialias=True)
            # Measured: without these a redraw of 100,000 points takes 67 ms, not 10.
            item.setDownsampling(auto=True, method="peak")
            item.setClipToView(True)
            item.setProperty("quiet", bool(style.get("quiet")))
            self.widget.addItem(item)
            self._lines[name] = item
        item.setData(np.asarray(x, float), np.asarray(y, float))
        if len(x) == 1:  # a single point has no line; show it as a dot
            item.setSymbol("o")
            item.setSymbolSize(6)
            item.setSymbolBrush(pg.mkBrush(color))
            item.setSymbolPen(None)
        else:
            item.setSymbol(None)

    def keep_lines(self, names: set[str]) -> None:
        """Remove every other line."""
        for name in set(self._lines) - names:
            self.widget.removeItem(self._lines.pop(name))

    def marks(self, found: Sequence[tuple[float, str]]) -> None:
        """Mark interventions with a dashed line and their text."""
        if list(found) == self._mark_texts:
            return
        self._mark_texts = list(found)
        for old in self._marks:
            self.widget.removeItem(old)
        pen = pg.mkPen(self._theme.colors.text_faint, style=Qt.PenStyle.DashLine)
        self._marks = [
            pg.InfiniteLine(
                x,
                pen=pen,
                label=text,
                labelOpts={"position": 0.95, "color": self._theme.colors.text_muted},
            )
            for x, text in found
        ]
        for mark in self._marks:
            self.widget.addItem(mark, ignoreBounds=True)

    def set_logarithmic(self, on: bool) -> None:
        """A logarithmic upright axis."""
        self.widget.getPlotItem().setLogMode(y=on)

    def values_at(self, x: float) -> dict[str, float]:
        """The value of each line nearest to `x`."""
        found: dict[str, float] = {}
        for name, item in self._lines.items():
            xs, ys = item.getOriginalDataset()
            if xs is not None and len(xs) and not item.property("quiet"):
                found[name] = float(ys[int(np.abs(xs - x).argmin())])
        return found

    def _plain(self, theme: Theme) -> None:
        item = self.widget.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        menu = item.ctrlMenu  # not shown, but it would outlive the chart
        menu.setParent(self.widget, menu.windowFlags())
        item.showGrid(y=True, alpha=0.12)
        view = item.getViewBox()
        view.setLimits(xMin=0)
        view.setDefaultPadding(0.04)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(pg.mkPen(theme.colors.line))
            axis.setTextPen(pg.mkPen(theme.colors.text_muted))
            axis.setStyle(tickFont=text_font(theme, theme.tiny_size), tickLength=0)
        item.getAxis("bottom").setToolTip(_("Epoch"))
        self.widget.setMinimumHeight(140)

    def _moved(self, told: tuple[Any, ...]) -> None:
        view = self.widget.getPlotItem().getViewBox()
        inside = view.sceneBoundingRect().contains(told[0])
        self._cross.setVisible(inside and bool(self._lines))
        if not inside:
            self._readout.setText("")
            return
        x = view.mapSceneToView(told[0]).x()
        self._cross.setValue(x)
        values = [f"{name} {value:.4g}" for name, value in self.values_at(x).items()]
        where = _("epoch {x:.2f}").format(x=max(x, 0))
        self._readout.setText("   ".join([where, *values]) if values else "")
