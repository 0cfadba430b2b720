"""Watches files and folders that other programs may change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

DEBOUNCE_MS = 100  # after the last of several events of one change


class FileWatcher(QObject):
    """Reports when one of several paths may have changed.

    A file replaced by a rename is a new file to the system and no longer watched, so
    missing paths are watched again after every event. Where the system sends no events,
    such as on network drives, the paths are checked when the application is activated.

    Signals:
        changed: Emitted when one of the paths changed, or may have changed.
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
        """Watch exactly these paths; missing ones are watched once they exist."""
        self._paths = tuple(map(str, paths))
        old = [*self._watcher.files(), *self._watcher.directories()]
        gone = [each for each in old if each not in self._paths]
        if gone:
            self._watcher.removePaths(gone)
        self._add()

    def close(self) -> None:
        """Stop watching."""
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
