"""Paints the cells of a table, and edits one in place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from dlstudio.catalog.features.tags import TAGS
from dlstudio.i18n import _
from dlstudio.ui.data.table.chip import chip_width, paint_chip
from dlstudio.ui.data.table.model import LEFT, RIGHT, TableCell, TableModel
from dlstudio.ui.features.cell_thumbnails import GAP, THUMBNAIL, CellThumbnails
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.span_layout import SpanLayout
from dlstudio.ui.features.value_edit import ParagraphEdit, ValueEdit
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.dataset import EXCLUDED

Index = QModelIndex | QPersistentModelIndex
INSET = 10
CHIP_HEIGHT = 19.0
MARK = 5
MAX_ELIDED = 8192
PARAGRAPH_WIDTH = 360
"""Least width of a field of several lines."""
SELECTED = QStyle.StateFlag.State_Selected
FOCUSED = QStyle.StateFlag.State_HasFocus


class CellDelegate(QStyledItemDelegate):
    """Draws text directly: a screen full of cells has a few milliseconds.

    Attributes:
        thumbnails: Of cells that name images; None for their names alone.

    Args:
        theme: Colours and sizes.
        views: Edit the values of each column.
        model: The table.
    """

    def __init__(
        self, theme: Theme, views: FeatureViews, model: TableModel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.thumbnails: CellThumbnails | None = None
        self._theme = theme
        self._views = views
        self._model = model
        self._fonts = (text_font(theme), text_font(theme, 0, 600))
        self._small = text_font(theme, theme.tiny_size)
        self._metrics = tuple(map(QFontMetrics, self._fonts))
        self._elided = lru_cache(maxsize=MAX_ELIDED)(self._elide)
        self._missing = _("missing")
        self._chip_width = chip_width(QFontMetricsF(self._small), self._missing)
        c = theme.colors
        self._text, self._faint = QColor(c.text), QColor(c.text_faint)
        self._wrong, self._accent = QColor(c.warning), QColor(c.accent)
        self._line, self._selected = QColor(c.line), QColor(c.selected)
        self._chip = (QColor(c.warning), QColor(c.warning_soft))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw the value, a chip where it is missing, and marks."""
        row, column = index.row(), index.column()
        cell = self._model.cell(row, column)
        box, state = option.rect, option.state
        if state & SELECTED:
            painter.fillRect(box, self._selected)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, self._line)
        if cell.text is None:
            self._paint_missing(painter, box, column)
        else:
            self._paint_text(painter, box, cell, index)
        if cell.corrected:
            corner = QRect(box.right() - MARK - 2, box.top() + 3, MARK, MARK)
            painter.fillRect(corner, self._accent)
        if state & FOCUSED:
            painter.setPen(QPen(self._accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _paint_text(
        self, painter: QPainter, box: QRect, cell: TableCell, index: Index
    ) -> None:
        row, column = index.row(), index.column()
        described = self._model.columns[column]
        bold = described.role == "target"
        if cell.split == EXCLUDED or not described.kind:
            painter.setPen(self._faint)
        elif cell.unreadable:
            painter.setPen(self._wrong)
        else:
            painter.setPen(self._accent if cell.corrected else self._text)
        inner = box.adjusted(INSET, 0, -INSET, 0)
        if self.thumbnails is not None and self._views.names_files(described.kind):
            text = cell.text or ""
            self.thumbnails.paint(painter, inner, described.name, text, self._line)
            inner.setLeft(inner.left() + THUMBNAIL + GAP)
        if described.kind == TAGS.kind and not cell.unreadable:
            tokens = self._model.tokens_beside(row).split()
            if tokens:
                self._paint_spans(painter, inner, tokens, cell, column)
                return
        painter.setFont(self._fonts[bold])
        shown = self._model.shown_text(cell, column)
        text = self._elided(shown, inner.width(), bold)
        right = self._model.is_numeric(column)
        painter.drawText(inner, int(RIGHT if right else LEFT), text)

    def _paint_spans(
        self,
        painter: QPainter,
        inner: QRect,
        tokens: Sequence[str],
        cell: TableCell,
        column: int,
    ) -> None:
        """Draw the sentence with its entities in one line.

        Args:
            painter: Of the table.
            inner: Where to draw.
            tokens: Of the sentence.
            cell: Has the tags.
            column: Says which types there are.
        """
        known = self._model.columns[column].statistics.frequent
        spans = SpanLayout(self._theme, sorted(name for name, _count in known))
        ink = painter.pen().color()
        tags = (cell.text or "").split()
        boxes = spans.boxes(tokens, tags, inner.width(), lines=1)
        painter.save()
        painter.translate(inner.left(), inner.center().y() - spans.line_height / 2)
        spans.paint(painter, boxes, ink)
        painter.restore()

    def _paint_missing(self, painter: QPainter, box: QRect, column: int) -> None:
        if not self._model.columns[column].kind:
            painter.setPen(self._faint)  # nobody misses it there
            painter.drawText(box.adjusted(INSET, 0, -INSET, 0), int(LEFT), "–")
            return
        width = min(self._chip_width, box.width() - 2.0 * INSET)
        right = self._model.is_numeric(column)
        left = box.right() + 1 - INSET - width if right else box.left() + INSET
        top = box.center().y() + 0.5 - CHIP_HEIGHT / 2
        painter.setFont(self._small)
        area = QRectF(left, top, width, CHIP_HEIGHT)
        paint_chip(painter, area, self._missing, self._chip)

    def _elide(self, text: str, width: int, bold: bool) -> str:
        plain = text.replace("\n", " ") if "\n" in text else text
        return self._metrics[bold].elidedText(plain, Qt.TextElideMode.ElideRight, width)

    def cell_width(self, row: int, column: int) -> int:
        """The width in pixels at which a cell is not cut."""
        model, about = self._model, self._model.columns[column]
        cell = model.cell(row, column)
        tokens = model.tokens_beside(row).split() if about.kind == TAGS.kind else []
        if tokens and cell.text:
            boxes = SpanLayout(self._theme).boxes(tokens, cell.text.split(), math.inf)
            return math.ceil(boxes[-1].area.right()) + 2 * INSET + 2
        shown = model.shown_text(cell, column)
        return self.text_width(shown, about.role == "target", about.kind)

    def text_width(self, text: str, bold: bool, kind: str = "") -> int:
        """The width of a cell with this text in pixels.

        Args:
            text: As it is shown.
            bold: Whether it is bold.
            kind: Of the column; beside the names of files stand thumbnails.
        """
        small = self.thumbnails is not None and self._views.names_files(kind)
        beside = THUMBNAIL + GAP if small else 0
        return self._metrics[bold].horizontalAdvance(text) + beside + 2 * INSET + 2

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """The field of the column's feature type."""
        column = self._model.columns[index.column()]
        made = self._views[column.kind].editor(self._theme, column, parent)
        made.setAccessibleName(column.name)
        if isinstance(made, ParagraphEdit):
            return made
        made.setStyleSheet("QLineEdit { padding: 0 7px; border-radius: 0; }")
        if self._model.is_numeric(index.column()):
            made.setAlignment(RIGHT)  # as the number that it replaces
        return made

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """A field of several lines covers the rows below, or above at the end."""
        if not isinstance(editor, ParagraphEdit):
            super().updateEditorGeometry(editor, option, index)
            return
        box = option.rect
        around = editor.parentWidget()
        inside = around.rect() if around is not None else box
        width = min(max(box.width(), PARAGRAPH_WIDTH), inside.width())
        left = max(0, min(box.left(), inside.right() + 1 - width))
        top = max(0, min(box.top(), inside.bottom() + 1 - editor.height()))
        editor.setGeometry(left, top, width, editor.height())

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value as it is in the file, not as it is shown."""
        if isinstance(editor, (ValueEdit, ParagraphEdit)):
            editor.set_value(self._model.cell(index.row(), index.column()).text or "")
            editor.selectAll()

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Report the value; an invalid one is dropped when the focus leaves it."""
        if isinstance(editor, (ValueEdit, ParagraphEdit)) and not editor.problem():
            before = self._model.cell(index.row(), index.column()).text or ""
            # A field has other line ends than the file.
            if editor.text().strip() != before.replace("\r\n", "\n").strip():
                model.setData(index, editor.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter explains an invalid value instead of dropping it.

        In a field of several lines it ends editing as in others; Shift+Enter begins a
        line there.
        """
        enter = isinstance(event, QKeyEvent) and (
            event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        )
        if enter and isinstance(watched, ParagraphEdit):
            assert isinstance(event, QKeyEvent)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return False
            self.commitData.emit(watched)
            self.closeEditor.emit(watched)
            return True
        if enter and isinstance(watched, ValueEdit) and watched.problem():
            place = watched.mapToGlobal(watched.rect().bottomLeft())
            QToolTip.showText(place, watched.problem(), watched)
            return True
        return super().eventFilter(watched, event)
