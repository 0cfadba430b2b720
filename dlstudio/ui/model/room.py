"""The Model room: the palette beside one workbench for each graph that is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.edits import CompositeEdit
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model import panes
from dlstudio.ui.model.canvas.clipboard import to_text
from dlstudio.ui.model.canvas.commanded import Commanded
from dlstudio.ui.model.memory import PALETTE, Memory
from dlstudio.ui.model.nested_kinds import nested_kinds
from dlstudio.ui.model.palette.blocks import Block
from dlstudio.ui.model.palette.palette import Palette
from dlstudio.ui.model.panels.panels import PROBLEMS, PYTHON
from dlstudio.ui.model.placing import BlockDrops, put_block
from dlstudio.ui.model.unnesting import rename
from dlstudio.ui.model.waybar import WayBar
from dlstudio.ui.model.workbench import Workbench
from dlstudio.ui.session import Change
from dlstudio.ui.studio import Studio


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return ModelRoom(studio)


class ModelRoom(Commanded):
    """Designing the model; a nested graph opens in a workbench of its own.

    What the shell's actions call (cut, copy, search, zoom_in, ...) goes to the canvas
    that is shown.

    Signals:
        opened: Name of the graph that is shown now.
    """

    opened = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        settings = studio.settings
        self._memory = studio.kept.get("model room", lambda: Memory(settings))
        self._benches: dict[str, Workbench] = {}
        self.palette_panel = Palette(studio, self)
        self.palette_panel.setProperty("role", "surface")
        self.palette_panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.palette_panel.setMinimumWidth(160)
        self.way_bar = WayBar(studio.theme, self)
        self._stack = QStackedWidget(self)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._build()
        self.palette_panel.chosen.connect(self.add_layer)
        self.palette_panel.block_chosen.connect(self.add_block)
        self.palette_panel.naming.connect(self._keep_block)
        self.palette_panel.search.escaped.connect(self._to_canvas)
        self.way_bar.chosen.connect(self._back_to)
        self.way_bar.renamed.connect(self._rename_graph)
        self._split.splitterMoved.connect(self._resized)
        studio.session.changed.connect(self._changed)
        graphs = studio.session.project.graphs
        way = [name for name in self._memory.way if name in graphs] or [MODEL]
        self._memory.way = way[:-1]
        self.open_graph(way[-1])

    @property
    def bench(self) -> Workbench:
        """The workbench that is shown."""
        return self._benches[self._memory.way[-1]]

    def open_graph(self, name: str) -> None:
        """Show a graph, as one step deeper than the one that is shown."""
        if name != MODEL and name not in self._studio.session.project.graphs:
            return
        way = self._memory.way
        self._memory.way = way[: way.index(name) + 1] if name in way else [*way, name]
        if name not in self._benches:
            self._benches[name] = self._new_bench(name)
        self._stack.setCurrentWidget(self._benches[name])
        self._show_way()
        self._show_models()
        self.opened.emit(name)

    def show_node(self, graph: str, node: str) -> None:
        """Open a graph and bring one of its nodes into view."""
        self.open_graph(graph)
        if node and self._memory.way[-1] == graph:
            self.bench.canvas.show_node(node)

    def add_layer(self, kind: str) -> None:
        """Add a layer after the selected one."""
        self.bench.canvas.add(kind)

    def add_block(self, block: Block) -> None:
        """Put an own block after the selected layer."""
        put_block(self.bench.canvas.board, block)

    def keep_block(self) -> None:
        """Ask for a name and keep the selected layers under it."""
        self.palette_panel.begin_naming()

    def show_problems(self) -> None:
        """Open the list of problems and go to the first."""
        self.bench.show_panel(PROBLEMS)
        self.bench.panels.problems.focus_first()

    def save_script(self) -> None:
        """Open the script and ask where it is to be saved."""
        self.bench.show_panel(PYTHON)
        self.bench.panels.python.ask_where()

    def search_layers(self) -> None:
        """Go to the palette's search."""
        self.palette_panel.search.setFocus()
        self.palette_panel.search.selectAll()

    def next_pane(self) -> None:
        """From palette to canvas, inspector, panels, and round again."""
        self._go_to_pane(1)

    def previous_pane(self) -> None:
        """The other way round."""
        self._go_to_pane(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the canvas from wherever it has no other meaning."""
        if event.key() == Qt.Key.Key_Escape:
            self._to_canvas()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the parts as they are seen.

        Qt asks this also when what has the focus goes away; then it is left to Qt.
        """
        focused = QApplication.focusWidget()
        if focused is None or not focused.isVisible():
            return super().focusNextPrevChild(next)
        bench = self.bench
        inspector, panels = bench.inspector, bench.panels
        parts = (
            self.palette_panel,
            self.way_bar,
            bench.canvas,
            inspector.open,
            inspector.tabs,
            inspector.parameters.form,
            inspector,
            panels.tabs,
            panels,
        )
        return panes.tab(self, parts, next) or super().focusNextPrevChild(next)

    def showEvent(self, event: QShowEvent) -> None:
        """The canvas' keys work at once."""
        super().showEvent(event)
        if not event.spontaneous():
            self.bench.canvas.view.setFocus()

    def run(self, id: str) -> None:
        """Do a command of the canvas."""
        self.bench.canvas.run(id)

    def paste(self) -> None:
        """Paste nodes from the clipboard."""
        self.bench.canvas.paste()

    def _to_canvas(self) -> None:
        self.bench.canvas.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_to_pane(self, step: int) -> None:
        bench, palette = self.bench, self.palette_panel
        parts = (
            (palette, palette.search),
            (bench.canvas, bench.canvas.view),
            (bench.inspector, bench.inspector.tabs),
            (bench.panels, bench.panels.tabs),
        )
        panes.go(parts, step, QApplication.focusWidget())

    def _build(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.way_bar)
        column.addWidget(self._stack, 1)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.palette_panel)
        self._split.addWidget(middle)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([self._memory.sizes[PALETTE], 1000])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._split)

    def _new_bench(self, name: str) -> Workbench:
        bench = Workbench(self._studio, name, self._memory, self)
        bench.graph_wanted.connect(self.open_graph)
        bench.node_wanted.connect(self.show_node)
        bench.block_wanted.connect(self.keep_block)
        BlockDrops(bench.canvas, self.palette_panel.block)
        self._stack.addWidget(bench)
        return bench

    def _show_way(self) -> None:
        names = [_("Model") if n == MODEL else n for n in self._memory.way]
        self.way_bar.show_way(names)

    def _back_to(self, index: int) -> None:
        self.open_graph(self._memory.way[index])

    def _show_models(self) -> None:
        """The other graphs of the project stand in the palette too."""
        session, here = self._studio.session, self._memory.way[-1]
        found = nested_kinds(session.project, here, session.catalog)
        self.palette_panel.show_models(found)

    def _rename_graph(self, name: str) -> None:
        session, here = self._studio.session, self._memory.way[-1]
        way = [*self._memory.way[:-1], name]
        try:
            edits = rename(session.project, here, name)
            session.do(CompositeEdit(edits), _("Rename model"))
        except UserError as error:
            self._studio.notices.error(error)
            return
        self._memory.way = way[:-1]
        self.open_graph(name)

    def _keep_block(self, name: str) -> None:
        board = self.bench.canvas.board
        text = to_text(board.graph, board.selection.ids)
        self.palette_panel.keep_block(name, text)

    def _resized(self, _place: int, _index: int) -> None:
        self._memory.sizes[PALETTE] = self._split.sizes()[0]

    def _changed(self, change: Change) -> None:
        self._remember_added(change)
        there = change.after.graphs
        for name in [n for n in self._benches if n not in there and n != MODEL]:
            bench = self._benches.pop(name)
            self._stack.removeWidget(bench)
            bench.hide()
            bench.deleteLater()
        before = change.before.graphs
        if before.keys() != there.keys() or any(
            before[n] is not there[n] and before[n].inputs != there[n].inputs
            for n in there
            if n != MODEL
        ):
            self._show_models()
        if self._memory.way[-1] not in self._benches:
            way = [name for name in self._memory.way if name in self._benches]
            self._memory.way = way[:-1]
            self.open_graph(way[-1] if way else MODEL)

    def _remember_added(self, change: Change) -> None:
        """A layer that was added alone, in whatever way, is one recently used."""
        history, name = self._studio.session.history, self._memory.way[-1]
        if history.future or not history.past:
            return  # undone, or another project
        added = change.graph(name).added
        if len(added) == 1:
            node = change.after.graphs[name].nodes[added[0]]
            self.palette_panel.used(node.kind)
