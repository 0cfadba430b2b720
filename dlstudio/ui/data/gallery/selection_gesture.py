"""Mouse gestures of the grid: clicks and the rubber band."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from dlstudio.ui.data.gallery.layout import GalleryLayout
from dlstudio.ui.data.gallery.selection import NONE, GallerySelection

Modifier = Qt.KeyboardModifier


class SelectableGrid(Protocol):
    """The grid's interface for gestures."""

    selection: GallerySelection

    def layout_now(self) -> GalleryLayout:
        """The current cell layout."""

    def scrolled(self, point: QPoint) -> QPoint:
        """Map a viewport point to content coordinates."""

    def selection_changed(self) -> None:
        """Repaint and emit the signal."""

    def show_band(self, band: QRect | None) -> None:
        """Draw the rubber band, given in content coordinates."""


class SelectionGesture:
    """A gesture from pressing the left button to releasing it.

    Args:
        grid: The grid in which the gesture takes place.
        point: Position of the press in viewport coordinates.
        modifiers: Keyboard modifiers of the press.
    """

    def __init__(
        self, grid: SelectableGrid, point: QPoint, modifiers: Modifier
    ) -> None:
        self._grid = grid
        self._start = grid.scrolled(point)
        self._from = point
        self._more = bool(
            modifiers & (Modifier.ControlModifier | Modifier.MetaModifier)
        )
        self._range = bool(modifiers & Modifier.ShiftModifier)
        self._band = False
        layout = grid.layout_now()
        self._hit = layout.at(self._start.x(), self._start.y())
        self._before = grid.selection.mask()
        if not (self._more or self._range):
            self._before[:] = False
        self._click()

    def move(self, point: QPoint) -> None:
        """Draw the rubber band once the pointer exceeds the drag distance."""
        far = (point - self._from).manhattanLength()
        if not self._band and far < QApplication.startDragDistance():
            return
        self._band = True
        grid = self._grid
        band = QRect(self._start, grid.scrolled(point)).normalized()
        sides = (band.left(), band.top(), band.right(), band.bottom())
        grid.selection.band(grid.layout_now().within(*sides), self._before)
        grid.show_band(band)
        grid.selection_changed()

    def release(self) -> None:
        """Remove the rubber band."""
        if self._band:
            self._grid.show_band(None)

    def _click(self) -> None:
        selection = self._grid.selection
        if self._hit == NONE:
            if not (self._more or self._range):
                selection.clear()
        elif self._range:
            selection.extend(self._hit, self._more)
        elif self._more:
            selection.toggle(self._hit)
        else:
            selection.choose(self._hit)
        self._grid.selection_changed()
