"""The inspector: what is selected, and three tabs about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from dlstudio.document.analysis import Analysis
from dlstudio.document.graph import NESTED, Node
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.inspector.help_view import HelpView
from dlstudio.ui.model.inspector.output_view import OutputView
from dlstudio.ui.model.inspector.parameters import Parameters
from dlstudio.ui.session import Change
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import heading_font
from dlstudio.ui.widgets.labels import label


class Inspector(QWidget):
    """Shows and edits the nodes that are selected on a canvas.

    Signals:
        graph_wanted: Name of a nested graph the user wants to open.
    """

    graph_wanted = Signal(str)

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
        self._above = label("", "muted")
        self._above.setFont(heading_font(studio.theme))
        self._title = label("", "title")
        self._summary = label("", "muted", wrap=True)
        self.parameters = Parameters(studio, graph, self)
        self.parameters.invalid.connect(lambda text: studio.notices.info(text))
        self.help = HelpView(studio, self)
        self.output = OutputView(studio, graph, self)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(_("Parameters, help and output"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._pages = QStackedWidget(self)
        for text, page in (
            (_("Parameters"), _scrolled(self.parameters)),
            (_("Help"), self.help),
            (_("Output"), self.output),
        ):
            self.tabs.addTab(text)
            self._pages.addWidget(page)
        self.tabs.currentChanged.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 8, 0)
        column.setSpacing(4)
        for widget in (self._above, self._title, self._summary, self.tabs):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        studio.session.changed.connect(self._changed)
        studio.engine.analysed.connect(self.set_analysis)
        self.show_nodes(())

    def show_nodes(self, ids: Sequence[str]) -> None:
        """Show the nodes with these ids; an empty selection shows the model."""
        self._ids = tuple(ids)
        self._refresh()

    def set_analysis(self, analysis: Analysis) -> None:
        """Show newer shapes and costs."""
        self._analysis = analysis
        self.parameters.show_analysis(self._nodes(), analysis)

    def _nodes(self) -> list[Node]:
        graph = self._studio.session.project.graphs.get(self._graph)
        there = graph.nodes if graph else {}
        return [there[id] for id in self._ids if id in there]

    def _changed(self, change: Change) -> None:
        if change.graph(self._graph):
            self._refresh()

    def _refresh(self) -> None:
        nodes = self._nodes()
        self._show_head(nodes)
        for widget in (self.tabs, self._pages):
            widget.setVisible(bool(nodes))
        if nodes:
            self.parameters.show_nodes(nodes, self._analysis)
            self._turn(self.tabs.currentIndex())

    def _show_head(self, nodes: Sequence[Node]) -> None:
        catalog = self._studio.session.catalog
        if not nodes:
            self._above.setText("")
            self._title.setText(_("Nothing selected"))
            self._summary.setText(_("Click a layer to see and change its parameters."))
        elif len(nodes) == 1:
            description = catalog.get(nodes[0].kind)
            self._above.setText(nodes[0].name)
            name = nodes[0].kind.rpartition(".")[2]
            if nodes[0].kind == NESTED:
                name = str(nodes[0].params.get("graph", name))
            self._title.setText(name)
            unknown = _("This dlstudio knows no such layer.")
            self._summary.setText(_(description.summary) if description else unknown)
        else:
            kinds = {node.kind.rpartition(".")[2] for node in nodes}
            count = ngettext("{count} layer", "{count} layers", len(nodes))
            self._above.setText("")
            self._title.setText(count.format(count=len(nodes)))
            self._summary.setText(
                _("{kinds}. What you change here changes in all of them.").format(
                    kinds=", ".join(sorted(kinds))
                )
            )

    def _turn(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        nodes = self._nodes()
        if index == 1:
            first = nodes[0] if nodes else None
            catalog = self._studio.session.catalog
            self.help.show_description(catalog.get(first.kind) if first else None)
        elif index == 2 and nodes:
            self.output.show_node(nodes[0].id)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    widget.setProperty("role", "clear")
    area.setWidget(widget)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
