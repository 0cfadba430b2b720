"""A chart of curves over epochs, based on pyqtgraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio import paths
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.legend import Legend, LegendEntry
from dlstudio.ui.train.plot_axis import EpochAxis, RoomyAxis
from dlstudio.ui.train.plot_files import kind_of, save_image, table_of
from dlstudio.ui.train.plot_lines import LineStyle, PlotLines, Points
from dlstudio.ui.train.plot_marks import PlotMarks
from dlstudio.ui.widgets.buttons import IconButton
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading
from dlstudio.value_text import metric_number


class _TimedPlotWidget(pg.PlotWidget):  # type: ignore[misc]
    """Measures the duration of its painting."""

    seconds = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        began = perf_counter()
        super().paintEvent(event)
        self.seconds = perf_counter() - began


class Plot(Card):
    """Named lines, a crosshair with values, and markers; supports zoom and pan.

    Signals:
        save_requested: Emitted with the chart when the user wants to save it.
    """

    save_requested = Signal(object)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12, spacing=4)
        self._theme = theme
        self._logarithmic = False
        self.title = title
        self.setAccessibleName(title)
        self.legend = Legend(theme)
        self._all = IconButton(theme, "mdi6.fit-to-page-outline", _("Show all"))
        self._all.clicked.connect(self.show_all)
        self.keep = IconButton(theme, "mdi6.download-outline", _("Save curves…"))
        self.keep.clicked.connect(lambda: self.save_requested.emit(self))
        for each in (self._all, self.keep):
            each.setFixedSize(28, 26)
            each.setStyleSheet("QToolButton { padding: 2px; }")
        self._top = QHBoxLayout()
        self._top.setSpacing(8)
        self.heading = heading(theme, title)
        self._top.addWidget(self.heading)
        self._top.addWidget(self.legend, 1)
        self._top.addWidget(self._all)
        self._top.addWidget(self.keep)
        self.body.addLayout(self._top)
        axes = {"left": RoomyAxis("left"), "bottom": EpochAxis("bottom")}
        self.widget = _TimedPlotWidget(background=None, axisItems=axes)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no keyboard interaction
        self._view = self.widget.getPlotItem().getViewBox()
        self.lines = PlotLines(self.widget)
        self._set_up_axes(theme)
        self.body.addWidget(self.widget, 1)
        self._marks = PlotMarks(theme, self.widget)
        self._crosshair = pg.InfiniteLine(
            angle=90, pen=pg.mkPen(theme.colors.line_strong)
        )
        self._crosshair.setZValue(-1)
        self._crosshair.hide()
        self.widget.addItem(self._crosshair, ignoreBounds=True)
        self._proxy = pg.SignalProxy(
            self.widget.scene().sigMouseMoved, rateLimit=60, slot=self._moved
        )
        self._view.sigXRangeChanged.connect(self._zoomed)
        self._show_button()

    def draw(self, lines: Mapping[str, tuple[Points, LineStyle]]) -> None:
        """Draw exactly these lines."""
        self.lines.keep(set(lines))
        for name, (points, style) in lines.items():
            self.lines.put(name, points, style)
        # Otherwise new ranges are applied during painting, which then happens twice.
        self._view.prepareForPaint()
        self._update_legend()

    def line(self, name: str, points: Points, style: LineStyle) -> None:
        """Draw or update a single line.

        Args:
            name: Identifies the line.
            points: Coordinates of the points.
            style: Colour, width and dash pattern.
        """
        self.lines.put(name, points, style)
        self._update_legend()

    def rename(self, title: str) -> None:
        """Set the title."""
        if title != self.title:
            self.title = title
            self.setAccessibleName(title)
            shown = heading(self._theme, title).text()
            self.heading.setText(shown)

    @property
    def seconds(self) -> float:
        """Duration of the last paint."""
        return float(self.widget.seconds)

    def names(self) -> tuple[str, ...]:
        """Names of the lines."""
        return tuple(self.lines.items)

    def add_tool(self, tool: QWidget) -> None:
        """Insert a widget next to the title."""
        self._top.insertWidget(1, tool)

    def marks(self, found: Sequence[tuple[float, str]]) -> None:
        """Mark interventions by dashed lines with text."""
        self._marks.show_lines(found)

    def mark_texts(self) -> tuple[str, ...]:
        """The text next to each marked intervention."""
        return tuple(text for _x, text in self._marks.found)

    def mark_best(self, place: tuple[float, float] | None) -> None:
        """Place the star at an epoch and value; None removes it."""
        self._marks.show_best(place, self._logarithmic)
        self._update_legend()

    @property
    def best(self) -> tuple[float, float] | None:
        """Position of the star."""
        return self._marks.best

    def set_logarithmic(self, on: bool) -> None:
        """Set whether the y axis is logarithmic."""
        self._logarithmic = on
        self.widget.getPlotItem().setLogMode(y=on)
        self._marks.show_best(self._marks.best, on)

    def show_all(self) -> None:
        """Reset the zoom to show all lines."""
        self._view.enableAutoRange()
        self.lines.refresh(full=True)
        self._show_button()

    def values_at(self, x: float) -> dict[str, float]:
        """The value of each line nearest to `x`."""
        return self.lines.values_at(x)

    def save(self, path: Path) -> None:
        """Save the chart as an image (.png, .svg) or its values as .csv.

        Raises:
            UserError: The format is not supported, or the file cannot be written.
        """
        if kind_of(path) == "csv":
            paths.write_text(path, self.table())
        else:
            save_image(path, self, self.widget, self._theme.colors.surface)

    def table(self) -> str:
        """All values as CSV: curve, epoch, value."""
        return table_of((name, each[0]) for name, each in self.lines.sources.items())

    def _zoomed(self) -> None:
        self._show_button()
        if not self.lines.whole:
            self.lines.refresh()

    def _show_button(self) -> None:
        kept = self._all.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._all.setSizePolicy(kept)
        self._all.setVisible(not self.lines.whole)

    def _set_up_axes(self, theme: Theme) -> None:
        item = self.widget.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        menu = item.ctrlMenu  # not shown, but it would outlive the chart
        menu.setParent(self.widget, menu.windowFlags())
        item.showGrid(y=True, alpha=0.12)
        self._view.setLimits(xMin=0)
        self._view.setDefaultPadding(0.04)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache)
            axis.setPen(pg.mkPen(theme.colors.line))
            axis.setTextPen(pg.mkPen(theme.colors.text_muted))
            axis.setStyle(tickFont=text_font(theme, theme.tiny_size), tickLength=0)
        item.getAxis("bottom").setToolTip(_("Epoch"))
        self.widget.setMinimumHeight(90)

    def _moved(self, event: tuple[Any, ...]) -> None:
        inside = self._view.sceneBoundingRect().contains(event[0])
        self._crosshair.setVisible(inside and bool(self.lines.items))
        if inside:
            self._crosshair.setValue(self._view.mapSceneToView(event[0]).x())
        self._update_legend()

    def _update_legend(self) -> None:
        """Show the values at the crosshair, or the latest ones."""
        words: list[LegendEntry] = []
        x = float("inf")
        if self._crosshair.isVisible():
            x = float(self._crosshair.value())
            words.append(LegendEntry(_("epoch {x:.2f}").format(x=max(x, 0))))
        for name, value in self.values_at(x).items():
            color = self.lines.sources[name][1].color
            words.append(_entry(name, value, color))
        if self._crosshair.isVisible():
            words += [LegendEntry(text) for text in self._marks.near(x)]
        if self.best is not None and not self._crosshair.isVisible():
            epoch = round(self.best[0])
            text = _("★ best: epoch {epoch}").format(epoch=epoch)
            words.append(LegendEntry(text, short=f"★ {epoch}"))
        self.legend.show_entries(words)


def _entry(name: str, value: float, color: str) -> LegendEntry:
    """A line with its value; the value alone beside the dot where it is narrow."""
    shown = metric_number(value)
    return LegendEntry(f"{name} {shown}", color, shown)
