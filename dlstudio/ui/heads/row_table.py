"""A plain table of a report: numbers to the right, rows that can be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dlstudio.ui.widgets.image_tile import row_pixmap

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROW_HEIGHT, MAX_SHOWN = 28, 10
MAX_FIRST_WIDTH = 180
IMAGE_SIDE = 48


class RowTable(QTableWidget):
    """As high as its rows, up to `MAX_SHOWN`.

    Args:
        name: Its accessible name.
        titles: Of the columns.
        numeric: Which columns are aligned to the right.
    """

    def __init__(
        self,
        name: str,
        titles: Sequence[str],
        numeric: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(0, len(titles), parent)
        self._numeric = frozenset(numeric)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # row numbers come last
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")  # as headings
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # A number at the far right would be away from the others of its row.
        header.setStretchLastSection(len(titles) - 1 not in self._numeric)
        for column, title in enumerate(titles):
            item = QTableWidgetItem(title)
            item.setTextAlignment(RIGHT if column in self._numeric else LEFT)
            self.setHorizontalHeaderItem(column, item)

    def show_texts(self, lines: Sequence[Sequence[str]]) -> None:
        """Replace the rows."""
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column in self._numeric:
                    item.setTextAlignment(RIGHT)
                self.setItem(row, column, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(0, min(self._first_width(), MAX_FIRST_WIDTH))
        self._fit_height(ROW_HEIGHT)

    def show_images(self, images: Sequence[Sequence[QImage]]) -> None:
        """Show images before the texts of the first column, in higher rows.

        Args:
            images: Of each row, as many as there are; none for some rows.
        """
        most = max(map(len, images), default=0)
        if not most:
            return
        self.setIconSize(QSize(most * IMAGE_SIDE, IMAGE_SIDE))
        scale = self.devicePixelRatioF()
        for row, some in enumerate(images):
            item = self.item(row, 0)
            if item is not None and some:
                item.setIcon(QIcon(row_pixmap(some, IMAGE_SIDE, scale)))
        height = IMAGE_SIDE + 8
        self.verticalHeader().setDefaultSectionSize(height)
        widest = MAX_FIRST_WIDTH + most * IMAGE_SIDE
        self.setColumnWidth(0, min(self._first_width(), widest))
        self._fit_height(height)

    def _fit_height(self, row_height: int) -> None:
        """As high as the rows, but no higher than `MAX_SHOWN` rows of text."""
        rows = min(self.rowCount() * row_height, MAX_SHOWN * ROW_HEIGHT)
        header = self.horizontalHeader().sizeHint().height()
        self.setMinimumHeight(header + rows + 4)

    def _first_width(self) -> int:
        """The width of the first column that shows all of its texts."""
        title = self.horizontalHeader().sectionSizeHint(0)
        return int(max(self.sizeHintForColumn(0), title)) + 8

    def color_cell(self, row: int, column: int, color: str) -> None:
        """Set the colour of a text, "#rrggbb".

        Args:
            row: Of the cell.
            column: Of the cell.
            color: Of its text.
        """
        item = self.item(row, column)
        if item is not None:
            item.setForeground(QColor(color))
