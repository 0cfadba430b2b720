"""Whether the files that the open project's data come from are where they should be."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.file_watcher import FileWatcher
from dlstudio.ui.session import Session


def source_path(session: Session) -> Path | None:
    """Where the project's data lie; None for data that have no place of their own."""
    path = session.project.data.source.params.get("path")
    if not isinstance(path, str) or not path:
        return None
    return (session.folder or Path.cwd()) / Path(path).expanduser()


def missing_source(session: Session) -> UserError | None:
    """The sentence for data that are gone; None where they are there."""
    path = source_path(session)
    if path is None or path.exists():
        return None
    return UserError(
        _("The project's data is no longer at {path}.").format(path=path),
        _("Find the folder again, or choose other images in the Data room."),
    )


class SourceWatcher(QObject):
    """Says when the data of the open project vanish, or are there again.

    Signals:
        changed: Whether they are there differs.
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
        """Look whether they are there."""
        missing = self._path is not None and not self._path.exists()
        if missing != self.missing:
            self.missing = missing
            self.changed.emit()

    def close(self) -> None:
        """Watch nothing any more."""
        self._watcher.close()

    def _follow(self) -> None:
        path = source_path(self._session)
        if path != self._path:
            self._path = path
            self._watcher.watch([] if path is None else [path.parent, path])
            self.missing = path is not None and not path.exists()
