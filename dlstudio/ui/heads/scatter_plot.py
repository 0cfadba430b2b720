"""Points that can be clicked, with a line to compare them with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.ui.heads.plot_axes import set_up_axes
from dlstudio.ui.theme.tokens import Theme

Numbers = npt.NDArray[np.float64]
SIZE, OPACITY = 7, 0.55


class ScatterPlot(QWidget):
    """A scatter plot without zoom, so that the page around it scrolls.

    Args:
        theme: Colours and sizes.
        color: Of the points.
        titles: Of the horizontal and the vertical axis.

    Signals:
        clicked: Emitted with the number of a point.
    """

    clicked = Signal(int)

    def __init__(
        self,
        theme: Theme,
        color: str,
        titles: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.widget = pg.PlotWidget(background=None)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setMouseEnabled(x=False, y=False)
        self.widget.setMinimumHeight(220)
        fill = QColor(color)
        fill.setAlphaF(OPACITY)
        self.points = pg.ScatterPlotItem(
            size=SIZE,
            pen=pg.mkPen(None),
            brush=pg.mkBrush(fill),
            hoverable=True,
            hoverPen=pg.mkPen(theme.colors.text),
            tip=None,
        )
        self.line = pg.PlotCurveItem(
            pen=pg.mkPen(theme.colors.edge, width=1, style=Qt.PenStyle.DashLine)
        )
        self.widget.addItem(self.line)
        self.widget.addItem(self.points)
        self.points.sigClicked.connect(self._clicked)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.widget)
        set_up_axes(theme, self.widget, titles)

    def show_points(
        self, x: Numbers, y: Numbers, tips: Sequence[str], line: tuple[Numbers, Numbers]
    ) -> None:
        """Replace the points.

        Args:
            x: float64 (n,).
            y: float64 (n,).
            tips: A text for each point, shown under the pointer.
            line: Where the line runs, x and y.
        """
        self.points.setData(x, y, data=list(range(len(x))))
        self.points.opts["tip"] = lambda x, y, data: tips[int(data)]
        self.line.setData(*line)
        self.widget.getPlotItem().getViewBox().autoRange(padding=0.04)

    def _clicked(self, _item: object, points: Sequence[Any], _event: object) -> None:
        if len(points):
            self.clicked.emit(int(points[0].data()))
