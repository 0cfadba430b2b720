"""The Model room: the palette beside one workbench for each graph that is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.ui.model.palette.palette import Palette
from dlstudio.ui.model.workbench import Workbench
from dlstudio.ui.session import Change
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label

PALETTE_WIDTH = 216


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return ModelRoom(studio)


class ModelRoom(QWidget):
    """Designing the model; a nested graph opens in a workbench of its own.

    What the shell's actions call (cut, copy, find, zoom_in, ...) goes to the canvas
    that is shown.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._way: list[str] = []
        self._benches: dict[str, Workbench] = {}
        self.palette_panel = Palette(studio, self)
        self.palette_panel.setProperty("role", "surface")
        self.palette_panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.palette_panel.chosen.connect(self.add_layer)
        self._way_bar = _WayBar(self)
        self._way_bar.chosen_index.connect(self._back_to)
        self._stack = QStackedWidget(self)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._way_bar)
        column.addWidget(self._stack, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.palette_panel)
        self._split.addWidget(middle)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([PALETTE_WIDTH, 1000])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._split)
        studio.session.changed.connect(self._changed)
        self.open_graph(MODEL)

    @property
    def bench(self) -> Workbench:
        """The workbench that is shown."""
        return self._benches[self._way[-1]]

    def open_graph(self, name: str) -> None:
        """Show a graph, as one step deeper than the one that is shown."""
        if name not in self._studio.session.project.graphs:
            return
        if name in self._way:
            self._way = self._way[: self._way.index(name) + 1]
        else:
            self._way.append(name)
        if name not in self._benches:
            bench = Workbench(self._studio, name, self)
            bench.graph_wanted.connect(self.open_graph)
            bench.added.connect(self.palette_panel.used)
            self._benches[name] = bench
            self._stack.addWidget(bench)
        self._stack.setCurrentWidget(self._benches[name])
        self._way_bar.show_way(self._way)

    def add_layer(self, kind: str) -> None:
        """Add a layer after the selected one."""
        try:
            self.bench.canvas.add(kind)
        except UserError as error:
            self._studio.notices.error(error)
            return
        self.palette_panel.used(kind)

    def show_problems(self) -> None:
        """Open the list of problems."""
        self.bench.show_panel(0)

    def save_script(self) -> None:
        """Open the script and ask where it is to be saved."""
        self.bench.show_panel(2)
        self.bench.python.save.click()

    def search_layers(self) -> None:
        """Go to the palette's search."""
        self.palette_panel.search.setFocus()
        self.palette_panel.search.selectAll()

    def cut(self) -> None:
        """Cut the selected nodes."""
        self.bench.canvas.cut()

    def copy(self) -> None:
        """Copy the selected nodes as text."""
        self.bench.canvas.copy()

    def paste(self) -> None:
        """Paste nodes from the clipboard."""
        self.bench.canvas.paste()

    def duplicate(self) -> None:
        """Copy and paste at once."""
        self.bench.canvas.duplicate()

    def select_all(self) -> None:
        """Select every node."""
        self.bench.canvas.select_all()

    def find(self) -> None:
        """Search on the canvas."""
        self.bench.canvas.search()

    def zoom_in(self) -> None:
        """Larger."""
        self.bench.canvas.zoom_in()

    def zoom_out(self) -> None:
        """Smaller."""
        self.bench.canvas.zoom_out()

    def zoom_fit(self) -> None:
        """Show the whole graph."""
        self.bench.canvas.zoom_fit()

    def _back_to(self, index: int) -> None:
        self.open_graph(self._way[index])

    def _changed(self, change: Change) -> None:
        there = change.after.graphs
        for name in [each for each in self._benches if each not in there]:
            bench = self._benches.pop(name)
            self._stack.removeWidget(bench)
            bench.hide()
            bench.deleteLater()
        if self._way[-1] not in there:
            self._way = [name for name in self._way if name in there] or [MODEL]
            self.open_graph(self._way[-1])


class _WayBar(QWidget):
    """Where one is among nested graphs: model › encoder. Hidden at the top."""

    chosen_index = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 12, 6)
        self.hide()

    def show_way(self, way: list[str]) -> None:
        """Show the names; all but the last are buttons."""
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for index, name in enumerate(way[:-1]):
            button = QPushButton(name, self)
            button.setProperty("role", "link")
            button.setProperty("index", index)
            button.clicked.connect(self._clicked)
            self._line.addWidget(button)
            self._line.addWidget(label("›", "muted"))
        self._line.addWidget(label(way[-1], "strong"))
        self._line.addStretch(1)
        self.setVisible(len(way) > 1)

    def _clicked(self) -> None:
        self.chosen_index.emit(self.sender().property("index"))
