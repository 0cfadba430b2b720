"""The image grid's view: paints only the visible cells."""

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
    """Images in a grid of equal cells, with a selection and a cursor.

    Args:
        theme: Colours and sizes.
        thumbnails: Loads the images.
        cell_content: Returns the cell content of a sample.
        tooltip: Returns the tooltip of a sample, or "".

    Signals:
        selected: Emitted when the selection changes.
        size_changed: Emitted with the new image size, one of `IMAGE_SIZES`.
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

    # Content.

    def show_rows(self, rows: SampleRows, total: int) -> None:
        """Show `rows` of a dataset with `total` samples."""
        self.selection.show(rows, total)
        self._arrange()
        self.viewport().update()
        self.selected.emit()

    def refresh(self) -> None:
        """Repaint after the content of cells has changed."""
        self.viewport().update()

    def set_image_size(self, side: int) -> None:
        """Set the image size in pixels."""
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
        """Enlarge or shrink the images by `steps` sizes."""
        at = IMAGE_SIZES.index(self._image_size) + steps
        self.set_image_size(IMAGE_SIZES[min(max(at, 0), len(IMAGE_SIZES) - 1)])

    @property
    def image_size(self) -> int:
        """Side length of the images in pixels."""
        return self._image_size

    def reveal(self, position: int) -> None:
        """Scroll a cell into view, moving as little as possible."""
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
        """Select a single sample and scroll to it."""
        position = self.selection.position_of(row)
        if position != NONE:
            self.selection.choose(position)
            self.reveal(position)
            self.selection_changed()

    def select_all(self) -> None:
        """Select all displayed samples."""
        self.selection.all()
        self.selection_changed()

    # For the gestures.

    def layout_now(self) -> GalleryLayout:
        """The current cell layout."""
        return GalleryLayout(
            self.viewport().width(), len(self.selection.rows), self._image_size
        )

    def scrolled(self, point: QPoint) -> QPoint:
        """Map a viewport point to content coordinates."""
        return point + QPoint(0, self._top())

    def selection_changed(self) -> None:
        """Repaint and emit `selected`."""
        self.viewport().update()
        row = self.selection.row_at(self.selection.current)
        if row != NONE:
            cell_content = self._cell_content(row)
            self.setAccessibleDescription(f"{cell_content.label}, {cell_content.name}")
        self.selected.emit()

    def show_band(self, band: QRect | None) -> None:
        """Draw the rubber band, given in content coordinates."""
        self._band = band
        self.viewport().update()

    def cell_box(self, position: int) -> QRect:
        """The rectangle of a cell in viewport coordinates."""
        return _box(self.layout_now(), position, self._top())

    # Events.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible cells."""
        self._use_scale(self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        dirty = event.rect()
        painter.fillRect(dirty, QColor(self._theme.colors.surface))
        layout, selection = self.layout_now(), self.selection
        # The cursor; the first cell before any navigation.
        cursor = max(selection.current, 0) if self.hasFocus() else -1
        top = self._top()
        for position in layout.visible(top + dirty.top(), dirty.height()):
            row = int(selection.rows[position])
            box = _box(layout, position, top)
            if selection.has(row):
                self._painter.paint_selected(painter, box)
            image = self._thumbnails.image(row, self._side())
            failed = image is None and self._thumbnails.failed(row, self._side())
            self._painter.paint(painter, box, self._cell_content(row), image, failed)
            if position == cursor:
                self._painter.paint_cursor(painter, box)
        self._paint_band(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the number of columns; the topmost row stays in place."""
        super().resizeEvent(event)
        old = GalleryLayout(
            event.oldSize().width(), len(self.selection.rows), self._image_size
        )
        first = old.visible(self._top(), 1).start if event.oldSize().width() > 0 else 0
        self._arrange()
        if first and old.columns != self.layout_now().columns:
            self.verticalScrollBar().setValue(self.layout_now().corner(first)[1])

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Repaint the viewport: the cost does not depend on the number of images."""
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
        """Request the visible thumbnails."""
        self._request_thumbnails()

    # Internals.

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
        """Request the visible images first, then those around them."""
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
        """Repaint the cells whose images have been loaded."""
        layout = self.layout_now()
        seen = layout.visible(self._top(), self.viewport().height())
        for row in self._thumbnails.take():
            position = self.selection.position_of(row)
            if position in seen:
                self.viewport().update(self.cell_box(position))


def _box(layout: GalleryLayout, position: int, top: int) -> QRect:
    """The rectangle of a cell in a viewport that is scrolled down by `top` pixels."""
    x, y = layout.corner(position)
    return QRect(QPoint(x, y - top), QSize(*layout.cell))
