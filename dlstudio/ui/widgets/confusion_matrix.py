"""The confusion matrix: rows are true classes, columns predictions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.contrast import readable_color
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

MIN_CELL_SIZE, MAX_CELL_SIZE = 22, 112
MAX_NAME_WIDTH, MAX_ROTATED_NAME_WIDTH = 120, 84
NAME_HEIGHT = 24

Cell = tuple[int, int]


class ConfusionMatrix(QWidget):
    """Cells can be clicked, or reached with the arrow keys and selected with Enter.

    Cells are as large as width and height allow, but never too small to click.

    Signals:
        chosen: Emitted with the true and the predicted class of a cell, as indices.
        cell_reached: Emitted with the position of the cell reached by the arrows.
    """

    chosen = Signal(int, int)
    cell_reached = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[str, ...] = ()
        self._counts: list[list[int]] = []
        self._cell: Cell | None = None
        self._left, self._max_name_width = 12.0, 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Confusion matrix"))
        both = QSizePolicy.Policy.Expanding
        self.setSizePolicy(both, both)

    def show_counts(
        self, classes: Sequence[str], counts: Sequence[Sequence[int]]
    ) -> None:
        """Show counts of shape (classes, classes)."""
        self._classes = tuple(classes)
        self._counts = [list(row) for row in counts]
        self._cell = None
        metrics = QFontMetricsF(text_font(self._theme, self._theme.small_size))
        widths = [metrics.horizontalAdvance(name) for name in self._classes]
        self._max_name_width = max(widths, default=0.0)
        self._left = min(self._max_name_width, MAX_NAME_WIDTH) + 12
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._size(MAX_CELL_SIZE)

    def minimumSizeHint(self) -> QSize:
        """Cells can become small, but not invisible."""
        return self._size(MIN_CELL_SIZE)

    def _size(self, side: int) -> QSize:
        cells = side * len(self._classes)
        top = self._header_height(side)
        return QSize(cells + math.ceil(self._left), cells + math.ceil(top) + 2)

    def side(self) -> float:
        """Side length of a cell in pixels."""
        count = max(len(self._classes), 1)
        across = (self.width() - self._left) / count
        for top in (NAME_HEIGHT, self._rotated_name_height()):
            down = (self.height() - top - 2) / count
            side = min(max(math.floor(min(across, down)), MIN_CELL_SIZE), MAX_CELL_SIZE)
            if self._header_height(side) == top:
                break
        return side

    def cell_center(self, truth: int, answer: int) -> QPoint:
        """The centre of a cell."""
        return self._cell_rect(truth, answer).center().toPoint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw shades by share of the row, and counts; visible cells only."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(self._theme, self._theme.small_size))
        rows, columns = self._visible_cells(event.rect())
        for truth in rows:
            row = self._counts[truth]
            total = max(sum(row), 1)
            self._draw_row_name(painter, truth)
            for answer in columns:
                self._draw_cell(
                    painter, (truth, answer), row[answer], row[answer] / total
                )
        for answer in columns:
            self._draw_column_name(painter, answer)
        if self._cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            c = self._theme.colors
            painter.setPen(QPen(QColor(c.accent if self.hasFocus() else c.text), 2))
            painter.drawRoundedRect(self._cell_rect(*self._cell), 4, 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().x(), event.position().y())
        self.setToolTip(self._cell_text(*cell) if cell else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().x(), event.position().y())
        if cell and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the keyboard cursor."""
        super().focusInEvent(event)
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if event.reason() in keys and self._cell is None and self._classes:
            self._move_to((0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, select with Enter or Space."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move = moves.get(Qt.Key(event.key()))
        last = len(self._classes) - 1
        if move and last >= 0:
            row, column = self._cell or (0, -1)
            row, column = row + move[0], column + move[1]
            self._move_to((min(max(row, 0), last), min(max(column, 0), last)))
        elif self._cell and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Space,
        ):
            self._choose(self._cell)
        else:
            super().keyPressEvent(event)

    def _move_to(self, cell: Cell) -> None:
        self._cell = cell
        self.setAccessibleDescription(self._cell_text(*cell))
        self.cell_reached.emit(self.cell_center(*cell))
        self.update()

    def _choose(self, cell: Cell) -> None:
        self._cell = cell
        self.update()
        self.chosen.emit(*cell)

    def _cell_text(self, truth: int, answer: int) -> str:
        return _("{count} × {truth} predicted as {prediction}").format(
            count=self._counts[truth][answer],
            truth=self._classes[truth],
            prediction=self._classes[answer],
        )

    def _rotated_name_height(self) -> float:
        """Height of the column names when rotated."""
        return min(self._max_name_width, MAX_ROTATED_NAME_WIDTH) + 8

    def _header_height(self, side: float) -> float:
        """Height of the column names over cells of `side`."""
        return (
            NAME_HEIGHT
            if self._max_name_width <= side - 2
            else self._rotated_name_height()
        )

    def _cell_rect(self, truth: int, answer: int) -> QRectF:
        side = self.side()
        left, top = self._left + answer * side, self._header_height(side) + truth * side
        return QRectF(left + 1, top + 1, side - 2, side - 2)

    def _cell_at(self, x: float, y: float) -> Cell | None:
        side = self.side()
        answer = math.floor((x - self._left) / side)
        truth = math.floor((y - self._header_height(side)) / side)
        count = len(self._classes)
        return (truth, answer) if 0 <= truth < count and 0 <= answer < count else None

    def _visible_cells(self, area: QRect) -> tuple[range, range]:
        """The rows and columns in an area of the widget."""
        side, count = self.side(), len(self._classes)
        top = self._header_height(side)

        def visible_range(start: float, end: float) -> range:
            first = math.floor(start / side)
            return range(max(first, 0), min(math.ceil(end / side) + 1, count))

        rows = visible_range(area.top() - top, area.bottom() - top)
        return rows, visible_range(area.left() - self._left, area.right() - self._left)

    def _draw_cell(
        self, painter: QPainter, cell: Cell, count: int, share: float
    ) -> None:
        colors = self._theme.colors
        color = QColor(colors.accent if cell[0] == cell[1] else colors.bad)
        color.setAlphaF(0.04 + 0.86 * share if count else 0.03)
        area = self._cell_rect(*cell)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(area, 4, 4)
        if count:
            ink = readable_color(colors.on_accent, colors.text, colors.surface, color)
            painter.setPen(ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(count))

    def _draw_row_name(self, painter: QPainter, truth: int) -> None:
        area = self._cell_rect(truth, 0)
        place = QRectF(0, area.top(), self._left - 8, area.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._draw_text(painter, place, self._classes[truth], right)

    def _draw_column_name(self, painter: QPainter, answer: int) -> None:
        """Draw a name horizontally if all fit, otherwise rotated."""
        area, top = self._cell_rect(0, answer), self._header_height(self.side())
        name = self._classes[answer]
        if top == NAME_HEIGHT:
            place = QRectF(area.left(), 0, area.width(), top)
            self._draw_text(painter, place, name, Qt.AlignmentFlag.AlignCenter)
            return
        painter.save()
        painter.translate(area.left(), top - 4)
        painter.rotate(-90)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._draw_text(painter, QRectF(0, 0, top - 4, area.width()), name, left)
        painter.restore()

    def _draw_text(
        self, painter: QPainter, place: QRectF, text: str, align: Qt.AlignmentFlag
    ) -> None:
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, math.ceil(place.width())
        )
        painter.setPen(QColor(self._theme.colors.text_muted))
        painter.drawText(place, align, shown)
