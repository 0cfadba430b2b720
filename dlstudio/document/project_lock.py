"""Exclusive lock on a project folder, with a message that names the holder."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from filelock import Timeout

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json
from dlstudio.safe_files import lock_file

LOCK = ".lock"
HOLDER = ".lock.json"
LARGEST_HOLDER = 2**16


class ProjectLock:
    """Held while a process changes or trains a project.

    The operating system releases it when the process dies, so a crash leaves nothing to
    clean up. Reading needs no lock.
    """

    def __init__(self, folder: Path, purpose: str) -> None:
        self._folder = folder
        self._purpose = purpose
        self._lock = lock_file(folder / LOCK, folder)

    def __enter__(self) -> ProjectLock:
        """Acquire the lock.

        Raises:
            UserError: Another process holds it, or the folder cannot be written.
        """
        with paths.user_errors(self._folder, writing=True):
            try:
                self._lock.acquire()
            except Timeout:
                raise self._held() from None
            try:
                paths.write_text(self._folder / HOLDER, json.dumps(self._me()))
            except BaseException:
                self._lock.release()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            (self._folder / HOLDER).unlink()
        self._lock.release()

    def _me(self) -> dict[str, object]:
        return {
            "pid": os.getpid(),
            "host": platform.node(),
            "purpose": self._purpose,
            "since": time.time(),
        }

    def _held(self) -> UserError:
        try:
            holder = read_json(self._folder / HOLDER, LARGEST_HOLDER)
            since = time.strftime("%H:%M", time.localtime(float(holder["since"])))
            message = _(
                "Another dlstudio process is using this project: {purpose}, "
                "process {pid} on {host}, since {since}."
            ).format(
                purpose=holder["purpose"],
                pid=holder["pid"],
                host=holder["host"],
                since=since,
            )
        except (UserError, OSError, ValueError, LookupError, TypeError, OverflowError):
            message = _("Another dlstudio process is using this project.")
        return UserError(message, _("Wait until it has finished, or stop it."))
