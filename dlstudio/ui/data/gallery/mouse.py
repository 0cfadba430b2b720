"""What the mouse does in the grid: clicking, and a rubber band."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from dlstudio.ui.data.gallery.layout import Layout
from dlstudio.ui.data.gallery.selection import NONE, Selection

Modifier = Qt.KeyboardModifier


class Board(Protocol):
    """What the gestures need of the grid."""

    selection: Selection

    def layout_now(self) -> Layout:
        """Where the cells lie."""

    def scrolled(self, point: QPoint) -> QPoint:
        """A point of the viewport, from the top of everything."""

    def selection_changed(self) -> None:
        """Draw and tell it."""

    def show_band(self, band: QRect | None) -> None:
        """Draw the rubber band; its rectangle from the top of everything."""


class Press:
    """From a press of the left button to its release."""

    def __init__(self, board: Board, point: QPoint, modifiers: Modifier) -> None:
        self._board = board
        self._start = board.scrolled(point)
        self._from = point
        self._more = bool(
            modifiers & (Modifier.ControlModifier | Modifier.MetaModifier)
        )
        self._range = bool(modifiers & Modifier.ShiftModifier)
        self._band = False
        layout = board.layout_now()
        self._hit = layout.at(self._start.x(), self._start.y())
        self._before = board.selection.mask()
        if not (self._more or self._range):
            self._before[:] = False
        self._click()

    def move(self, point: QPoint) -> None:
        """Draw the band once the pointer has moved far enough to mean it."""
        far = (point - self._from).manhattanLength()
        if not self._band and far < QApplication.startDragDistance():
            return
        self._band = True
        board = self._board
        band = QRect(self._start, board.scrolled(point)).normalized()
        sides = (band.left(), band.top(), band.right(), band.bottom())
        board.selection.band(board.layout_now().within(*sides), self._before)
        board.show_band(band)
        board.selection_changed()

    def release(self) -> None:
        """Take the band away."""
        if self._band:
            self._board.show_band(None)

    def _click(self) -> None:
        selection = self._board.selection
        if self._hit == NONE:
            if not (self._more or self._range):
                selection.clear()
        elif self._range:
            selection.extend(self._hit, self._more)
        elif self._more:
            selection.toggle(self._hit)
        else:
            selection.choose(self._hit)
        self._board.selection_changed()
