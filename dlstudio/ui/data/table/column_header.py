"""The header of a table: name, type, certainty, distribution and problems."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.data.table.cell_delegate import INSET
from dlstudio.ui.data.table.chip import chip_width, paint_chip
from dlstudio.ui.data.table.model import TableModel, column_problems
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn

NAME_TOP, CHIP_TOP, CHART_TOP, PROBLEM_TOP, HEIGHT = 8, 30, 56, 80, 102
NAME_HEIGHT, CHIP_HEIGHT, CHART_HEIGHT = 18, 19, 20
Left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ColumnHeader(QHeaderView):
    """Painted, not made of widgets: a table may have thousands of columns.

    Args:
        theme: Colours and sizes.
        views: Draw the distributions.
        model: The table.

    Signals:
        menu_requested: Emitted with a column and the screen position for its menu.
    """

    menu_requested = Signal(int, QPoint)

    def __init__(
        self, theme: Theme, views: FeatureViews, model: TableModel, parent: QWidget
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._views = views
        self._table = model
        self._bold = text_font(theme, 0, 600)
        self._small = text_font(theme, theme.tiny_size)
        self._strong_small = text_font(theme, theme.tiny_size, 600)
        self._metrics = QFontMetricsF(self._strong_small)
        self._names = QFontMetricsF(self._bold)
        self.setSectionsMovable(False)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Columns"))

    def sizeHint(self) -> QSize:
        """Name, type, distribution, and a line for problems."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def header_width(self, column: int) -> int:
        """The width in pixels that shows the name and the chip of a column."""
        each = self._table.columns[column]
        name = self._names.horizontalAdvance(each.name)
        if each.role == "target":
            name += chip_width(self._metrics, _("target")) + 6
        sure = self._metrics.horizontalAdvance(percent(each.certainty, 0))
        return int(max(name, self._chip_width(each) + 6 + sure)) + 2 * INSET + 2

    def chip_rect(self, column: int) -> QRectF:
        """Where the type of a column stands, in viewport coordinates."""
        left = self.sectionViewportPosition(column) + INSET
        room = max(self.sectionSize(column) - 2 * INSET, 20)
        width = min(self._chip_width(self._table.columns[column]), room)
        return QRectF(left, CHIP_TOP, width, CHIP_HEIGHT)

    def menu_place(self, column: int) -> QPoint:
        """The screen position below the chip of a column."""
        at = self.chip_rect(column).bottomLeft().toPoint() + QPoint(0, 4)
        return self.viewport().mapToGlobal(at)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Draw everything about a column."""
        each, c = self._table.columns[column], self._theme.colors
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, QColor(c.surface))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(c.line))
        inner = QRectF(rect).adjusted(INSET, 0, -INSET, 0)
        self._paint_name(painter, inner, each)
        self._paint_type(painter, inner, each, column)
        self._paint_chart(painter, inner, each)
        problems = column_problems(each)
        if problems:
            painter.setPen(QColor(c.warning))
            area = QRectF(inner.left(), PROBLEM_TOP, inner.width(), NAME_HEIGHT)
            self._text(painter, area, " · ".join(problems))
        painter.restore()

    def _paint_name(
        self, painter: QPainter, inner: QRectF, column: TableColumn
    ) -> None:
        c = self._theme.colors
        area = QRectF(inner.left(), NAME_TOP, inner.width(), NAME_HEIGHT)
        if column.role == "target":
            width = chip_width(self._metrics, _("target"))
            used = min(self._names.horizontalAdvance(column.name), area.width() - width)
            left = area.left() + max(used, 0) + 6
            area.setWidth(max(used, 0))
            painter.setFont(self._strong_small)
            chip = QRectF(left, NAME_TOP, width, NAME_HEIGHT)
            colors = (QColor(c.accent), QColor(c.accent_soft))
            paint_chip(painter, chip, _("target"), colors)
        painter.setFont(self._bold)
        painter.setPen(QColor(c.text if column.kind else c.text_muted))
        name = self._names.elidedText(
            column.name, Qt.TextElideMode.ElideMiddle, area.width() + 1
        )
        painter.drawText(area, Left, name)

    def _paint_type(
        self, painter: QPainter, inner: QRectF, column: TableColumn, number: int
    ) -> None:
        theme, views, kind = self._theme, self._views, column.kind
        chip = self.chip_rect(number)
        painter.setFont(self._strong_small)
        colors = (views.ink(kind, theme), views.tint(kind, theme))
        paint_chip(painter, chip, views.title(kind), colors, arrow=True)
        painter.setFont(self._small)
        painter.setPen(QColor(theme.colors.text_muted))
        left = chip.right() + 6
        area = QRectF(left, CHIP_TOP, inner.right() - left, CHIP_HEIGHT)
        text = percent(column.certainty, 0)
        if area.width() >= self._metrics.horizontalAdvance(text):
            painter.drawText(area, Left, text)

    def _paint_chart(
        self, painter: QPainter, inner: QRectF, column: TableColumn
    ) -> None:
        painter.setFont(self._small)
        area = QRectF(inner.left(), CHART_TOP, inner.width(), CHART_HEIGHT)
        if column.kind:
            view = self._views[column.kind]
            view.paint(painter, area, column.statistics, self._theme)
            return
        painter.setPen(QColor(self._theme.colors.text_muted))
        distinct = column.statistics.distinct
        if distinct and distinct >= column.statistics.count:
            self._text(painter, area, _("all distinct"))
        elif distinct:
            text = _("{count} distinct").format(count=f"{distinct:,}")
            self._text(painter, area, text)

    def _text(self, painter: QPainter, area: QRectF, text: str) -> None:
        shown = self._metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, area.width() + 1
        )
        painter.drawText(area, Left, shown)

    def _chip_width(self, column: TableColumn) -> float:
        return chip_width(self._metrics, self._views.title(column.kind), arrow=True)

    def _chip_at(self, place: QPointF) -> int:
        """The column whose chip is at a point, or -1."""
        column = self.logicalIndexAt(place.toPoint())
        inside = column >= 0 and self.chip_rect(column).contains(place)
        return column if inside else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a chip opens its menu; edges resize columns."""
        column = self._chip_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and column >= 0:
            self.menu_requested.emit(column, self.menu_place(column))
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a chip can be clicked."""
        super().mouseMoveEvent(event)
        if not event.buttons() and self._chip_at(event.position()) >= 0:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif self.cursor().shape() == Qt.CursorShape.PointingHandCursor:
            self.unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the column under the pointer."""
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.menu_requested.emit(column, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Show in words what is drawn."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            column = self.logicalIndexAt(event.pos())
            text = self._table.column_text(column) if column >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)
