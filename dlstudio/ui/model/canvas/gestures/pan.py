"""Moving the paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot


class PanGesture:
    """The canvas follows the pointer.

    Args:
        pan: Moves the view by pixels.
    """

    def __init__(self, pan: Callable[[int, int], None], start: Spot) -> None:
        self._pan = pan
        self._at: QPoint = start.at

    def move(self, spot: Spot) -> Gesture:
        """Follow."""
        step = spot.at - self._at
        self._at = spot.at
        self._pan(step.x(), step.y())
        return self

    def release(self, _spot: Spot) -> None:
        """Stay."""

    def cancel(self) -> None:
        """Stay."""
