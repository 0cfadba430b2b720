"""The table model over rows that become texts only where they are shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.features.feature_views import (
    FeatureViews,
    ignored_message,
    ignored_text,
)
from dlstudio.workers.table import ALL, Indices, TableColumn, TablePage, TableRows

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole
BLOCK, COLUMNS, MAX_PAGES = 64, 16, 128
"""Rows and columns of a page, and how many pages are kept."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of the table.

    Attributes:
        text: As it is read; None where a value is missing.
        split: Of its row; see `TablePage`.
        corrected: Whether the user has changed it.
        unreadable: Whether it is not of its column's kind.
    """

    text: str | None
    split: int = ALL
    corrected: bool = False
    unreadable: bool = False


class TableModel(QAbstractTableModel):
    """Rows of a source that match a filter, in pages of `BLOCK` rows.

    Args:
        views: Show the values of each column.

    Signals:
        value_changed: Emitted with a sample's id, the name of a feature, and the text
            that the user has entered instead of its value.
    """

    value_changed = Signal(str, str, str)

    def __init__(self, views: FeatureViews, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self.columns: tuple[TableColumn, ...] = ()
        self._source: TableRows | None = None
        self._rows: Indices | None = None
        self._pages: OrderedDict[tuple[int, int], TablePage] = OrderedDict()

    def show_table(self, columns: Sequence[TableColumn], source: TableRows) -> None:
        """Show another table, or this one with other types or corrections.

        Args:
            columns: In the order of the source's texts.
            source: Gives the rows.
        """
        names = [each.name for each in columns]
        old = self._source
        same = names == [each.name for each in self.columns]
        if same and old is not None and len(old) == len(source):
            self.columns, self._source = tuple(columns), source
            self._pages.clear()
            self._report_changed()
            return
        self.beginResetModel()
        self.columns, self._source, self._rows = tuple(columns), source, None
        self._pages.clear()
        self.endResetModel()

    def show_rows(self, rows: Indices | None) -> None:
        """Show only some rows, by their numbers; None for all."""
        self.beginResetModel()
        self._rows = rows
        self._pages.clear()
        self.endResetModel()

    def source_rows(self, rows: Sequence[int]) -> Indices:
        """The row numbers in the source of shown rows."""
        shown = np.asarray(rows, np.int64)
        return shown if self._rows is None else self._rows[shown]

    def ids(self, rows: Sequence[int]) -> tuple[str, ...]:
        """The samples that stand in shown rows."""
        if self._source is None:
            return ()
        return tuple(self._source.ids(self.source_rows(rows)))

    def place(self, id: str) -> int:
        """The shown row in which a sample stands; -1 for none."""
        row = -1 if self._source is None else self._source.place(id)
        if row < 0 or self._rows is None:
            return row
        found = np.flatnonzero(self._rows == row)
        return int(found[0]) if len(found) else -1

    def total(self) -> int:
        """The number of rows without a filter."""
        return 0 if self._source is None else len(self._source)

    def cell(self, row: int, column: int) -> TableCell:
        """The cell in a shown row and a column."""
        block, place = divmod(row, BLOCK)
        group, within = divmod(column, COLUMNS)
        page = self._page(block, group)
        return TableCell(
            page.texts[within][place],
            page.splits[place],
            (place, within) in page.corrected,
            (place, within) in page.unreadable,
        )

    def tokens_beside(self, row: int) -> str:
        """The sentence in a shown row that tags belong to; "" where there is none."""
        for column, each in enumerate(self.columns):
            if each.kind == TOKENS.kind:
                return self.cell(row, column).text or ""
        return ""

    def shown_text(self, cell: TableCell, column: int) -> str:
        """How a cell's value is shown; "" where it is missing."""
        if cell.text is None:
            return ""
        kind = self.columns[column].kind
        if not kind or cell.unreadable:
            return cell.text
        return self._views[kind].text(cell.text)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid():
            return 0
        return self.total() if self._rows is None else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of ignored columns cannot be edited."""
        flags = super().flags(index)
        if index.isValid() and self.columns[index.column()].kind:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """Text, alignment and description of a cell; `cell` is for painting."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == ItemRole.DisplayRole:
            return self.shown_text(self.cell(row, column), column)
        if role == ItemRole.EditRole:
            return self.cell(row, column).text or ""
        if role == ItemRole.TextAlignmentRole:
            return RIGHT if self.is_numeric(column) else LEFT
        if role in (ItemRole.ToolTipRole, ItemRole.AccessibleDescriptionRole):
            return self._description(row, column)
        return None

    def setData(self, index: Index, value: Any, role: int = ItemRole.EditRole) -> bool:
        """Report a correction; the owner shows the table with it."""
        if role != ItemRole.EditRole or not index.isValid():
            return False
        row, column = index.row(), index.column()
        if value != (self.cell(row, column).text or ""):
            (id,) = self.ids([row])
            self.value_changed.emit(id, self.columns[column].name, value)
        return True

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = ItemRole.DisplayRole,
    ) -> Any:
        """Names of columns, and in words what their headers draw."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == ItemRole.DisplayRole:
            return self.columns[section].name
        if role in (ItemRole.ToolTipRole, ItemRole.AccessibleTextRole):
            return self.column_text(section)
        return None

    def is_numeric(self, column: int) -> bool:
        """Whether the values of a column are aligned to the right."""
        kind = self.columns[column].kind
        return bool(kind) and self._views[kind].numeric

    def column_text(self, column: int) -> str:
        """What the header of a column shows, in words."""
        each = self.columns[column]
        title = f"{self._views.title(each.kind)} {percent(each.certainty, 0)}"
        lines = [each.name, title]
        if each.role == "target":
            lines.append(_("Target: the model learns to predict it."))
        if each.kind:
            lines.append(self._views[each.kind].summary(each.statistics))
        else:
            lines.append(ignored_message(each.reason))
        lines += column_problems(each)
        return "\n".join(line for line in lines if line)

    def _description(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        if cell.corrected:
            text = cell.text or _("missing")
            return _("{value} (corrected; the file is unchanged)").format(value=text)
        if cell.unreadable:
            title = self._views.title(self.columns[column].kind)
            text = _("“{value}” cannot be read as {type} and counts as missing.")
            return text.format(value=cell.text, type=title.lower())
        return _("missing") if cell.text is None else cell.text

    def _page(self, block: int, group: int) -> TablePage:
        pages, key = self._pages, (block, group)
        if key in pages:
            pages.move_to_end(key)
            return pages[key]
        assert self._source is not None
        end = min((block + 1) * BLOCK, self.rowCount())
        rows = self.source_rows(range(block * BLOCK, end))
        last = min((group + 1) * COLUMNS, len(self.columns))
        page = self._source.page(rows, range(group * COLUMNS, last))
        pages[key] = page
        if len(pages) > MAX_PAGES:
            pages.popitem(last=False)
        return page

    def _report_changed(self) -> None:
        last = len(self.columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self.rowCount():
            end = self.index(self.rowCount() - 1, last)
            self.dataChanged.emit(self.index(0, 0), end)


def column_problems(column: TableColumn) -> list[str]:
    """What a header warns of: missing and unreadable cells, why it is ignored."""
    if not column.kind:
        return [ignored_text(column.reason)] if column.reason else []
    found = []
    if column.missing:
        found.append(_("{count} missing").format(count=f"{column.missing:,}"))
    if column.unreadable:
        found.append(_("{count} not readable").format(count=f"{column.unreadable:,}"))
    return found
