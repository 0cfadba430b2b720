"""The view moves on while something is dragged to its edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

EDGE = 28  # pixels from the border within which the view moves
TICK_MS = 16
MAX_STEP = 18  # pixels a tick


class Autoscroll(QObject):
    """Calls `step(dx, dy)` again and again while the pointer is near a border."""

    def __init__(self, step: Callable[[int, int], None], parent: QObject) -> None:
        super().__init__(parent)
        self._step = step
        self._by = QPoint()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def active(self) -> bool:
        """Whether the view is moving."""
        return self._timer.isActive()

    def follow(self, at: QPoint, room: QRect) -> None:
        """The pointer is at a point of the view."""
        self._by = QPoint(
            _scroll_step(at.x(), room.left(), room.right()),
            _scroll_step(at.y(), room.top(), room.bottom()),
        )
        if self._by.isNull():
            self.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stay."""
        self._timer.stop()

    def _tick(self) -> None:
        self._step(self._by.x(), self._by.y())


def _scroll_step(at: int, low: int, high: int) -> int:
    """How far the paper moves: the nearer to the border, the faster."""
    if at < low + EDGE:
        return min(MAX_STEP, (low + EDGE - at) // 2 + 1)
    if at > high - EDGE:
        return -min(MAX_STEP, (at - high + EDGE) // 2 + 1)
    return 0
