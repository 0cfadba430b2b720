"""A histogram of errors with a threshold that can be dragged."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.image_sections import ErrorHistogram
from dlstudio.i18n import _
from dlstudio.ui.heads.plot_axes import set_up_axes
from dlstudio.ui.theme.tokens import Theme

OPACITY = 0.55
HEIGHT = 190


class ErrorPlot(QWidget):
    """Bars without zoom, so that the page around them scrolls.

    Args:
        theme: Colours and sizes.
        histogram: The errors.

    Signals:
        moved: Emitted while the user drags the threshold.
        released: Emitted when the user has dragged it.
    """

    moved = Signal()
    released = Signal()

    def __init__(
        self, theme: Theme, histogram: ErrorHistogram, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.widget = pg.PlotWidget(background=None)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setMouseEnabled(x=False, y=False)
        self.widget.setFixedHeight(HEIGHT)
        fill = QColor(theme.colors.training)
        fill.setAlphaF(OPACITY)
        edges = np.array(histogram.edges)
        self.widget.addItem(
            pg.BarGraphItem(
                x0=edges[:-1],
                x1=edges[1:],
                height=np.array(histogram.counts),
                brush=pg.mkBrush(fill),
                pen=pg.mkPen(theme.colors.surface),
            )
        )
        pen = pg.mkPen(theme.colors.bad, width=2)
        self.line = pg.InfiniteLine(
            movable=True, pen=pen, hoverPen=pg.mkPen(theme.colors.bad, width=4)
        )
        self.line.setCursor(Qt.CursorShape.SizeHorCursor)
        self.line.hide()
        self.widget.addItem(self.line)
        self._ends = float(edges[0]), float(edges[-1])
        set_up_axes(theme, self.widget, (_("Mean squared error"), _("images")))
        self.line.sigDragged.connect(self._drag)
        self.line.sigPositionChangeFinished.connect(self.released)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.widget)
        self._fit()

    @property
    def threshold(self) -> float:
        """Where the line is."""
        return float(self.line.value())

    def show_threshold(self, value: float) -> None:
        """Show a threshold, whether or not any error is near it."""
        self.line.setValue(value)
        self.line.show()
        self._fit(value)

    def _drag(self) -> None:
        self.line.setValue(max(self.threshold, 0.0))
        self.moved.emit()

    def _fit(self, *values: float) -> None:
        ends = (*self._ends, *values)
        self.widget.setXRange(min(ends), max(ends) or 1.0, padding=0.04)
