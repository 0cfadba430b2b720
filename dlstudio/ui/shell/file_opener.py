"""Opens what the system's file manager hands to the running window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent


class FileOpener(QObject):
    """Watches for files that are opened with the application, as macOS reports them.

    Args:
        open: Is called with each path.
    """

    def __init__(self, open: Callable[[Path], None], parent: QObject) -> None:
        super().__init__(parent)
        self._open = open

    def install(self) -> None:
        """Begin to watch."""
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def remove(self) -> None:
        """Stop watching."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open a file, and let every other event pass."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open(Path(event.file()))
            return True
        return False
