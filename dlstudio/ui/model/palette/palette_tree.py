"""The palette's tree view and the painting of its rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.model.palette.palette_model import (
    BLOCK,
    COLOR,
    FAVOURITE,
    KIND,
    MORE,
    PaletteModel,
)
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.fonts import heading_font, text_font
from dlstudio.ui.theme.tokens import Theme

Index = QModelIndex | QPersistentModelIndex
HEADING, ROW = 30, 28
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class PaletteTree(QTreeView):
    """The tree view of the palette.

    Signals:
        entered_key: Emitted when Enter is pressed.
    """

    entered_key = Signal()

    def __init__(self, model: PaletteModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layers")
        self.setAccessibleName(_("Layers"))
        self.setModel(model)
        self.setItemDelegate(_PaletteDelegate(theme, self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setItemsExpandable(False)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Enter and leave other keys to Qt."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_key.emit()
        else:
            super().keyPressEvent(event)


class _PaletteDelegate(QStyledItemDelegate):
    """Paints headings in small capitals and layers with a category marker."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heading_font = heading_font(theme)
        self._font = text_font(theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW if index.parent().isValid() else HEADING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.parent().isValid():
            self._row(painter, option, index)
        else:
            painter.setFont(self._heading_font)
            painter.setPen(QColor(self._theme.colors.text_muted))
            area = option.rect.adjusted(0, 6, 0, 0)
            painter.drawText(area, MIDDLE, str(index.data()))
        painter.restore()

    def _row(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        colors = self._theme.colors
        area: QRect = option.rect.adjusted(0, 1, -4, -1)
        self._paint_background(painter, option, area)
        if not index.data(MORE):
            self._mark(painter, index, area)
        painter.setPen(QColor(colors.text_muted if index.data(MORE) else colors.text))
        painter.setFont(self._font)
        starred = bool(index.data(FAVOURITE))
        room = area.adjusted(26, 0, -20 if starred else -4, 0)
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, MIDDLE, name)
        if starred:
            painter.setPen(QColor(colors.accent))
            right = MIDDLE | Qt.AlignmentFlag.AlignRight
            painter.drawText(area.adjusted(0, 0, -6, 0), right, "★")

    def _paint_background(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect
    ) -> None:
        colors, state = self._theme.colors, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (selected or over):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selected if selected else colors.hover))
        painter.drawRoundedRect(area, 6, 6)
        if selected and option.widget is not None and option.widget.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1))
            ring = area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ring, 6, 6)

    def _mark(self, painter: QPainter, index: Index, area: QRect) -> None:
        """Paint a square in the category's colour, or two for a block."""
        colors = self._theme.colors
        left, middle = area.left() + 8, area.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        if index.data(BLOCK):
            painter.setBrush(QColor(colors.text_faint))
            painter.drawRoundedRect(left, middle - 6, 7, 7, 2, 2)
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(left + 4, middle - 1, 7, 7, 2, 2)
        elif index.data(KIND):
            painter.setBrush(category_color(self._theme, str(index.data(COLOR) or "")))
            painter.drawRoundedRect(left, middle - 5, 10, 10, 3, 3)
