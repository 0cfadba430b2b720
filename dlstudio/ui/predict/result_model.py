"""The table model of predicted rows: cells become texts only where they are shown."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from dlstudio.i18n import _
from dlstudio.mixed_scripts import spaced
from dlstudio.percent_text import percent
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.number_format import aligned_number, short_value
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TablePage
from dlstudio.workers.table_prediction import PredictedColumn, PredictedTable

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole
BLOCK, MAX_PAGES = 64, 64
"""Rows of a page, and how many pages are kept."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ResultModel(QAbstractTableModel):
    """Predictions before the columns of the table.

    Args:
        theme: Colours and sizes.
        views: Show the values of each column.
    """

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._views = views
        self._bold = text_font(theme, theme.text_size, 600)
        self.found: PredictedTable | None = None
        self._pages: OrderedDict[int, TablePage] = OrderedDict()

    def show_table(self, found: PredictedTable | None) -> None:
        """Show another table; None for none."""
        self.beginResetModel()
        self.found = found
        self._pages.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self.found is None:
            return 0
        return len(self.found.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self.found is None:
            return 0
        return len(self.found.columns)

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """Text, alignment and weight of a cell."""
        if not index.isValid() or self.found is None:
            return None
        column = self.found.columns[index.column()]
        if role == ItemRole.DisplayRole:
            return self._shown(index.row(), index.column())
        if role == ItemRole.ToolTipRole:
            text = self.cell_text(index.row(), index.column())
            return _("missing") if text is None else text
        if role == ItemRole.TextAlignmentRole:
            return RIGHT if self._is_numeric(index.column()) else LEFT
        if role == ItemRole.FontRole and column.role == "prediction":
            return self._bold
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = ItemRole.DisplayRole,
    ) -> Any:
        """What is in each column, and the rows' numbers in the file."""
        if self.found is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            if role == ItemRole.DisplayRole:
                return self.found.rows.sample_ids[section]
            return None
        if section >= len(self.found.columns):
            return None
        column = self.found.columns[section]
        if role == ItemRole.DisplayRole:
            return column_title(column)
        if role == ItemRole.ToolTipRole:
            text = _("In the saved file: {column}") if column.role else "{column}"
            return text.format(column=column.name)
        if role == ItemRole.FontRole and column.role == "prediction":
            return self._bold
        if role == ItemRole.TextAlignmentRole:
            return RIGHT if self._is_numeric(section) else LEFT
        return None

    def image_column(self, column: int) -> str:
        """The name of a column whose cells name images; "" of another one."""
        if self.found is None or self.found.thumbnails is None:
            return ""
        described = self.found.columns[column]
        own = described.role == ""
        return described.name if own and self._views.names_files(described.kind) else ""

    def _shown(self, row: int, column: int) -> str:
        """A number short, a score in percent, all other values as they are."""
        assert self.found is not None
        described, text = self.found.columns[column], self.cell_text(row, column)
        if text is None:
            return ""
        if described.role == "score":
            return percent(float(text))
        if not described.kind:
            return text
        if self._views[described.kind].numeric:
            if described.decimals is not None:
                return aligned_number(text, described.decimals)
            if described.role == "prediction":
                return short_value(float(text))
        return self._views[described.kind].text(text)

    def cell_text(self, row: int, column: int) -> str | None:
        """What is in a cell; None where nothing is."""
        block, place = divmod(row, BLOCK)
        return self._page(block).texts[column][place]

    def _is_numeric(self, column: int) -> bool:
        assert self.found is not None
        described = self.found.columns[column]
        if described.role == "score":
            return True
        return bool(described.kind) and self._views[described.kind].numeric

    def _page(self, block: int) -> TablePage:
        if block in self._pages:
            self._pages.move_to_end(block)
            return self._pages[block]
        assert self.found is not None
        end = min((block + 1) * BLOCK, len(self.found.rows))
        rows = np.arange(block * BLOCK, end, dtype=np.int64)
        page = self.found.rows.page(rows, range(len(self.found.columns)))
        self._pages[block] = page
        if len(self._pages) > MAX_PAGES:
            self._pages.popitem(last=False)
        return page


def column_title(column: PredictedColumn) -> str:
    """What is in a column of a predicted table; one of the table's own has its name."""
    if column.role == "prediction":
        return spaced(_("Predicted {name}").format(name=column.output))
    if column.role == "score":
        return _("Score of {name}").format(name=column.output)
    return _("Error") if column.role == "error" else column.name
