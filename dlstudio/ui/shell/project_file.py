"""The open project's file, which other windows and programs may change."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.edit_lock import HOLDER, EditLock, LockHolder
from dlstudio.document.project_file import NO_FILE, file_digest
from dlstudio.document.storage import project_file
from dlstudio.errors import UserError
from dlstudio.i18n import marked
from dlstudio.ui.file_watcher import FileWatcher
from dlstudio.ui.session import Session

WINDOW = marked("a window")
SECURE_MS = 200  # time for the previous owner to release the lock
SAME, HELD, CHANGED, DELETED, MOVED = "same", "held", "changed", "deleted", "moved"


class ProjectFile(QObject):
    """Locks the project's folder for this window and watches it for changes.

    Attributes:
        holder: The other window that holds the project, if any.
        displaced: Whether another window took the project over from this one.

    Signals:
        state_changed: Emitted when the file or its holder changes.
        followed: Emitted when the folder was renamed and the session has followed.
    """

    state_changed = Signal()
    followed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lock: EditLock | None = None
        self._folder: Path | None = None
        self._identity: tuple[int, int] | None = None
        self.holder: LockHolder | None = None
        self.displaced = False
        self._digest = NO_FILE
        self._on_disk = SAME
        self._last_reported: tuple[str, LockHolder | None] = (SAME, None)
        self._securing = QTimer(self, interval=SECURE_MS)
        self._securing.timeout.connect(self._secure)
        self._watcher = FileWatcher(self)
        self._watcher.changed.connect(self.check)
        session.saved_changed.connect(self._follow)
        self._follow()

    @property
    def state(self) -> str:
        """ "same", or "changed", "deleted" or "moved" by another program, or "held"."""
        if self._on_disk != SAME or self.holder is None:
            return self._on_disk
        return HELD

    def check(self) -> None:
        """Check on disk who holds the project and whether it has changed."""
        folder = self._session.folder
        if folder is None or folder != self._folder:
            return
        if self._find_renamed(folder):
            return
        self._check_holder()
        self._set_disk_state(self._state_on_disk(folder))

    def take_over(self) -> None:
        """Take the project over; the other window becomes read-only.

        Raises:
            UserError: The folder is not writable.
        """
        if self._lock is None:
            return
        self._lock = EditLock(self._lock.folder, WINDOW)
        self._lock.take_over()
        self._set_holder(None)
        self._securing.start()
        self.check()

    def close(self) -> None:
        """Release the project."""
        self._watcher.close()
        self._release()

    # Session changes.

    def _follow(self) -> None:
        folder = self._session.folder
        if folder != self._folder:
            self._release()
            self._folder = folder
            self._identity = _identity(folder)
            self._acquire()
            self._watch()
        elif self._digest == self._session.digest:
            return
        if self._identity is None:  # saved for the first time
            self._identity = _identity(folder)
        self._digest = self._session.digest
        self.check()
        if folder is None:
            self._set_disk_state(SAME)

    def _watch(self) -> None:
        folder = self._folder
        if folder is None:
            self._watcher.close()
            return
        file, note = project_file(folder), folder / HOLDER
        self._watcher.watch([folder.parent, folder, file, note])

    def _acquire(self) -> None:
        folder, holder = self._folder, None
        self.displaced = False
        if folder is not None and folder.is_dir():
            self._lock = EditLock(folder, WINDOW)
            # An unwritable folder needs no lock; saving reports it.
            with suppress(UserError, OSError):
                holder = self._lock.acquire()
        self._set_holder(holder)

    def _secure(self) -> None:
        if self._lock is None or not self._lock.is_held() or self._lock.is_secure:
            self._securing.stop()

    def _release(self) -> None:
        self._securing.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # Checks on disk.

    def _check_holder(self) -> None:
        lock = self._lock
        if lock is None:
            self._acquire()
        elif self.holder is None and not lock.is_held() and lock.was_held:
            self.displaced = True
            self._set_holder(lock.holder() or LockHolder.unknown())
        elif self.holder is not None:
            holder = lock.holder() if self.displaced else None
            if holder is None:  # the new owner has released it, or there was none
                with suppress(UserError, OSError):
                    holder = lock.acquire()
            self._set_holder(holder)

    def _set_holder(self, holder: LockHolder | None) -> None:
        self.displaced = self.displaced and holder is not None
        self.holder = holder
        self._session.set_read_only(holder is not None)

    def _state_on_disk(self, folder: Path) -> str:
        known = self._session.digest
        try:
            found = file_digest(folder)
        except UserError:
            return CHANGED
        if found == known:
            return SAME
        if found != NO_FILE:
            return CHANGED
        return DELETED if folder.is_dir() else MOVED

    def _find_renamed(self, folder: Path) -> bool:
        """Follow the folder if it was renamed in place; returns whether it was."""
        if self._identity is None or _identity(folder) == self._identity:
            return False
        found = _renamed(folder, self._identity)
        if found is None:
            return False
        self._session.move(found)
        self.followed.emit(found)
        return True

    def _set_disk_state(self, on_disk: str) -> None:
        self._on_disk = on_disk
        now = self.state, self.holder
        if now != self._last_reported:
            self._last_reported = now
            self.state_changed.emit()


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """The folder's identity independent of its name; None if unavailable."""
    if folder is None:
        return None
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None


def _renamed(folder: Path, identity: tuple[int, int]) -> Path | None:
    with suppress(OSError), os.scandir(folder.parent) as entries:
        for each in entries:
            if each.is_dir(follow_symlinks=False):
                path = Path(each.path)
                if _identity(path) == identity:
                    return path
    return None
