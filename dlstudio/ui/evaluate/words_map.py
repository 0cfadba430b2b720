"""A map of words: those used alike lie together."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.word_vectors import MappedWords

LABELED = 60
"""Words that are written beside their points, as far as there is room."""
ROOM = (0.075, 0.035)
"""Width and height of a label as shares of the map."""


class WordsMap(QWidget):
    """Points with the words beside them; the mouse moves and enlarges the map.

    Args:
        theme: Colours and sizes.

    Signals:
        chosen: Emitted with a word that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: MappedWords | None = None
        self._texts: list[pg.TextItem] = []
        self.widget = pg.PlotWidget(background=None)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self.widget.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        menu = item.ctrlMenu  # not shown, but it would outlive the chart
        menu.setParent(self.widget, menu.windowFlags())
        for side in ("left", "bottom"):
            item.hideAxis(side)
        color = QColor(theme.colors.accent)
        color.setAlphaF(0.6)
        self.points = pg.ScatterPlotItem(
            size=6,
            pen=pg.mkPen(None),
            brush=pg.mkBrush(color),
            hoverable=True,
            hoverPen=pg.mkPen(theme.colors.text),
            tip=None,
        )
        self.marked = pg.ScatterPlotItem(
            size=14, pen=pg.mkPen(theme.colors.bad, width=2), brush=None
        )
        self.widget.addItem(self.points)
        self.widget.addItem(self.marked)
        self.points.sigClicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.widget)

    @property
    def labels(self) -> tuple[str, ...]:
        """The words that are written on the map."""
        return tuple(each.toPlainText() for each in self._texts)

    def show_words(self, found: MappedWords) -> None:
        """Replace the map."""
        self._found = found
        x, y = found.places.T.astype(np.float64)
        self.points.setData(x, y, data=list(range(len(x))))
        self.points.opts["tip"] = lambda x, y, data: found.words[int(data)]
        self._write(_free_places(found.places, LABELED))
        self.marked.setData([], [])
        self.widget.getPlotItem().getViewBox().autoRange(padding=0.05)

    def mark(self, word: str) -> bool:
        """Ring a word; False if it is not on the map."""
        found = self._found
        if found is None or word not in found.words:
            self.marked.setData([], [])
            return False
        place = found.words.index(word)
        x, y = found.places[place].tolist()
        self.marked.setData([x], [y])
        if word not in self.labels:
            self._write([*_free_places(found.places, LABELED), place])
        return True

    def _write(self, places: list[int]) -> None:
        for each in self._texts:
            self.widget.removeItem(each)
        self._texts = []
        found = self._found
        assert found is not None
        for place in places:
            text = pg.TextItem(
                found.words[place], color=self._theme.colors.text, anchor=(0.5, 1.1)
            )
            text.setFont(text_font(self._theme, self._theme.small_size))
            x, y = found.places[place].tolist()
            text.setPos(QPointF(x, y))
            self.widget.addItem(text, ignoreBounds=True)
            self._texts.append(text)

    def _clicked(
        self, _item: object, points: list[pg.SpotItem], _event: object
    ) -> None:
        if self._found is not None and len(points):
            self.chosen.emit(self._found.words[int(points[0].data())])


def _free_places(places: np.ndarray, most: int) -> list[int]:
    """The first words whose labels do not lie on one another."""
    if not len(places):
        return []
    low = places.min(axis=0)
    spread = np.maximum(np.ptp(places, axis=0), 1e-9)
    relative = (places - low) / spread
    chosen: list[int] = []
    for number, place in enumerate(relative):
        near = np.abs(relative[chosen] - place) < ROOM
        if not near.all(axis=1).any():
            chosen.append(number)
        if len(chosen) == most:
            break
    return chosen
