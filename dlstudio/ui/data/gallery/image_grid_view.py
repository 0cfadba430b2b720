"""What the grid shows: it paints the cells that are visible, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from dlstudio.ui.data.gallery.cell import CellContent, CellPainter
from dlstudio.ui.data.gallery.layout import IMAGE_SIZES, GalleryLayout
from dlstudio.ui.data.gallery.selection import NONE, GallerySelection, SampleRows
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.thumbnails import Thumbnails


class ImageGridView(QAbstractScrollArea):
    """Images in equal cells, with a selection and a cursor.

    Signals:
        selected: The selection differs.
        size_changed: Images are drawn in another of `IMAGE_SIZES`.

    Args:
        theme: Colours and sizes.
        thumbnails: Gives the images, once they are read.
        cell_content: What the cell of a sample shows.
        tooltip: The tooltip of a sample, or "".
    """

    selected = Signal()
    size_changed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        thumbnails: Thumbnails,
        cell_content: Callable[[int], CellContent],
        tooltip: Callable[[int], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.selection = GallerySelection()
        self._theme = theme
        self._thumbnails = thumbnails
        self._cell_content = cell_content
        self._tooltip = tooltip
        self._image_size = IMAGE_SIZES[2]
        self._painter = CellPainter(theme, 1.0)
        self._scale = 0.0
        self._band: QRect | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setSingleStep(48)
        self.verticalScrollBar().valueChanged.connect(self._request_thumbnails)
        thumbnails.arrived.connect(self._thumbnails_arrived)

    # What is shown.

    def show_rows(self, rows: SampleRows, total: int) -> None:
        """Show these samples of a set of `total`."""
        self.selection.show(rows, total)
        self._arrange()
        self.viewport().update()
        self.selected.emit()

    def refresh(self) -> None:
        """What the cells say may differ."""
        self.viewport().update()

    def set_image_size(self, side: int) -> None:
        """Draw the images in another size."""
        if side == self._image_size:
            return
        middle = self.layout_now().visible(self._top(), 1)
        kept = (
            self.selection.current if self.selection.current != NONE else middle.start
        )
        self._image_size = side
        self._arrange()
        self.reveal(kept)
        self.viewport().update()
        self.size_changed.emit(side)

    def zoom(self, steps: int) -> None:
        """Larger or smaller images."""
        at = IMAGE_SIZES.index(self._image_size) + steps
        self.set_image_size(IMAGE_SIZES[min(max(at, 0), len(IMAGE_SIZES) - 1)])

    @property
    def image_size(self) -> int:
        """Side of the images."""
        return self._image_size

    def reveal(self, position: int) -> None:
        """Scroll as little as needed to show a cell."""
        if position == NONE:
            return
        layout = self.layout_now()
        _x, y = layout.corner(position)
        height, bar = self.viewport().height(), self.verticalScrollBar()
        if y < bar.value():
            bar.setValue(y - 8)
        elif y + layout.cell[1] > bar.value() + height:
            bar.setValue(y + layout.cell[1] + 8 - height)

    def go_to(self, row: int) -> None:
        """Select a sample alone and show it."""
        position = self.selection.position_of(row)
        if position != NONE:
            self.selection.choose(position)
            self.reveal(position)
            self.selection_changed()

    def select_all(self) -> None:
        """Select everything that is shown."""
        self.selection.all()
        self.selection_changed()

    # What the gestures need.

    def layout_now(self) -> GalleryLayout:
        """Where the cells lie."""
        return GalleryLayout(
            self.viewport().width(), len(self.selection.rows), self._image_size
        )

    def scrolled(self, point: QPoint) -> QPoint:
        """A point of the viewport, from the top of everything."""
        return point + QPoint(0, self._top())

    def selection_changed(self) -> None:
        """Draw and tell it."""
        self.viewport().update()
        row = self.selection.row_at(self.selection.current)
        if row != NONE:
            cell_content = self._cell_content(row)
            self.setAccessibleDescription(f"{cell_content.label}, {cell_content.name}")
        self.selected.emit()

    def show_band(self, band: QRect | None) -> None:
        """Draw the rubber band, from the top of everything."""
        self._band = band
        self.viewport().update()

    def cell_box(self, position: int) -> QRect:
        """Where a cell is now, in the viewport."""
        layout = self.layout_now()
        x, y = layout.corner(position)
        return QRect(QPoint(x, y - self._top()), QSize(*layout.cell))

    # Events.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are to be seen."""
        self._use_scale(self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        dirty = event.rect()
        painter.fillRect(dirty, QColor(self._theme.colors.surface))
        layout, selection = self.layout_now(), self.selection
        # Where one is; before the first step at the beginning.
        cursor = max(selection.current, 0) if self.hasFocus() else -1
        for position in layout.visible(self._top() + dirty.top(), dirty.height()):
            row = int(selection.rows[position])
            box = self.cell_box(position)
            if selection.has(row):
                self._painter.paint_selected(painter, box)
            image = self._thumbnails.image(row, self._side())
            failed = image is None and self._thumbnails.failed(row, self._side())
            self._painter.paint(painter, box, self._cell_content(row), image, failed)
            if position == cursor:
                self._painter.paint_cursor(painter, box)
        self._paint_band(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer columns; what was on top stays there."""
        super().resizeEvent(event)
        old = GalleryLayout(
            event.oldSize().width(), len(self.selection.rows), self._image_size
        )
        first = old.visible(self._top(), 1).start if event.oldSize().width() > 0 else 0
        self._arrange()
        if first and old.columns != self.layout_now().columns:
            self.verticalScrollBar().setValue(self.layout_now().corner(first)[1])

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Paint anew: that takes no longer for more images."""
        self.viewport().update()

    def focusInEvent(self, event: QEvent) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.scrolled(event.pos())
            row = self.selection.row_at(self.layout_now().at(place.x(), place.y()))
            QToolTip.showText(
                event.globalPos(), self._tooltip(row) if row != NONE else ""
            )
            return True
        return super().viewportEvent(event)

    def showEvent(self, event: QEvent) -> None:
        """Ask for what is to be seen."""
        self._request_thumbnails()

    # Within.

    def _paint_band(self, painter: QPainter) -> None:
        if self._band is None:
            return
        color = QColor(self._theme.colors.accent)
        painter.setPen(QPen(color, 1))
        color.setAlpha(36)
        painter.setBrush(color)
        painter.drawRect(self._band.translated(0, -self._top()))

    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _side(self) -> int:
        return round(self._image_size * (self._scale or self.devicePixelRatioF()))

    def _use_scale(self, scale: float) -> None:
        if scale != self._scale:
            self._scale = scale
            self._painter = CellPainter(self._theme, scale)
            self._request_thumbnails()

    def _arrange(self) -> None:
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self.layout_now().height - height))
        bar.setPageStep(max(1, height))
        self._request_thumbnails()

    def _request_thumbnails(self) -> None:
        """Ask for the images that are visible, then those around them."""
        if not self.isVisible():
            return
        layout, height = self.layout_now(), self.viewport().height()
        here = layout.visible(self._top(), height)
        below = layout.visible(self._top() + height, height)
        above = layout.visible(max(0, self._top() - height), height)
        order = dict.fromkeys([*here, *below, *above])
        positions = np.fromiter(order, np.int64, len(order))
        rows = self.selection.rows[positions].tolist()
        self._thumbnails.want(rows, self._side())

    def _thumbnails_arrived(self) -> None:
        """Paint the cells whose images have come."""
        layout = self.layout_now()
        seen = layout.visible(self._top(), self.viewport().height())
        for row in self._thumbnails.take():
            position = self.selection.position_of(row)
            if position in seen:
                self.viewport().update(self.cell_box(position))
