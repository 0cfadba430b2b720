"""Scroll the view while something is dragged near its border."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

EDGE = 28  # pixels from the border within which the view scrolls
TICK_MS = 16
MAX_STEP = 18  # pixels per tick


class Autoscroll(QObject):
    """Calls `step(dx, dy)` repeatedly while the pointer is near a border."""

    def __init__(self, step: Callable[[int, int], None], parent: QObject) -> None:
        super().__init__(parent)
        self._step = step
        self._by = QPoint()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def active(self) -> bool:
        """Whether the view is scrolling."""
        return self._timer.isActive()

    def follow(self, at: QPoint, room: QRect) -> None:
        """Start or stop scrolling for a pointer position in the view."""
        self._by = QPoint(
            _scroll_step(at.x(), room.left(), room.right()),
            _scroll_step(at.y(), room.top(), room.bottom()),
        )
        if self._by.isNull():
            self.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stop scrolling."""
        self._timer.stop()

    def _tick(self) -> None:
        self._step(self._by.x(), self._by.y())


def _scroll_step(at: int, low: int, high: int) -> int:
    """Return the pixels to scroll per tick: more when closer to the border."""
    if at < low + EDGE:
        return min(MAX_STEP, (low + EDGE - at) // 2 + 1)
    if at > high - EDGE:
        return -min(MAX_STEP, (at - high + EDGE) // 2 + 1)
    return 0
