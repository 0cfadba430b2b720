"""The summary table: every layer with its output, its parameters and its cost."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
    QWidget,
)

from dlstudio.document.analysis import Analysis, NodeReport
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.ui.model.numbers import grouped, short, size_text, tensor_text
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font

Index = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Row:
    """One layer, as texts; `id` is "" in the row of totals."""

    id: str
    cells: tuple[str, ...]


def rows(graph: Graph, analysis: Analysis | None, name: str) -> list[Row]:
    """The layers in the data's order, and the totals."""
    order, rest = graph.order()
    found = []
    for id in (*order, *sorted(rest)):
        node = graph.nodes[id]
        report = analysis.node(name, id) if analysis else None
        before = ", ".join(graph.nodes[link.source].name for link in graph.into(id))
        kind = node.kind.rpartition(".")[2]
        found.append(Row(id, (node.name, kind, *_figures(report), before)))
    if analysis is not None:
        reports = [r for id in order if (r := analysis.node(name, id))]
        found.append(Row("", (_("Total"), "", *_totals(reports), "")))
    return found


def _figures(report: NodeReport | None) -> tuple[str, str, str, str]:
    if report is None:
        return ("", "", "", "")
    shape = " ".join(map(tensor_text, report.outputs))
    count = report.multiply_adds
    cost = "?" if count is None else short(count)
    return (shape, grouped(report.parameters), cost, size_text(report.memory))


def _totals(reports: list[NodeReport]) -> tuple[str, str, str, str]:
    parameters = sum(report.parameters for report in reports)
    known = [r.multiply_adds for r in reports if r.multiply_adds is not None]
    more = "" if len(known) == len(reports) else "≥ "
    memory = sum(report.memory for report in reports)
    return ("", grouped(parameters), f"{more}{short(sum(known))}", size_text(memory))


class SummaryModel(QAbstractTableModel):
    """The rows for Qt."""

    def __init__(self, mono: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._mono = mono
        self._titles = (
            _("Layer"),
            _("Kind"),
            _("Output"),
            _("Parameters"),
            _("Multiply-adds"),
            _("Memory / sample"),
            _("From"),
        )

    def show(self, found: list[Row]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self._rows = found
        self.endResetModel()

    def row(self, index: int) -> Row:
        """One row."""
        return self._rows[index]

    def text(self) -> str:
        """All of it, tab-separated, for the clipboard."""
        lines = [self._titles, *(row.cells for row in self._rows)]
        return "\n".join("\t".join(line) for line in lines)

    def rowCount(self, parent: Index = TOP) -> int:
        """See `QAbstractItemModel`."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = TOP) -> int:
        """See `QAbstractItemModel`."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = 0
    ) -> object:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if section in (3, 4, 5) else LEFT)
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """A cell."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if column in (3, 4, 5) else LEFT)
        if role == Qt.ItemDataRole.FontRole and column == 2:
            return self._mono
        return None


class Summary(QTableView):
    """The table. Signals: `chosen`, the id of the layer that was clicked."""

    chosen = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._model = SummaryModel(mono_font(studio.theme), self)
        self.setModel(self._model)
        self.setAccessibleName(_("Summary of the model"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in enumerate((140, 150, 230, 100, 120, 130)):
            header.resizeSection(column, width)
        self.clicked.connect(self._clicked)
        self.activated.connect(self._clicked)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show the graph as it is, with what is known of it."""
        graph = self._studio.session.project.graphs.get(self._graph, Graph())
        self._model.show(rows(graph, analysis, self._graph))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying copies the table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._model.text())
        else:
            super().keyPressEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        row = self._model.row(index.row())
        if row.id:
            self.chosen.emit(row.id)
