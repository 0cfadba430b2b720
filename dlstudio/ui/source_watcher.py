"""Watches whether the open project's source files exist."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.file_watcher import FileWatcher
from dlstudio.ui.session import Session


def source_path(session: Session) -> Path | None:
    """Path of the project's data; None for data without files."""
    path = session.project.data.source.params.get("path")
    if not isinstance(path, str) or not path:
        return None
    return (session.folder or Path.cwd()) / Path(path).expanduser()


def missing_source(session: Session) -> UserError | None:
    """The error for missing data; None if the data exists."""
    path = source_path(session)
    if path is None or path.exists():
        return None
    shown = os.path.normpath(path)  # a relative path may begin with many ".."
    return UserError(
        _("The project's data is no longer at {path}.").format(path=shown),
        _("Find it again, or choose other data in the Data room."),
    )


class SourceWatcher(QObject):
    """Reports when the open project's data disappears or reappears.

    Signals:
        changed: Emitted when the data disappears or reappears.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path: Path | None = None
        self.missing = False
        self._watcher = FileWatcher(self)
        self._watcher.changed.connect(self.check)
        session.changed.connect(self._follow)
        session.saved_changed.connect(self._follow)
        self._follow()

    def check(self) -> None:
        """Check whether the data exists."""
        missing = self._path is not None and not self._path.exists()
        if missing != self.missing:
            self.missing = missing
            self.changed.emit()

    def close(self) -> None:
        """Stop watching."""
        self._watcher.close()

    def _follow(self) -> None:
        path = source_path(self._session)
        if path != self._path:
            self._path = path
            self._watcher.watch([] if path is None else [path.parent, path])
            self.missing = path is not None and not path.exists()
