"""Files and folders that other programs may change, watched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

DEBOUNCE_MS = 100  # after the last of the events that belong to one change


class FileWatcher(QObject):
    """Says when one of several paths may have changed.

    A file that is replaced by a rename is another file to the system, and no longer
    watched: after every event what is missing is watched again. Where the system tells
    nothing, as on network drives, the paths are looked at when the program is chosen
    again.

    Signals:
        changed: Something happened to one of them, or may have.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[str, ...] = ()
        self._watcher = QFileSystemWatcher(self)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._check)
        self._watcher.fileChanged.connect(self._debounce.start)
        self._watcher.directoryChanged.connect(self._debounce.start)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._activated)

    def watch(self, paths: Sequence[Path]) -> None:
        """Watch these, and no others; what is not there yet is watched once it is."""
        self._paths = tuple(map(str, paths))
        old = [*self._watcher.files(), *self._watcher.directories()]
        gone = [each for each in old if each not in self._paths]
        if gone:
            self._watcher.removePaths(gone)
        self._add()

    def close(self) -> None:
        """Watch nothing any more."""
        self.watch(())
        self._debounce.stop()

    def _add(self) -> None:
        watched = {*self._watcher.files(), *self._watcher.directories()}
        for each in self._paths:
            if each not in watched and Path(each).exists():
                self._watcher.addPath(each)

    def _check(self) -> None:
        self._add()
        self.changed.emit()

    def _activated(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._paths:
            self._debounce.start()
