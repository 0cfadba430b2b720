"""The table of per-class metrics: precision, recall, F1 and support."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.widgets.topics import ask_about

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROW_HEIGHT = 28
COLUMNS = ("precision", "recall", "f1", "roc_auc", "support")


class ClassMetricsTable(QTableWidget):
    """Sortable by clicking a column heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Metrics per class"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")  # as headings
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        titles = [
            _("Class"),
            _("Precision"),
            _("Recall"),
            _("F1"),
            _("ROC AUC"),
            _("Samples"),
        ]
        self.setColumnCount(len(titles))
        for column, title in enumerate(titles):
            heading = QTableWidgetItem(title)
            heading.setTextAlignment(RIGHT if column else LEFT)
            self.setHorizontalHeaderItem(column, heading)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._offer_help)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _offer_help(self, place: QPoint) -> None:
        """Offer “What is this?” for the metric of a column."""
        column = self.horizontalHeader().logicalIndexAt(place)
        topic = metric_topic(COLUMNS[column - 1]) if column > 0 else ""
        if topic:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(_("What is this?"), partial(ask_about, self, topic))
            menu.popup(self.horizontalHeader().viewport().mapToGlobal(place))

    def show_at_least(self, rows: int) -> None:
        """Be high enough for so many rows, if there are as many."""
        shown = min(self.rowCount(), rows) * ROW_HEIGHT
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + shown + 4)

    def show_classes(self, per_class: Mapping[str, Mapping[str, float]]) -> None:
        """Replace the rows."""
        self.setSortingEnabled(False)
        self.setRowCount(len(per_class))
        for row, (name, metrics) in enumerate(per_class.items()):
            named = QTableWidgetItem(name)
            named.setToolTip(name)
            self.setItem(row, 0, named)
            for column, metric in enumerate(COLUMNS, 1):
                self.setItem(row, column, _cell(metrics.get(metric), metric))
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)


class _NumberItem(QTableWidgetItem):
    """Sorts by its number; undefined values come first."""

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return bool(_value(self) < _value(other))


def _value(item: QTableWidgetItem) -> float:
    found = item.data(Qt.ItemDataRole.UserRole)
    return -1.0 if found is None else float(found)


def _cell(value: float | None, metric: str) -> QTableWidgetItem:
    text = str(value) if metric == "support" else percent(value)
    cell = _NumberItem(text)
    cell.setData(Qt.ItemDataRole.UserRole, value)
    cell.setTextAlignment(RIGHT)
    return cell
