"""Pan the view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot


class PanGesture:
    """Scrolls the view with the pointer.

    Args:
        pan: Called with the horizontal and vertical distance in view pixels.
        start: Where the button was pressed.
    """

    def __init__(self, pan: Callable[[int, int], None], start: Spot) -> None:
        self._pan = pan
        self._at: QPoint = start.at

    def move(self, spot: Spot) -> Gesture:
        """Scroll by the distance since the last move."""
        step = spot.at - self._at
        self._at = spot.at
        self._pan(step.x(), step.y())
        return self

    def release(self, _spot: Spot) -> None:
        """Keep the current scroll position."""

    def cancel(self) -> None:
        """Keep the current scroll position."""
