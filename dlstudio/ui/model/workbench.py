"""A canvas with what belongs to it: the inspector beside it, the panels below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from dlstudio.document.analysis import Analysis
from dlstudio.document.graph import NESTED
from dlstudio.ui.model.canvas.canvas import Canvas
from dlstudio.ui.model.inspector.inspector import Inspector
from dlstudio.ui.model.memory import INSPECTOR, PANELS, Memory
from dlstudio.ui.model.panels.panels import PROBLEMS, Panels
from dlstudio.ui.studio import Studio


class Workbench(QWidget):
    """One graph: what is selected on its canvas is shown everywhere.

    Signals:
        graph_wanted: Name of a nested graph to open.
        node_wanted: Graph and id of a node that is to be shown.
        selected: Ids of the selected nodes.
        block_wanted: The selected nodes are to be kept as an own block.
    """

    graph_wanted = Signal(str)
    node_wanted = Signal(str, str)
    selected = Signal(tuple)
    block_wanted = Signal()

    def __init__(
        self,
        studio: Studio,
        graph: str,
        memory: Memory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._memory = memory
        self._analysis: Analysis | None = None
        self._shown: Analysis | None = None
        self._has_problems = False
        self.canvas = Canvas(studio, graph, self)
        self.inspector = Inspector(studio, graph, self)
        self.inspector.setProperty("role", "surface")
        self.inspector.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panels = Panels(studio, graph, self)
        self._upright = QSplitter(Qt.Orientation.Vertical, self)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._build()
        self._connect()
        self._remember_back()
        if studio.engine.last is not None:
            self._analysed(studio.engine.last)

    def show_panel(self, index: int) -> None:
        """Open a panel: 0 problems, 1 summary, 2 Python."""
        self.panels.open(index)

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked is shown now."""
        super().showEvent(event)
        self._show_analysis()

    def _build(self) -> None:
        sizes = self._memory.sizes
        for split in (self._upright, self._across):
            split.setHandleWidth(1)
            split.setChildrenCollapsible(False)
        self._upright.addWidget(self.canvas)
        self._upright.addWidget(self.panels)
        self._upright.setStretchFactor(0, 1)
        self._upright.setSizes([600, sizes[PANELS]])
        self._across.addWidget(self._upright)
        self._across.addWidget(self.inspector)
        self._across.setStretchFactor(0, 1)
        self._across.setSizes([900, sizes[INSPECTOR]])
        self.inspector.setMinimumWidth(220)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._across)

    def _connect(self) -> None:
        self.canvas.selection_changed.connect(self._selected)
        self.canvas.opened.connect(self._opened)
        self.canvas.block_wanted.connect(self.block_wanted)
        self.inspector.graph_wanted.connect(self.graph_wanted)
        self.inspector.tabs.currentChanged.connect(self._tab_turned)
        self.panels.problems.shown.connect(self._show_problem)
        self.panels.summary.chosen.connect(self.canvas.show_node)
        self.panels.python.chosen.connect(self._select_one)
        self.panels.folded.connect(self._fold)
        self.panels.fold_chosen.connect(self._choose_fold)
        self.panels.tabs.currentChanged.connect(self._panel_turned)
        self._upright.splitterMoved.connect(self._resized)
        self._across.splitterMoved.connect(self._resized)
        self._studio.engine.analysed.connect(self._analysed)

    def _remember_back(self) -> None:
        """As it was before the room was made anew."""
        memory = self._memory
        self.inspector.tabs.setCurrentIndex(memory.tab)
        self.panels.tabs.setCurrentIndex(memory.panel)
        if memory.folded or (memory.folded is None and memory.panel == PROBLEMS):
            self.panels.fold(True)
        self.canvas.select(memory.selected.get(self._graph, ()))

    def _selected(self, ids: Sequence[str]) -> None:
        self._memory.selected[self._graph] = tuple(ids)
        self.inspector.show_nodes(ids)
        self.panels.mark(ids)
        self.selected.emit(tuple(ids))

    def _select_one(self, id: str) -> None:
        self.canvas.select((id,))

    def _opened(self, id: str) -> None:
        graph = self._studio.session.project.graphs.get(self._graph)
        node = graph.nodes.get(id) if graph else None
        if node is None:
            return
        if node.kind == NESTED:
            self.graph_wanted.emit(str(node.params.get("graph", "")))
        elif self.inspector.parameters.form is not None:
            self.inspector.tabs.setCurrentIndex(0)
            self.inspector.parameters.focus_first()

    def _show_problem(self, graph: str, node: str) -> None:
        if graph != self._graph:
            self.node_wanted.emit(graph, node)
        elif node:
            self.canvas.show_node(node)

    def _analysed(self, analysis: Analysis) -> None:
        self._analysis = analysis
        if self.isVisible():
            self._show_analysis()

    def _show_analysis(self) -> None:
        if self._analysis is not None and self._analysis is not self._shown:
            self._shown = self._analysis
            self.canvas.set_analysis(self._analysis)
            self.panels.show_analysis(self._analysis)
            self._open_for(bool(self._analysis.problems))

    def _open_for(self, problems: bool) -> None:
        """An empty list of problems takes no room, unless somebody wants it so."""
        appeared = problems != self._has_problems
        self._has_problems = problems
        shown = self.panels.tabs.currentIndex() == PROBLEMS
        if appeared and shown and self._memory.folded is None:
            self.panels.fold(not problems)

    def _choose_fold(self, folded: bool) -> None:
        self._memory.folded = folded

    def _fold(self, folded: bool) -> None:
        whole = sum(self._upright.sizes())
        below = self.panels.head_height if folded else self._memory.sizes[PANELS]
        self._upright.setSizes([whole - below, below])

    def _panel_turned(self, index: int) -> None:
        self._memory.panel = index

    def _tab_turned(self, index: int) -> None:
        self._memory.tab = index

    def _resized(self, _place: int, _index: int) -> None:
        self._memory.sizes[INSPECTOR] = self._across.sizes()[1]
        if not self.panels.is_folded:
            self._memory.sizes[PANELS] = self._upright.sizes()[1]
