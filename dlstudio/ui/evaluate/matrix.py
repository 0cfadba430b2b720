"""The confusion matrix: rows are the truth, columns the model's answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

SMALLEST, LARGEST = 22, 64
LONGEST_NAME = 120


class Matrix(QWidget):
    """A cell is clicked, or reached with the arrows and chosen with Enter.

    Signals:
        chosen: Truth and answer of a cell, as numbers of classes.
    """

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[str, ...] = ()
        self._counts: list[list[int]] = []
        self._cell: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Confusion matrix"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(
        self, classes: Sequence[str], counts: Sequence[Sequence[int]]
    ) -> None:
        """Show counts (classes, classes)."""
        self._classes = tuple(classes)
        self._counts = [list(row) for row in counts]
        self._cell = None
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the cells want to be."""
        side = round(self._side() * len(self._classes))
        return QSize(side + round(self._margin()), side + 44)

    def minimumSizeHint(self) -> QSize:
        """Cells can become small, not invisible."""
        side = SMALLEST * len(self._classes)
        return QSize(side + round(self._margin()), self.sizeHint().height())

    def cell_center(self, truth: int, answer: int) -> QPoint:
        """Where a cell is, for tests."""
        return self._area(truth, answer).center().toPoint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shades by the share of the row, numbers in the cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(self._theme, self._theme.small_size))
        for truth, row in enumerate(self._counts):
            total = max(sum(row), 1)
            self._name(painter, truth)
            for answer, count in enumerate(row):
                self._draw(painter, truth, answer, count, count / total)
        self._column_names(painter)
        if self._cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.colors.text), 2))
            painter.drawRoundedRect(self._area(*self._cell), 4, 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what a cell means."""
        cell = self._at(event.position().x(), event.position().y())
        self.setToolTip(self._meaning(*cell) if cell else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self._at(event.position().x(), event.position().y())
        if cell:
            self._choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, choose with Enter."""
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
            self._cell = (
                min(max(row + move[0], 0), last),
                min(max(column + move[1], 0), last),
            )
            self.setAccessibleDescription(self._meaning(*self._cell))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell:
            self._choose(self._cell)
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: tuple[int, int]) -> None:
        self._cell = cell
        self.update()
        self.chosen.emit(*cell)

    def _meaning(self, truth: int, answer: int) -> str:
        return _("{count} × {truth}, called {answer}").format(
            count=self._counts[truth][answer],
            truth=self._classes[truth],
            answer=self._classes[answer],
        )

    def _side(self) -> float:
        count = max(len(self._classes), 1)
        room = (self.width() - self._margin()) / count
        return min(max(math.floor(room), SMALLEST), LARGEST)

    def _margin(self) -> float:
        metrics = QFontMetricsF(text_font(self._theme, self._theme.small_size))
        widths = [metrics.horizontalAdvance(name) for name in self._classes]
        return min(max(widths, default=0.0), LONGEST_NAME) + 12

    def _area(self, truth: int, answer: int) -> QRectF:
        side = self._side()
        left, top = self._margin() + answer * side, 28 + truth * side
        return QRectF(left + 1, top + 1, side - 2, side - 2)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        side = self._side()
        answer = math.floor((x - self._margin()) / side)
        truth = math.floor((y - 28) / side)
        count = len(self._classes)
        return (truth, answer) if 0 <= truth < count and 0 <= answer < count else None

    def _draw(
        self, painter: QPainter, truth: int, answer: int, count: int, share: float
    ) -> None:
        colors = self._theme.colors
        color = QColor(colors.accent if truth == answer else colors.bad)
        color.setAlphaF(0.04 + 0.86 * share if count else 0.03)
        area = self._area(truth, answer)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(area, 4, 4)
        if count:
            strong = share > 0.5
            painter.setPen(QColor(colors.on_accent if strong else colors.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(count))

    def _name(self, painter: QPainter, truth: int) -> None:
        area = self._area(truth, 0)
        place = QRectF(0, area.top(), self._margin() - 8, area.height())
        text = painter.fontMetrics().elidedText(
            self._classes[truth], Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.setPen(QColor(self._theme.colors.text_muted))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, align, text)

    def _column_names(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.colors.text_muted))
        for answer, name in enumerate(self._classes):
            area = self._area(0, answer)
            place = QRectF(area.left() - 1, 0, area.width() + 2, 24)
            text = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
