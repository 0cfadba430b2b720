"""A chart of curves over epochs, with pyqtgraph."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.curve import visible
from dlstudio.ui.widgets.buttons import IconButton
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading

WIDTH = 2
FINE = 500
"""Points up to which a line is drawn with smooth edges."""
FORMATS = ("png", "svg", "csv")


class Points(Protocol):
    """What can be drawn: x rises."""

    @property
    def x(self) -> npt.NDArray[Any]:
        """Places, (n,)."""

    @property
    def y(self) -> npt.NDArray[Any]:
        """Values, (n,)."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is drawn.

    Attributes:
        alpha: 0 to 255.
        quiet: Not in the readout.
    """

    color: str
    width: int = WIDTH
    dash: bool = False
    alpha: int = 255
    quiet: bool = False


class _Canvas(pg.PlotWidget):  # type: ignore[misc]
    """Knows how long its painting took."""

    seconds = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        began = perf_counter()
        super().paintEvent(event)
        self.seconds = perf_counter() - began


class Plot(Card):
    """Named lines, a crosshair with values, marks of interventions; zoom and pan.

    Signals:
        save_wanted: Somebody wants to save it; itself.
    """

    save_wanted = Signal(object)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12, spacing=4)
        self._theme = theme
        self._items: dict[str, pg.PlotDataItem] = {}
        self._sources: dict[str, tuple[Points, Look]] = {}
        self._drawn: dict[str, tuple[object, ...]] = {}
        self._marks: list[pg.InfiniteLine] = []
        self._mark_texts: list[tuple[float, str]] = []
        self.title = title
        self.setAccessibleName(title)
        self._readout = ElidedLabel("", "muted")
        self._all = IconButton(theme, "mdi6.fit-to-page-outline", _("Show all"))
        self._all.clicked.connect(self.show_all)
        self.keep = IconButton(theme, "mdi6.download-outline", _("Save these curves…"))
        self.keep.clicked.connect(lambda: self.save_wanted.emit(self))
        for each in (self._all, self.keep):
            each.setFixedSize(28, 26)
            each.setStyleSheet("QToolButton { padding: 2px; }")
        top = QHBoxLayout()
        top.setSpacing(8)
        self.heading = heading(theme, title)
        top.addWidget(self.heading)
        top.addWidget(self._readout, 1)
        top.addWidget(self._all)
        top.addWidget(self.keep)
        self.body.addLayout(top)
        self.widget = _Canvas(background=None)
        self._view = self.widget.getPlotItem().getViewBox()
        self._plain(theme)
        self.body.addWidget(self.widget, 1)
        self._cross = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.colors.line_strong))
        self._cross.setZValue(-1)
        self._cross.hide()
        self.widget.addItem(self._cross, ignoreBounds=True)
        self._proxy = pg.SignalProxy(
            self.widget.scene().sigMouseMoved, rateLimit=60, slot=self._moved
        )
        self._view.sigXRangeChanged.connect(self._zoomed)
        self._show_button()

    def line(self, name: str, points: Points, look: Look) -> None:
        """Draw or update one line; the same points may have grown."""
        before = self._sources.get(name)
        if before is not None and before[1] != look:
            self.widget.removeItem(self._items.pop(name))
        if name not in self._items:
            self._items[name] = self._made(look)
            self._drawn.pop(name, None)
        self._sources[name] = points, look
        self._update(name)

    def keep_lines(self, names: set[str]) -> None:
        """Remove every other line."""
        for name in set(self._items) - names:
            self.widget.removeItem(self._items.pop(name))
            del self._sources[name]
            self._drawn.pop(name, None)

    def rename(self, title: str) -> None:
        """Another title."""
        if title != self.title:
            self.title = title
            self.setAccessibleName(title)
            shown = heading(self._theme, title).text()
            self.heading.setText(shown)

    @property
    def seconds(self) -> float:
        """How long the last painting took."""
        return float(self.widget.seconds)

    def names(self) -> tuple[str, ...]:
        """The lines there are."""
        return tuple(self._items)

    def marks(self, found: Sequence[tuple[float, str]]) -> None:
        """Mark interventions with a dashed line and their text."""
        if list(found) == self._mark_texts:
            return
        self._mark_texts = list(found)
        for old in self._marks:
            self.widget.removeItem(old)
        pen = pg.mkPen(self._theme.colors.text_faint, style=Qt.PenStyle.DashLine)
        heights = (0.95, 0.85, 0.75)
        self._marks = [
            pg.InfiniteLine(
                x,
                pen=pen,
                label=text.replace("{", "{{").replace("}", "}}"),
                labelOpts={
                    "position": heights[number % len(heights)],
                    "color": self._theme.colors.text_muted,
                },
            )
            for number, (x, text) in enumerate(found)
        ]
        for mark in self._marks:
            self.widget.addItem(mark, ignoreBounds=True)

    def mark_texts(self) -> tuple[str, ...]:
        """What the marks say."""
        return tuple(text for _x, text in self._mark_texts)

    def set_logarithmic(self, on: bool) -> None:
        """A logarithmic upright axis."""
        self.widget.getPlotItem().setLogMode(y=on)

    def show_all(self) -> None:
        """The whole of all lines, after a zoom."""
        self._view.enableAutoRange()
        self._drawn.clear()
        for name in self._items:
            self._update(name)
        self._show_button()

    def values_at(self, x: float) -> dict[str, float]:
        """The value of each line nearest to `x`."""
        found: dict[str, float] = {}
        for name, (points, look) in self._sources.items():
            xs, ys = points.x, points.y
            if len(xs) and not look.quiet:
                place = min(int(np.searchsorted(xs, x)), len(xs) - 1)
                if place and abs(xs[place - 1] - x) < abs(xs[place] - x):
                    place -= 1
                found[name] = float(ys[place])
        return found

    def save(self, path: Path) -> None:
        """Write the chart as a picture (.png, .svg), or its values (.csv).

        Raises:
            UserError: Another kind of file, or it cannot be written.
        """
        kind = path.suffix.lower().removeprefix(".")
        if kind not in FORMATS:
            raise UserError(
                _("“{name}” is not a kind of file that curves are saved as.").format(
                    name=path.suffix or path.name
                ),
                _("Choose one of {names}.").format(names=", ".join(FORMATS)),
            )
        if kind == "csv":
            paths.write_text(path, self.table())
            return
        with paths.user_errors(path, writing=True):
            made = self._save_svg(path) if kind == "svg" else self._save_png(path)
            if not made:
                raise OSError(f"{path.name} could not be written")

    def table(self) -> str:
        """All values as CSV: curve, epoch, value."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["curve", "epoch", "value"])
        for name, (points, _look) in self._sources.items():
            for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True):
                writer.writerow([name, repr(x), repr(y)])
        return text.getvalue()

    def _save_png(self, path: Path) -> bool:
        return bool(self.grab().save(str(path), "PNG"))

    def _save_svg(self, path: Path) -> bool:
        size = self.widget.size()
        made = QSvgGenerator()
        made.setFileName(str(path))
        made.setSize(QSize(size))
        made.setViewBox(QRectF(0, 0, size.width(), size.height()))
        made.setTitle(self.title)
        painter = QPainter()
        if not painter.begin(made):
            return False
        painter.fillRect(
            QRectF(0, 0, size.width(), size.height()),
            QColor(self._theme.colors.surface),
        )
        self.widget.render(painter)
        painter.end()
        return path.is_file()

    def _made(self, look: Look) -> Any:
        item = pg.PlotDataItem(
            pen=self._pen(look, True), connect="finite", antialias=True
        )
        self.widget.addItem(item)
        return item

    def _pen(self, look: Look, fine: bool) -> Any:
        shade = QColor(look.color)
        shade.setAlpha(look.alpha)
        pen = pg.mkPen(shade, width=look.width)
        if look.dash:
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def _update(self, name: str) -> None:
        """Hand the line what can be seen of it, unless that is what it has."""
        points, look = self._sources[name]
        low, high = -np.inf, np.inf
        if not self._whole():
            low, high = self._view.viewRange()[0]
        x, y = points.x, points.y
        last = (float(x[-1]), float(y[-1])) if len(x) else ()
        key = (len(x), low, high, *last, id(points))
        if self._drawn.get(name) == key:
            return
        self._drawn[name] = key
        item = self._items[name]
        shown = visible(x, y, low, high)
        # Measured: smooth edges of thousands of jagged points take 100 ms and more to
        # draw, and nobody sees them; plain lines take a few.
        fine = len(shown[0]) <= FINE
        if item.opts["antialias"] != fine:
            item.opts["antialias"] = fine
            item.setPen(self._pen(look, fine))
        item.setData(*shown)
        if len(x) == 1:  # a single point has no line; show it as a dot
            item.setSymbol("o")
            item.setSymbolSize(6)
            item.setSymbolBrush(pg.mkBrush(look.color))
            item.setSymbolPen(None)
        elif item.opts["symbol"] is not None:
            item.setSymbol(None)

    def _whole(self) -> bool:
        return bool(self._view.autoRangeEnabled()[0])

    def _zoomed(self) -> None:
        self._show_button()
        if not self._whole():
            for name in self._items:
                self._update(name)

    def _show_button(self) -> None:
        kept = self._all.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._all.setSizePolicy(kept)
        self._all.setVisible(not self._whole())

    def _plain(self, theme: Theme) -> None:
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
            axis.setPen(pg.mkPen(theme.colors.line))
            axis.setTextPen(pg.mkPen(theme.colors.text_muted))
            axis.setStyle(tickFont=text_font(theme, theme.tiny_size), tickLength=0)
        item.getAxis("bottom").setToolTip(_("Epoch"))
        self.widget.setMinimumHeight(90)

    def _moved(self, told: tuple[Any, ...]) -> None:
        inside = self._view.sceneBoundingRect().contains(told[0])
        self._cross.setVisible(inside and bool(self._items))
        if not inside:
            self._readout.set_text("")
            return
        x = self._view.mapSceneToView(told[0]).x()
        self._cross.setValue(x)
        values = [f"{name} {value:.4g}" for name, value in self.values_at(x).items()]
        where = _("epoch {x:.2f}").format(x=max(x, 0))
        self._readout.set_text("   ".join([where, *values]) if values else "")
