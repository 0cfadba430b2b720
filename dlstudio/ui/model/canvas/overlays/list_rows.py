"""Rows of the lists on the canvas: a category's colour before two lines of text."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.tokens import Theme

PADDING = 8
SWATCH = 9


class ListRows(QStyledItemDelegate):
    """Paints the background and the colour; what is written, subclasses say.

    Args:
        theme: Colours and fonts.
        height: Height of a row, in pixels.
        parent: The list.
    """

    def __init__(self, theme: Theme, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._height = height

    @abstractmethod
    def color(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return the colour of a row's category."""

    @abstractmethod
    def write(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Write a row's texts.

        Args:
            painter: Of the list.
            box: The texts are at its top and at its bottom.
            index: The row.
        """

    def sizeHint(
        self,
        _option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return QSize(0, self._height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        c = self.theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = option.rect.adjusted(0, 1, -2, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(c.selected))
            painter.drawRoundedRect(box, 6, 6)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(c.hover))
            painter.drawRoundedRect(box, 6, 6)
        painter.setBrush(category_color(self.theme, self.color(index)))
        at = (box.left() + PADDING, box.top() + PADDING)
        painter.drawRoundedRect(*at, SWATCH, SWATCH, 3, 3)
        text = box.adjusted(2 * PADDING + SWATCH + 2, 3, -PADDING, -3)
        self.write(painter, text, index)
        painter.restore()


def show_as_rows(shown: QListWidget, rows: ListRows) -> None:
    """Let a list have such rows; the search field above it keeps the focus."""
    shown.setUniformItemSizes(True)
    shown.setItemDelegate(rows)
    shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    shown.setMouseTracking(True)
