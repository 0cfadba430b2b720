"""The inspector: the selected nodes' header and three tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.analysis import Analysis
from dlstudio.document.backbone_text import backbone_facts, backbone_title
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.document.graph import NESTED, OPAQUE, Graph, Node
from dlstudio.document.groups import GroupTree
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.project import MODEL
from dlstudio.document.saved_model_block import block_title
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.inspector.graph_overview import GraphOverview
from dlstudio.ui.model.inspector.help_view import HelpView
from dlstudio.ui.model.inspector.output_view import OutputView
from dlstudio.ui.model.inspector.parameters_tab import Parameters
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import heading_font
from dlstudio.ui.widgets.labels import ElidedLabel, label

PARAMETERS, HELP, OUTPUT = range(3)


class Inspector(QWidget):
    """Shows and edits the nodes selected on a canvas.

    Signals:
        graph_requested: Name of a nested graph to open.
    """

    graph_requested = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(_("Inspector"))
        self._studio = studio
        self._graph = graph
        self._ids: tuple[str, ...] = ()
        self._analysis: Analysis | None = studio.engine.last
        self.above = ElidedLabel("", "muted")
        self.above.setFont(heading_font(studio.theme))
        self.title = ElidedLabel("", "title")
        self.summary = label("", "muted", wrap=True)
        self.open = QPushButton(_("Open nested model"), self)
        self.open.clicked.connect(self._open)
        self.parameters = Parameters(studio, graph, self)
        self.parameters.refused.connect(studio.notices.error)
        self.help = HelpView(studio, self)
        self.output = OutputView(studio, graph, self)
        self.overview = GraphOverview(studio, graph, self)
        self.tabs = QTabBar(self)
        self._pages = QStackedWidget(self)
        self._build()
        studio.session.changed.connect(self._changed)
        studio.engine.analysed.connect(self.set_analysis)
        self.show_nodes(())

    def show_nodes(self, ids: Sequence[str]) -> None:
        """Show the nodes with these ids; an empty selection shows the model."""
        self._ids = tuple(ids)
        self._refresh()

    def set_analysis(self, analysis: Analysis) -> None:
        """Update shapes and costs."""
        self._analysis = analysis
        nodes = self._nodes()
        if nodes:
            self.parameters.show_analysis(nodes, analysis)
            self.parameters.vectors.refresh()  # the file was looked at again as well
        else:
            self.overview.show_graph(self._whole(), analysis)

    def _build(self) -> None:
        self.tabs.setAccessibleName(_("Parameters, help and output"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        pages = (
            (_("Parameters"), _scrolled(self.parameters)),
            (_("Help"), self.help),
            (_("Output"), self.output),
        )
        for text, page in pages:
            self.tabs.addTab(text)
            self._pages.addWidget(page)
        self.tabs.currentChanged.connect(self._show_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 2, 0)
        column.setSpacing(4)
        for widget in (self.above, self.title, self.summary):
            widget.setContentsMargins(0, 0, 14, 0)
            column.addWidget(widget)
        self.open.setProperty("role", "primary")
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.tabs)
        column.addWidget(self._pages, 1)
        column.addWidget(self.overview, 1)

    def _whole(self) -> Graph:
        return self._studio.session.project.graphs.get(self._graph, Graph())

    def _nodes(self) -> list[Node]:
        there = self._whole().nodes
        return [there[id] for id in self._ids if id in there]

    def _changed(self, change: ProjectChange) -> None:
        renamed = change.before.name != change.after.name
        vectors = change.before.word_vectors != change.after.word_vectors
        diff = change.graph(self._graph)
        if diff.structural or diff.groups is not None or renamed or vectors:
            self._refresh()

    def _refresh(self) -> None:
        nodes = self._nodes()
        self._show_head(nodes)
        for widget in (self.tabs, self._pages):
            widget.setVisible(bool(nodes))
        self.overview.setVisible(not nodes)
        if not nodes:
            self.overview.show_graph(self._whole(), self._analysis)
            return
        self.parameters.show_nodes(nodes, self._analysis)
        self._show_page(self.tabs.currentIndex())

    def _show_head(self, nodes: Sequence[Node]) -> None:
        one = nodes[0] if len(nodes) == 1 else None
        above, title, summary = self._head(nodes)
        self.above.set_text(above)
        self.above.setVisible(bool(above))
        self.title.set_text(title)
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))
        self.open.setVisible(one is not None and bool(graphs_in(one)))

    def _head(self, nodes: Sequence[Node]) -> tuple[str, str, str]:
        if not nodes:
            project = self._studio.session.project
            name = project.name if self._graph == MODEL else self._graph
            hint = _("Select a layer to view and edit its parameters.")
            return _("Model"), name or _("Untitled"), hint
        if len(nodes) > 1:
            count = ngettext("{count} layer", "{count} layers", len(nodes))
            kinds = ", ".join(sorted({kind_name(node.kind) for node in nodes}))
            hint = _("{kinds}. Changes apply to all selected layers.")
            text = count.format(count=len(nodes))
            group = self._group({node.id for node in nodes})
            if group is not None:
                title = " · ".join((_("Group"), text))
                return title, group, hint.format(kinds=kinds)
            return "", text, hint.format(kinds=kinds)
        node = nodes[0]
        description = self._studio.session.catalog.get(node.kind)
        title = kind_name(node.kind)
        if node.kind == NESTED:
            title = str(node.params.get("graph", "")) or title
        elif node.kind == OPAQUE:
            title = block_title(node) or title
        if description is None:
            return (
                node.name,
                title,
                _("This version of dlstudio does not support this layer."),
            )
        if node.kind == BACKBONE:
            return node.name, backbone_title(node), backbone_facts(node)
        return node.name, title, _(description.summary)

    def _group(self, ids: set[str]) -> str | None:
        """Return the name of the group that contains exactly these nodes."""
        tree = GroupTree(self._whole().groups)
        names = (g.name for g in tree.groups.values() if set(tree.nodes(g.id)) == ids)
        return next(names, None)

    def _open(self) -> None:
        inside = [name for node in self._nodes() for name in graphs_in(node)]
        if inside:
            self.graph_requested.emit(inside[0])

    def _show_page(self, index: int) -> None:
        """Fill a tab when it is opened."""
        self._pages.setCurrentIndex(index)
        nodes = self._nodes()
        if index == HELP and nodes:
            catalog = self._studio.session.catalog
            self.help.show_description(catalog.get(nodes[0].kind))
        elif index == OUTPUT and nodes:
            self.output.show_node(nodes[0].id)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    widget.setProperty("role", "clear")
    area.setWidget(widget)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
