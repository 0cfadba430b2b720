"""The summary table: every layer with its output, its parameters and its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
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
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QWidget,
)

from dlstudio.document.analysis import Analysis, NodeReport
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.ui.model.numbers import grouped, short, short_tensor, size_text
from dlstudio.ui.model.summary_text import kind_name
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font, text_font

WIDTHS = (128, 136, 128, 96, 112, 84)
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
        kind = kind_name(node.kind)
        found.append(Row(id, (node.name, kind, *_figures(report), before)))
    if analysis is not None:
        reports = [r for id in order if (r := analysis.node(name, id))]
        found.append(Row("", (_("Total"), "", *_totals(reports), "")))
    return found


def _figures(report: NodeReport | None) -> tuple[str, str, str, str]:
    if report is None:
        return ("", "", "", "")
    shape = "  ".join(map(short_tensor, report.outputs))
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

    def __init__(
        self, mono: QFont, strong: QFont, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._mono = mono
        self._strong = strong
        self._titles = (
            _("Layer"),
            _("Kind"),
            _("Output"),
            _("Parameters"),
            _("Multiply-adds"),
            _("Memory"),
            _("From"),
        )

    def show(self, found: list[Row]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.rows = found
        self.endResetModel()

    def text(self) -> str:
        """All of it, tab-separated, for the clipboard."""
        lines = [self._titles, *(row.cells for row in self.rows)]
        return "\n".join("\t".join(line) for line in lines)

    def rowCount(self, parent: Index = TOP) -> int:
        """See `QAbstractItemModel`."""
        return 0 if parent.isValid() else len(self.rows)

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


class Table(QTableView):
    """The table's looks and keys.

    Signals:
        copied: The copying key was pressed.
    """

    copied = Signal()

    def __init__(self, model: SummaryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(_("Summary of the model"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)

    def event(self, event: QEvent) -> bool:
        """Copying here is meant for the table, not for the canvas."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying copies the whole table; Enter chooses a row."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Summary(QWidget):
    """The table, and a button that copies it.

    Signals:
        chosen: Id of the layer that was clicked.
    """

    chosen = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._marked: tuple[str, ...] = ()
        self.model = SummaryModel(
            mono_font(studio.theme), text_font(studio.theme, weight=600), self
        )
        self.table = Table(self.model, self)
        self.copy = QPushButton(_("Copy"), self)
        self.copy.setToolTip(_("Copy the table, for a sheet or a mail"))
        self.copy.clicked.connect(self._copy)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 2, 16, 4)
        line.setSpacing(8)
        line.addWidget(self.table, 1)
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.table.copied.connect(self._copy)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show the graph as it is, with what is known of it."""
        graph = self._studio.session.project.graphs.get(self._graph, Graph())
        found = rows(graph, analysis, self._graph)
        if found != self.model.rows:
            bar = self.table.verticalScrollBar()
            place = bar.value()
            self.model.show(found)
            bar.setValue(place)
        self.mark(self._marked)

    def mark(self, ids: Sequence[str]) -> None:
        """Select the rows of these nodes, and bring the first into view."""
        self._marked = tuple(ids)
        chosen = self.table.selectionModel()
        chosen.clearSelection()
        wanted = [i for i, row in enumerate(self.model.rows) if row.id in self._marked]
        flags = QItemSelectionModel.SelectionFlag
        for row in wanted:
            chosen.select(self.model.index(row, 0), flags.Select | flags.Rows)
        if wanted:
            self.table.scrollTo(self.model.index(wanted[0], 0))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.model.text())
        self._studio.notices.good(_("The table is on the clipboard."))

    def _clicked(self, index: QModelIndex) -> None:
        if index.isValid() and self.model.rows[index.row()].id:
            self.chosen.emit(self.model.rows[index.row()].id)
