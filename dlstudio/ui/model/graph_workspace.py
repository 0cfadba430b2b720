"""The workspace of one graph: canvas, inspector and panels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from dlstudio.document.analysis import Analysis
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.model.comparison import Comparison
from dlstudio.ui.model.drawing.drawing_actions import save_drawing
from dlstudio.ui.model.inspector.inspector import Inspector
from dlstudio.ui.model.panels.model_panels import PROBLEMS, ModelPanels
from dlstudio.ui.services.model_view_state import INSPECTOR, PANELS, ViewState
from dlstudio.ui.studio import Studio


class GraphWorkspace(QWidget):
    """One graph's canvas, inspector and panels, with a common selection.

    Args:
        studio: The window's collaborators.
        graph: Name of the graph.
        view_state: Tabs, sizes and selection to restore and keep up to date.
        parent: The Model room.

    Signals:
        graph_requested: Name of a nested graph to open.
        node_requested: Graph and id of a node to show.
        selected: Ids of the selected nodes.
        block_requested: Emitted when the selected nodes should be saved as a block.
    """

    graph_requested = Signal(str)
    node_requested = Signal(str, str)
    selected = Signal(tuple)
    block_requested = Signal()

    def __init__(
        self,
        studio: Studio,
        graph: str,
        view_state: ViewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._view_state = view_state
        self._analysis: Analysis | None = None
        self._shown: Analysis | None = None
        self._has_problems = False
        self.canvas = CanvasEditor(studio, graph, self)
        self.comparison = Comparison(studio, self.canvas, graph, view_state)
        self.inspector = Inspector(studio, graph, self)
        self.inspector.setProperty("role", "surface")
        self.inspector.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panels = ModelPanels(studio, graph, self)
        self._vertical_splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._horizontal_splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._build()
        self._connect()
        self._restore_view_state()
        if studio.engine.last is not None:
            self._analysed(studio.engine.last)

    def show_panel(self, index: int) -> None:
        """Open a panel: 0 problems, 1 summary, 2 Python."""
        self.panels.open(index)

    def save_drawing(self) -> None:
        """Ask for a file and save the canvas as a drawing."""
        reports = self.canvas.context.scene.reports
        save_drawing(self._studio, self._graph, reports, self)

    def _open_comparison(self) -> None:
        button = self.canvas.toolbar.buttons["canvas.compare"]
        self.comparison.open_menu(button.mapToGlobal(button.rect().bottomLeft()))

    def showEvent(self, event: QShowEvent) -> None:
        """Show an analysis that arrived while the workspace was hidden."""
        super().showEvent(event)
        self._show_analysis()

    def _build(self) -> None:
        sizes = self._view_state.sizes
        for split in (self._vertical_splitter, self._horizontal_splitter):
            split.setHandleWidth(1)
            split.setChildrenCollapsible(False)
        self._vertical_splitter.addWidget(self.canvas)
        self._vertical_splitter.addWidget(self.panels)
        self._vertical_splitter.setStretchFactor(0, 1)
        self._vertical_splitter.setSizes([600, sizes[PANELS]])
        self._horizontal_splitter.addWidget(self._vertical_splitter)
        self._horizontal_splitter.addWidget(self.inspector)
        self._horizontal_splitter.setStretchFactor(0, 1)
        self._horizontal_splitter.setSizes([900, sizes[INSPECTOR]])
        self.inspector.setMinimumWidth(220)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._horizontal_splitter)

    def _connect(self) -> None:
        self.canvas.selection_changed.connect(self._selected)
        self.canvas.opened.connect(self._opened)
        self.canvas.block_requested.connect(self.block_requested)
        self.canvas.comparison_requested.connect(self._open_comparison)
        self.canvas.drawing_requested.connect(self.save_drawing)
        backbone = self.inspector.parameters.backbone
        self.canvas.layers_requested.connect(backbone.open_layers)
        self.inspector.graph_requested.connect(self.graph_requested)
        self.inspector.tabs.currentChanged.connect(self._tab_changed)
        self.panels.problems.shown.connect(self._show_problem)
        self.panels.summary.chosen.connect(self.canvas.show_node)
        self.panels.python.chosen.connect(self._select_one)
        self.panels.collapsed.connect(self._collapse)
        self.panels.collapse_chosen.connect(self._remember_collapsed)
        self.panels.tabs.currentChanged.connect(self._panel_changed)
        self._vertical_splitter.splitterMoved.connect(self._resized)
        self._horizontal_splitter.splitterMoved.connect(self._resized)
        self._studio.engine.analysed.connect(self._analysed)

    def _restore_view_state(self) -> None:
        """Restore tabs, collapsed panels and selection."""
        view_state = self._view_state
        self.inspector.tabs.setCurrentIndex(view_state.tab)
        self.panels.tabs.setCurrentIndex(view_state.panel)
        if view_state.collapsed or (
            view_state.collapsed is None and view_state.panel == PROBLEMS
        ):
            self.panels.collapse(True)
        self.canvas.select(view_state.selected.get(self._graph, ()))

    def _selected(self, ids: Sequence[str]) -> None:
        self._view_state.selected[self._graph] = tuple(ids)
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
        inside = graphs_in(node)
        if inside:
            self.graph_requested.emit(inside[0])
        elif self.inspector.parameters.form is not None:
            self.inspector.tabs.setCurrentIndex(0)
            self.inspector.parameters.focus_first()

    def _show_problem(self, graph: str, node: str) -> None:
        if graph != self._graph:
            self.node_requested.emit(graph, node)
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
        """Collapse an empty problem list unless the user has opened or collapsed it."""
        appeared = problems != self._has_problems
        self._has_problems = problems
        shown = self.panels.tabs.currentIndex() == PROBLEMS
        if appeared and shown and self._view_state.collapsed is None:
            self.panels.collapse(not problems)

    def _remember_collapsed(self, collapsed: bool) -> None:
        self._view_state.collapsed = collapsed

    def _collapse(self, collapsed: bool) -> None:
        whole = sum(self._vertical_splitter.sizes())
        below = self.panels.head_height if collapsed else self._view_state.sizes[PANELS]
        self._vertical_splitter.setSizes([whole - below, below])

    def _panel_changed(self, index: int) -> None:
        self._view_state.panel = index

    def _tab_changed(self, index: int) -> None:
        self._view_state.tab = index

    def _resized(self, _place: int, _index: int) -> None:
        self._view_state.sizes[INSPECTOR] = self._horizontal_splitter.sizes()[1]
        if not self.panels.is_collapsed:
            self._view_state.sizes[PANELS] = self._vertical_splitter.sizes()[1]
