"""Runs Python's cyclic garbage collection on the main thread only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class GarbageCollector(QObject):
    """Collects on the event loop's thread, and on no other while installed.

    By default, Python collects on whichever thread allocates. That would destroy unused
    timers, animations and graphics scenes while the main thread may still have events
    for them: Qt requires that objects are destroyed on their own thread, and crashes
    otherwise.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._installed = False

    def install(self) -> None:
        """Disable automatic collection and collect from a timer instead."""
        gc.disable()
        self._installed = True
        self._timer.start()

    def pause(self, paused: bool) -> None:
        """Do not collect for a while, such as while TensorFlow is imported.

        What is imported stays: looking through it again and again takes half a second.
        """
        if paused:
            self._timer.stop()
        elif self._installed:
            self._timer.start()

    def remove(self) -> None:
        """Restore Python's automatic collection."""
        self._timer.stop()
        self._installed = False
        gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's thresholds."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [count > most for count, most in zip(counts, thresholds, strict=True)]
        if due[0]:
            gc.collect(due.index(False) - 1 if False in due else 2)
