"""Draws the images that cells of a predicted table name."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from dlstudio.ui.features.cell_thumbnails import THUMBNAIL, CellThumbnails
from dlstudio.ui.predict.result_model import ResultModel
from dlstudio.ui.theme.tokens import Theme

SIZE = QSize(THUMBNAIL, THUMBNAIL)
DECORATION = QStyle.SubElement.SE_ItemViewItemDecoration


class ImageDelegate(QStyledItemDelegate):
    """Images stand before the names of their files.

    Args:
        theme: Colours and sizes.
        model: The table.
        thumbnails: Gives the images of cells.
        parent: Shows the table.
    """

    def __init__(
        self,
        theme: Theme,
        model: ResultModel,
        thumbnails: CellThumbnails,
        parent: QTableView,
    ) -> None:
        super().__init__(parent)
        self._view = parent
        self._model = model
        self._thumbnails = thumbnails
        self._empty = QColor(theme.colors.line)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Leave space for the image."""
        super().initStyleOption(option, index)
        if self._model.image_column(index.column()):
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = SIZE

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the cell as usual, and its image into the space."""
        super().paint(painter, option, index)
        column = self._model.image_column(index.column())
        text = self._model.cell_text(index.row(), index.column()) if column else None
        if not text:
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        area = self._view.style().subElementRect(DECORATION, shown, self._view)
        self._thumbnails.paint(painter, area, column, text, self._empty)
