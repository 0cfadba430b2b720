"""Autosaved work in the user's cache folder, for recovery after a crash."""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from dlstudio import paths
from dlstudio.document.project import Project
from dlstudio.document.storage import (
    LARGEST_FILE,
    project_from_json,
    project_to_json,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import DEEPEST, read_json
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.jobs import JobContext, WorkerThread

if TYPE_CHECKING:
    from filelock import FileLock

LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class RecoveredProject:
    """Unsaved work of a window that is no longer running.

    Attributes:
        folder: Folder in which the project was saved, or None.
        time: Time of the autosave, in seconds since the epoch.
        digest: Digest of the project's file it is based on; None if unknown.
    """

    path: Path
    project: Project
    folder: Path | None
    time: float
    digest: str | None = None


def recovery_folder() -> Path:
    """The folder for unsaved work."""
    return paths.user_cache() / "recovery"


def new_recovery_path(folder: Path) -> Path:
    """A unique file for this window's unsaved work."""
    return folder / f"{os.getpid()}-{secrets.token_hex(4)}.json"


def save_recovery(
    _context: JobContext | None,
    path: Path,
    project: Project,
    folder: Path | None,
    digest: str | None = None,
) -> None:
    """Write unsaved work. Runs as a job.

    Args:
        digest: Digest of the project's file it is based on, if known.

    Raises:
        UserError: The file cannot be written.
    """
    item = {
        "time": time.time(),
        "folder": str(folder) if folder else "",
        "digest": digest,
        "project": project_to_json(project),
    }
    paths.write_text(path, json.dumps(item, ensure_ascii=False))


def delete_recovery(_context: JobContext | None, path: Path) -> None:
    """Delete saved work and its lock. Runs as a job."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.with_suffix(LOCK).unlink(missing_ok=True)


def recoverable_projects(
    _context: JobContext | None, folder: Path
) -> tuple[RecoveredProject, ...]:
    """Unsaved work of windows that no longer run, newest first. Runs as a job."""
    found = []
    for path in folder.glob("*.json"):
        if _in_use(path):
            continue
        with suppress(OSError, UserError, KeyError, TypeError, ValueError):
            found.append(_read(path))
    return tuple(sorted(found, key=lambda each: each.time, reverse=True))


def _read(path: Path) -> RecoveredProject:
    # A graph inside it is nested less deeply than the whole.
    item = read_json(path, LARGEST_FILE, DEEPEST + 8)
    place, digest = str(item["folder"]), item.get("digest")
    return RecoveredProject(
        path,
        project_from_json(item["project"]),
        Path(place) if place else None,
        float(item["time"]),
        digest if isinstance(digest, str) else None,
    )


def _in_use(path: Path) -> bool:
    """Whether a running window holds the lock; a dead process's lock is freed."""
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_suffix(LOCK), timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False


class Autosave(QObject):
    """Stores unsaved work some seconds after each change, until it is saved.

    Args:
        session: The session with the open project.
        file_thread: Thread on which files are written.
        notices: Reports failures.
        folder: Folder for unsaved work.
        seconds: Delay after a change, in seconds.
    """

    def __init__(
        self,
        session: Session,
        file_thread: WorkerThread,
        notices: Notices,
        folder: Path,
        seconds: int,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._file_thread = file_thread
        self._notices = notices
        self._path = new_recovery_path(folder)
        self._lock: FileLock | None = None
        self._warned = False
        self._timer = QTimer(self, singleShot=True)
        self.set_seconds(seconds)
        self._timer.timeout.connect(self.save_now)
        session.saved_changed.connect(self._schedule)

    @property
    def folder(self) -> Path:
        """The folder for unsaved work."""
        return self._path.parent

    def set_seconds(self, seconds: int) -> None:
        """Set the delay after a change, in seconds."""
        self._timer.setInterval(seconds * 1000)

    @Slot()
    def save_now(self) -> None:
        """Write unsaved work on the worker thread."""
        if not self._session.has_unsaved_work:
            return
        if not self._acquire_lock():
            return
        session = self._session
        kept = session.project, session.folder, session.digest
        job = self._file_thread.job(save_recovery, self._path, *kept)
        job.on_failure(self._report).start()

    def stash(self) -> bool:
        """Stash unsaved work before another project opens; return whether any was.

        Raises:
            UserError: It cannot be written; the project should stay open.
        """
        session = self._session
        if not session.has_unsaved_work:
            return False
        path, digest = new_recovery_path(self.folder), session.digest
        save_recovery(None, path, session.project, session.folder, digest)
        return True

    def close(self) -> None:
        """Delete the autosave on a normal exit. Called after the thread has ended."""
        self._timer.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            delete_recovery(None, self._path)

    def _schedule(self) -> None:
        if self._session.unsaved:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
            if self._lock is not None:
                self._file_thread.job(_unlink, self._path).start()

    def _acquire_lock(self) -> bool:
        from filelock import FileLock, Timeout

        if self._lock is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path.with_suffix(LOCK), timeout=0)
            lock.acquire()
        except (OSError, Timeout) as error:
            self._report(error)
            return False
        self._lock = lock
        return True

    def _report(self, error: BaseException) -> None:
        if self._warned:
            return
        self._warned = True
        self._notices.error(
            error, _("Unsaved work cannot be kept for recovery. Save often.")
        )


def _unlink(_context: JobContext | None, path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
