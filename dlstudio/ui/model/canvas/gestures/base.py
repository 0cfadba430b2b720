"""What a gesture is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt

from dlstudio.ui.model.canvas.scene.hit_test import Hit

DRAG_THRESHOLD = 5  # pixels the pointer moves before a press becomes a drag


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the pointer is: on the scene, in the view, and over what."""

    x: float
    y: float
    at: QPoint
    over: Hit
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def point(self) -> QPointF:
        """The place on the scene."""
        return QPointF(self.x, self.y)

    @property
    def adding(self) -> bool:
        """Whether Shift or Ctrl is held: what is selected stays selected."""
        both = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        return bool(self.modifiers & both)

    def far_from(self, other: Spot) -> bool:
        """Whether the pointer has moved far enough to mean a drag."""
        return (self.at - other.at).manhattanLength() >= DRAG_THRESHOLD


class Gesture(Protocol):
    """From press to release; it may hand over to another gesture on the way."""

    def move(self, spot: Spot) -> Gesture:
        """The pointer moved; the gesture that goes on, mostly itself."""
        ...

    def release(self, spot: Spot) -> None:
        """The button was released: do it."""
        ...

    def cancel(self) -> None:
        """Escape, or the view went away: leave everything as it was."""
        ...
