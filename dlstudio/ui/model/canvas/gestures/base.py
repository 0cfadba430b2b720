"""The gesture protocol and the pointer position that gestures receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt

from dlstudio.ui.model.canvas.scene.hit_test import Hit

DRAG_THRESHOLD = 5  # pixels the pointer moves before a press becomes a drag


@dataclass(frozen=True, slots=True)
class Spot:
    """The pointer's position in scene and view coordinates, and what is under it."""

    x: float
    y: float
    at: QPoint
    over: Hit
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def point(self) -> QPointF:
        """The position in scene pixels."""
        return QPointF(self.x, self.y)

    @property
    def adding(self) -> bool:
        """Whether Shift or Ctrl is held, which adds to the selection."""
        both = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        return bool(self.modifiers & both)

    def far_from(self, other: Spot) -> bool:
        """Return whether the pointer has moved far enough to start a drag."""
        return (self.at - other.at).manhattanLength() >= DRAG_THRESHOLD


class Gesture(Protocol):
    """Handles the mouse from press to release; it may hand over to another gesture."""

    def move(self, spot: Spot) -> Gesture:
        """Handle a pointer move and return the active gesture, usually itself."""
        ...

    def release(self, spot: Spot) -> None:
        """Complete the gesture; called when the button is released."""
        ...

    def cancel(self) -> None:
        """Undo the preview; called on Escape or when the view loses the gesture."""
        ...
