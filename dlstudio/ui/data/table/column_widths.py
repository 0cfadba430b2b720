"""Widths of columns: as their contents need, spread over the whole table."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTableView

from dlstudio.ui.data.table.cell_delegate import CellDelegate
from dlstudio.ui.data.table.column_header import ColumnHeader
from dlstudio.ui.data.table.model import BLOCK, TableModel

MIN_WIDTH, MAX_WIDTH = 84, 240
SPREAD_WIDTH = 200
"""A column is not spread beyond: in a table of two, values would be far apart."""
SAMPLED = 200
"""Columns whose cells are looked at; further ones get the width of their header."""


class ColumnWidths(QObject):
    """Sets widths until the user does.

    Args:
        view: The table's widget.
        header: Its header.
        delegate: Knows how wide cells are.
        table: The model.
    """

    def __init__(
        self,
        view: QTableView,
        header: ColumnHeader,
        delegate: CellDelegate,
        table: TableModel,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._header = header
        self._delegate = delegate
        self._table = table
        self._wanted: list[int] = []
        self._whole: list[int] = []
        self._fitting = False
        self._chosen = False
        header.setMinimumSectionSize(48)
        header.sectionResized.connect(self._resized)

    def reset(self) -> None:
        """Compute the widths of other columns."""
        self._chosen = False
        count = min(self._table.rowCount(), BLOCK)
        self._whole = [
            self._width(column, count if column < SAMPLED else 0)
            for column in range(len(self._table.columns))
        ]
        self._wanted = [min(width, MAX_WIDTH) for width in self._whole]
        self.fit()

    def fit(self) -> None:
        """Spread the columns over the table, and show more of what is cut off."""
        if self._chosen or not self._wanted:
            return
        free = self._view.viewport().width() - sum(self._wanted)
        extra, rest = divmod(max(free, 0), len(self._wanted))
        widths = [
            max(width, min(width + extra + (column < rest), SPREAD_WIDTH))
            for column, width in enumerate(self._wanted)
        ]
        self._show_more(widths)
        self._fitting = True
        for column, width in enumerate(widths):
            self._header.resizeSection(column, width)
        self._fitting = False

    def _show_more(self, widths: list[int]) -> None:
        """Widen the columns whose texts are cut off, as far as there is room."""
        cut = [n for n, width in enumerate(widths) if self._whole[n] > width]
        free = self._view.viewport().width() - sum(widths)
        for column in cut:
            share = max(free, 0) // len(cut)
            widths[column] = min(widths[column] + share, self._whole[column])

    def _width(self, column: int, rows: int) -> int:
        """The width of a column in which nothing is cut off."""
        widths = [self._delegate.cell_width(row, column) for row in range(rows)]
        header = self._header.header_width(column)
        return max(*widths, header, MIN_WIDTH)

    def _resized(self, _column: int, _old: int, _new: int) -> None:
        if not self._fitting and self._wanted:
            self._chosen = True
