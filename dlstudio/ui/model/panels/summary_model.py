"""The rows of the summary: each layer with its output, parameters and costs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from dlstudio.byte_size import size_text
from dlstudio.document.analysis import Analysis, NodeReport
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.document.canvas.number_format import (
    short_tensor,
    thousands_text,
    total_text,
)
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.short_number import short_number

Index = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The texts of one layer; `id` is "" in the row of totals."""

    id: str
    cells: tuple[str, ...]


def rows(graph: Graph, analysis: Analysis | None, name: str) -> list[SummaryRow]:
    """Return the layers in topological order, and the totals.

    Args:
        graph: The graph to summarize.
        analysis: Shapes and costs, if known.
        name: The graph's name in the analysis.
    """
    order, rest = graph.order()
    found = []
    for id in (*order, *sorted(rest)):
        node = graph.nodes[id]
        report = analysis.node(name, id) if analysis else None
        before = ", ".join(graph.nodes[edge.source].name for edge in graph.into(id))
        kind = kind_name(node.kind)
        found.append(SummaryRow(id, (node.name, kind, *_cells(report), before)))
    if analysis is not None:
        reports = [r for id in order if (r := analysis.node(name, id))]
        found.append(SummaryRow("", (_("Total"), "", *_totals(reports), "")))
    return found


def _cells(report: NodeReport | None) -> tuple[str, str, str, str]:
    if report is None:
        return ("", "", "", "")
    shape = "  ".join(map(short_tensor, report.outputs))
    cost = total_text([report.multiply_adds], short_number)
    memory = total_text([report.memory], size_text)
    return (shape, thousands_text(report.parameters), cost, memory)


def _totals(reports: list[NodeReport]) -> tuple[str, str, str, str]:
    parameters = sum(report.parameters for report in reports)
    cost = total_text((report.multiply_adds for report in reports), short_number)
    memory = total_text((report.memory for report in reports), size_text)
    return ("", thousands_text(parameters), cost, memory)


class SummaryModel(QAbstractTableModel):
    """The table model of the summary."""

    def __init__(
        self, mono: QFont, strong: QFont, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.rows: list[SummaryRow] = []
        self._mono = mono
        self._strong = strong
        self._titles = (
            _("Layer"),
            _("Type"),
            _("Output"),
            _("Parameters"),
            _("Multiply-adds"),
            _("Memory"),
            _("Connected to"),
        )

    def show(self, found: list[SummaryRow]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.rows = found
        self.endResetModel()

    def text(self) -> str:
        """Return the table as tab-separated text."""
        lines = [self._titles, *(row.cells for row in self.rows)]
        return "\n".join("\t".join(line) for line in lines)

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = 0
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if section in (3, 4, 5) else LEFT)
        return None

    def data(self, index: Index, role: int = 0) -> object:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if column in (3, 4, 5) else LEFT)
        if role == Qt.ItemDataRole.FontRole:
            if not row.id:
                return self._strong
            return self._mono if column == 2 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.cells[column]
        return None
