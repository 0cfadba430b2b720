"""The application, which learns of files that macOS opens with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class StudioApplication(QApplication):
    """Watches for files that are opened with the application.

    It looks at its own events alone: a filter would be called for each event of each
    widget, too.

    Signals:
        file_opened: A file is to be opened, with its path.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Pass a file on, and every other event to Qt."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)
