"""The average prediction for each value of one feature: a curve, or bars."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.feature_sections import PartialDependence
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.heads.metric_format import over_samples
from dlstudio.ui.heads.plot_axes import set_up_axes
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.heads.value_bars import ValueBar, ValueBars
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.value_text import value_text

OPACITY = 0.18


class DependenceSection(ReportSection):
    """Of numbers a curve in its band, of names a bar each; of classes one at a time.

    Args:
        theme: Colours and sizes.
        section: Values and predictions.
    """

    def __init__(
        self, theme: Theme, section: PartialDependence, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._section = theme, section
        # Headings are in capitals, which names of columns are not.
        note = f"{section.feature} · {over_samples(section.samples)}"
        card = titled_card(theme, _("Average prediction"), note, self)
        self._body = card.body
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        self.unit = NoWheelComboBox(self)
        self.unit.setAccessibleName(_("Class"))
        self.unit.addItems(section.units)
        if len(section.units) == 2:
            self.unit.setCurrentIndex(1)  # of two classes usually the positive one
        self.unit.setVisible(bool(section.units))
        if section.units:
            line = QHBoxLayout()
            line.addWidget(label(_("Probability of")))
            self.unit.setMaximumWidth(220)
            line.addWidget(self.unit, 1)
            line.addStretch(1)
            self._body.addLayout(line)
        self.plot: DependencePlot | ValueBars = self._made()
        self._body.addWidget(self.plot, 1)
        self.unit.currentIndexChanged.connect(self._change_unit)

    def _change_unit(self) -> None:
        self._body.removeWidget(self.plot)
        self.plot.hide()
        self.plot.deleteLater()
        self.plot = self._made()
        self._body.addWidget(self.plot, 1)

    def _made(self) -> DependencePlot | ValueBars:
        unit = max(self.unit.currentIndex(), 0)
        section = self._section
        if all(isinstance(each, (int, float)) for each in section.values):
            return DependencePlot(self._theme, section, unit, self)
        shown = percent if section.units else value_text
        mean = [each[unit] for each in section.mean]
        bars = [
            ValueBar(str(name) or _("no value"), value, shown(value))
            for name, value in zip(section.values, mean, strict=True)
        ]
        return ValueBars(self._theme, bars, self)


class DependencePlot(QWidget):
    """A curve through the averages; in the band lie 80 % of the samples.

    Args:
        theme: Colours and sizes.
        section: Its values are numbers.
        unit: Which unit of the output is shown.
    """

    def __init__(
        self, theme: Theme, section: PartialDependence, unit: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.widget = pg.PlotWidget(background=None)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setMouseEnabled(x=False, y=False)
        self.widget.setMinimumHeight(180)
        x = np.array(section.values, float)
        mean, low, high = (
            np.array([each[unit] for each in rows], float)
            for rows in (section.mean, section.low, section.high)
        )
        color = QColor(theme.colors.accent)
        fill = QColor(color)
        fill.setAlphaF(OPACITY)
        lower, upper = pg.PlotCurveItem(x, low), pg.PlotCurveItem(x, high)
        self.widget.addItem(pg.FillBetweenItem(lower, upper, brush=pg.mkBrush(fill)))
        self.curve = pg.PlotDataItem(
            x,
            mean,
            pen=pg.mkPen(color, width=2),
            symbol="o",
            symbolSize=5,
            symbolBrush=pg.mkBrush(color),
            symbolPen=pg.mkPen(None),
        )
        self.widget.addItem(self.curve)
        title = _("probability") if section.units else _("prediction")
        set_up_axes(theme, self.widget, (section.feature, title))
        self.widget.getPlotItem().getViewBox().autoRange(padding=0.04)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.widget)
        self.setAccessibleName(_summary(section, mean))


def _summary(section: PartialDependence, mean: np.ndarray) -> str:
    text = _("The average prediction lies between {low} and {high}.")
    return f"{section.feature}: " + text.format(
        low=value_text(float(mean.min())), high=value_text(float(mean.max()))
    )
