"""The image grid with mouse and keyboard interaction."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent

from dlstudio.ui.data.gallery.image_grid_view import ImageGridView
from dlstudio.ui.data.gallery.keyboard_navigation import next_position
from dlstudio.ui.data.gallery.selection import NONE
from dlstudio.ui.data.gallery.selection_gesture import SelectionGesture

Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class GalleryGrid(ImageGridView):
    """Image grid with selection, keyboard navigation and a context menu.

    Signals:
        opened: Emitted with the sample to open in the viewer.
        menu_requested: Emitted with a screen position.
    """

    opened = Signal(int)
    menu_requested = Signal(QPoint)

    _gesture: SelectionGesture | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a click or a rubber band; the right button selects its cell."""
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton:
            self._gesture = SelectionGesture(self, point, event.modifiers())
        elif event.button() == Qt.MouseButton.RightButton:
            place = self.scrolled(point)
            hit = self.layout_now().at(place.x(), place.y())
            row = self.selection.row_at(hit)
            if row != NONE and not self.selection.has(row):
                self.selection.choose(hit)
                self.selection_changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Update the rubber band and scroll at the edges of the view."""
        if self._gesture is None:
            return
        point = event.position().toPoint()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if point.y() < 0:
            bar.setValue(bar.value() + point.y())
        elif point.y() > height:
            bar.setValue(bar.value() + point.y() - height)
        self._gesture.move(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None and event.button() == Qt.MouseButton.LeftButton:
            self._gesture.release()
            self._gesture = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the image in the viewer."""
        place = self.scrolled(event.position().toPoint())
        row = self.selection.row_at(self.layout_now().at(place.x(), place.y()))
        if row != NONE and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Control:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the menu; at the cursor's cell if triggered by keyboard."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = max(self.selection.current, 0)
            place = self.viewport().mapToGlobal(self.cell_box(current).center())
        self.menu_requested.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Navigate, select or open."""
        key, modifiers = event.key(), event.modifiers()
        selection = self.selection
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = selection.row_at(selection.current)
            if row != NONE:
                self.opened.emit(row)
            return
        if key == Qt.Key.Key_Escape and selection.count():
            selection.clear()
            self.selection_changed()
            return
        if key == Qt.Key.Key_Space and selection.current != NONE:
            selection.toggle(selection.current)
            self.selection_changed()
            return
        page = max(1, self.viewport().height() // self.layout_now().pitch[1])
        target = next_position(Qt.Key(key), selection.current, self.layout_now(), page)
        if target is None:
            super().keyPressEvent(event)
            return
        self._move_cursor(target, modifiers)

    def _move_cursor(self, target: int, modifiers: Qt.KeyboardModifier) -> None:
        if target == NONE:
            return
        if modifiers & Shift:
            self.selection.extend(target)
        elif modifiers & Control:
            self.selection.move_cursor(target)
        else:
            self.selection.choose(target)
        self.reveal(target)
        self.selection_changed()
