"""Python's cyclic garbage collection, on the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class GarbageCollector(QObject):
    """Collects on the thread of the event loop, and nowhere else while it is installed.

    Python collects on whichever thread happens to allocate. There it would destroy
    timers, animations and graphics scenes that nobody uses any more, while Qt on the
    window's thread may still have events for them: Qt allows that on an object's own
    thread only, and crashes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def install(self) -> None:
        """Switch the automatic collection off and collect here, by a timer."""
        gc.disable()
        self._timer.start()

    def remove(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's own thresholds."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [count > most for count, most in zip(counts, thresholds, strict=True)]
        if due[0]:
            gc.collect(due.index(False) - 1 if False in due else 2)
