"""The lock for saving a project: held by one window or command at a time.

Training uses another lock (`ProjectLock`), because a project may be trained while it is
open in a window. Reading needs no lock.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from errno import ENOENT
from pathlib import Path

from filelock import FileLock, Timeout

from dlstudio import paths
from dlstudio.document.project import Project
from dlstudio.document.project_file import read_project, replace_project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json
from dlstudio.safe_files import check_plain

LOCK = ".edit.lock"
HOLDER = ".edit.json"
LARGEST_NOTE = 4096


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The process that holds a project's edit lock.

    Attributes:
        purpose: What it is held for (translatable).
        since: Seconds since the epoch.
        token: Unique to this holder.
    """

    pid: int
    host: str
    purpose: str
    since: float
    token: str

    @classmethod
    def unknown(cls) -> LockHolder:
        """A holder that left no note."""
        return cls(0, "", "", 0.0, "")

    def text(self) -> str:
        """Display text: "window, process 17 on host, since 14:03"; "" if unknown."""
        if not self.token:
            return ""
        then, now = time.localtime(self.since), time.localtime()
        form = "%H:%M" if then[:3] == now[:3] else "%Y-%m-%d %H:%M"
        return _("{purpose}, process {pid} on {host}, since {since}").format(
            purpose=_(self.purpose),
            pid=self.pid,
            host=self.host,
            since=time.strftime(form, then),
        )


class EditLock:
    """The exclusive right to save one project.

    The operating system releases the lock when the process dies. A note file beside it
    records the holder. Another process may take over by writing its own note; the first
    one is then no longer the holder, whether or not it has noticed.

    Attributes:
        was_held: Whether this object has ever held the lock.
    """

    def __init__(self, folder: Path, purpose: str) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, timeout=0)
        self._me = LockHolder(
            os.getpid(), platform.node(), purpose, time.time(), secrets.token_hex(8)
        )
        self._held = False
        self.was_held = False

    def acquire(self) -> LockHolder | None:
        """Acquire the lock; returns None, or its current holder.

        Raises:
            UserError: The folder cannot be written.
        """
        with paths.user_errors(self.folder, writing=True):
            self._check_folder()
            check_plain(self.folder / LOCK, self.folder)
            try:
                self._lock.acquire()
            except Timeout:
                return self.holder() or LockHolder.unknown()
            self._write()
        return None

    def take_over(self) -> None:
        """Acquire the lock, even if another process holds it.

        Raises:
            UserError: The folder cannot be written.
        """
        with paths.user_errors(self.folder, writing=True):
            self._check_folder()
            check_plain(self.folder / LOCK, self.folder)
            self._write()
            with suppress(Timeout):
                self._lock.acquire()

    def is_held(self) -> bool:
        """Whether this object still holds the lock; releases it if not.

        A note that was removed (by git clean, say) is written again.
        """
        if not self._held:
            return False
        if not self.folder.is_dir():  # moved: no other process can hold it here
            return True
        if not self._lock.is_locked:  # after a takeover, until it is released
            with suppress(Timeout, OSError, UserError):
                check_plain(self.folder / LOCK, self.folder)
                self._lock.acquire()
        found = self.holder()
        if found is None and self._lock.is_locked:
            with suppress(OSError, UserError):
                self._write()
            return True
        if found is not None and found.token == self._me.token:
            return True
        self._held = False
        self._unlock()
        return False

    @property
    def is_secure(self) -> bool:
        """Whether the operating system's lock is held too, not the note alone."""
        return bool(self._lock.is_locked)

    def holder(self) -> LockHolder | None:
        """The current holder, as far as the note records it."""
        try:
            item = read_json(self.folder / HOLDER, LARGEST_NOTE)
            since = float(item["since"])
            time.localtime(since)
            texts = (str(item[name]) for name in ("host", "purpose", "token"))
            host, purpose, token = texts
            return LockHolder(int(item["pid"]), host, purpose, since, token)
        except (UserError, OSError, ValueError, LookupError, TypeError, OverflowError):
            return None

    def release(self) -> None:
        """Release the lock and remove the note; does nothing if it is not held."""
        if not self._held:
            return
        self._held = False
        found = self.holder()
        if found is not None and found.token == self._me.token:
            with suppress(OSError):
                (self.folder / HOLDER).unlink()
        self._unlock()

    def _check_folder(self) -> None:
        """Raise if the folder is gone; a lock must not recreate it."""
        if not self.folder.is_dir():
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(self.folder))

    def _write(self) -> None:
        try:
            paths.write_text(self.folder / HOLDER, json.dumps(asdict(self._me)))
        except BaseException:
            self._unlock()
            raise
        self._held = self.was_held = True

    def _unlock(self) -> None:
        with suppress(OSError):
            self._lock.release(force=True)


def held_error(holder: LockHolder) -> UserError:
    """The error for a process that must not save."""
    text = _("The project is open in another dlstudio window or process.")
    if holder.text():
        text = _("The project is open in another dlstudio window or process: {holder}.")
    return UserError(
        text.format(holder=holder.text()),
        _("Close the project there, or take it over in the window."),
    )


@contextmanager
def edited_project(
    folder: Path, purpose: str
) -> Iterator[tuple[Project, Callable[[Project], None]]]:
    """A project for a command to change, and the function that saves it.

        with edited_project(folder, marked("a command")) as (project, save):
            save(edit.apply(project))

    Raises:
        UserError: A window or another command holds the project, or its file was
            changed meanwhile; nothing was overwritten.
    """
    lock = EditLock(folder, purpose)
    holder = lock.acquire()
    if holder is not None:
        raise held_error(holder)
    try:
        project, digest = read_project(folder)

        def save(changed: Project) -> None:
            nonlocal digest
            digest = replace_project(changed, folder, digest)

        yield project, save
    finally:
        lock.release()
