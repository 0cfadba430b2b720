"""A canvas with what belongs to it: the inspector beside it, the panels below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.analysis import Analysis
from dlstudio.document.graph import NESTED
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.canvas import Canvas
from dlstudio.ui.model.inspector.inspector import Inspector
from dlstudio.ui.model.panels.problems import Problems
from dlstudio.ui.model.panels.python import PythonPanel
from dlstudio.ui.model.panels.summary import Summary
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import IconButton

INSPECTOR_WIDTH = 296
PANELS_HEIGHT = 168


class Workbench(QWidget):
    """One graph: what is selected on its canvas is shown everywhere.

    Signals:
        graph_wanted: Name of a nested graph to open.
        added: Kind of a layer that was added.
    """

    graph_wanted = Signal(str)
    added = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self.canvas = Canvas(studio, graph, self)
        self.inspector = Inspector(studio, graph, self)
        self.inspector.setProperty("role", "surface")
        self.inspector.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.problems = Problems(studio, self)
        self.summary = Summary(studio, graph, self)
        self.python = PythonPanel(studio, graph, self)
        self._analysis: Analysis | None = None
        self.tabs = QTabBar(self)
        self._pages = QStackedWidget(self)
        self._fold = IconButton(
            studio.theme, "mdi6.chevron-down", _("Fold the panel"), self
        )
        self._build()
        self._connect()
        if studio.engine.last is not None:
            self._analysed(studio.engine.last)

    def show_panel(self, index: int) -> None:
        """Open a panel: 0 problems, 1 summary, 2 Python."""
        self.tabs.setCurrentIndex(index)
        self._pages.show()

    def _build(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Panels"))
        pages = (
            (_("Problems"), self.problems),
            (_("Summary"), self.summary),
            (_("Python"), self.python),
        )
        for text, page in pages:
            self.tabs.addTab(text)
            self._pages.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(16, 2, 8, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._fold)
        below = QWidget(self)
        below.setProperty("role", "surface")
        below.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self._upright = QSplitter(Qt.Orientation.Vertical, self)
        self._upright.setHandleWidth(1)
        self._upright.setChildrenCollapsible(False)
        self._upright.addWidget(self.canvas)
        self._upright.addWidget(below)
        self._upright.setStretchFactor(0, 1)
        self._upright.setSizes([600, PANELS_HEIGHT])
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setHandleWidth(1)
        across.setChildrenCollapsible(False)
        across.addWidget(self._upright)
        across.addWidget(self.inspector)
        across.setStretchFactor(0, 1)
        across.setSizes([900, INSPECTOR_WIDTH])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(across)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self.tabs.tabBarClicked.connect(self._unfold)
        self._fold.clicked.connect(self._toggle_fold)
        self.canvas.selection_changed.connect(self._selected)
        self.canvas.opened.connect(self._opened)
        self.inspector.graph_wanted.connect(self.graph_wanted)
        self.problems.shown.connect(self._show_problem)
        self.summary.chosen.connect(self.canvas.show_node)
        self.python.chosen.connect(self._select_one)
        self._studio.engine.analysed.connect(self._analysed)
        self._studio.session.changed.connect(self._changed)

    def _turn(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self._show_summary()

    def _unfold(self, _index: int) -> None:
        if not self._pages.isVisible():
            self._toggle_fold()

    def _toggle_fold(self) -> None:
        folded = self._pages.isVisible()
        self._pages.setVisible(not folded)
        text = _("Unfold the panel") if folded else _("Fold the panel")
        self._fold.setToolTip(text)
        self._fold.setAccessibleName(text)
        whole = sum(self._upright.sizes())
        below = 40 if folded else PANELS_HEIGHT
        self._upright.setSizes([whole - below, below])

    def _selected(self, ids: Sequence[str]) -> None:
        self.inspector.show_nodes(ids)
        self.python.mark(ids)

    def _select_one(self, id: str) -> None:
        self.canvas.select((id,))

    def _opened(self, id: str) -> None:
        graph = self._studio.session.project.graphs.get(self._graph)
        node = graph.nodes.get(id) if graph else None
        if node is not None and node.kind == NESTED:
            self.graph_wanted.emit(str(node.params.get("graph", "")))

    def _show_problem(self, graph: str, node: str) -> None:
        if graph != self._graph:
            self.graph_wanted.emit(graph)
        elif node:
            self.canvas.show_node(node)

    def _changed(self, _change: object) -> None:
        self._show_summary()

    def _analysed(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.canvas.set_analysis(analysis)
        self.problems.show_problems(analysis.problems)
        count = len(analysis.problems)
        self.tabs.setTabText(0, _("Problems") + (f" {count}" if count else ""))
        self._show_summary()

    def _show_summary(self) -> None:
        """The table costs a little; it is made only while somebody looks."""
        if self.tabs.currentIndex() == 1 and self._pages.isVisible():
            self.summary.show_analysis(self._analysis)
