"""The queue of a project on disk, which outlives the window."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import Timeout

from dlstudio import paths
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import DEEPEST, LARGEST, read_json
from dlstudio.safe_files import lock_file, make_folder, refuse_links
from dlstudio.workers.runners import TrainingRequest

if TYPE_CHECKING:
    from filelock import FileLock

CACHE = ".cache"
FILE = "queue.json"
LOCK = "queue.lock"
FORMAT = "dlstudio-queue"
VERSION = 1


class QueueFile:
    """The waiting requests of one project; held by one window at a time.

    Args:
        folder: The project's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / CACHE / FILE
        self._lock: FileLock | None = None

    def hold(self) -> bool:
        """Lock it against other windows; False if another window holds it.

        Raises:
            UserError: The folder cannot be written.
        """
        if self._lock is not None:
            return True
        with paths.user_errors(self._path, writing=True):
            make_folder(self._path.parent, self._folder)
            place = self._path.with_name(LOCK)
            # Acquired on one thread and released on another.
            lock = lock_file(place, self._folder, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Release the lock."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def read(self) -> list[TrainingRequest]:
        """Read the waiting requests; none if there is no file.

        Raises:
            UserError: It is damaged or too new; the file is moved aside.
        """
        if not os.path.lexists(self._path):
            return []
        try:
            return self._requests()
        except UserError as error:
            with paths.user_errors(self._path, writing=True):
                refuse_links(self._path.parent, self._folder)
                self._path.replace(self._path.with_suffix(".damaged"))
            raise UserError(
                _("The training queue could not be read. {reason}").format(
                    reason=error.message
                ),
                _("Add the runs to the queue again."),
            ) from error

    def count(self) -> int:
        """The number of waiting requests; without locking or changes."""
        try:
            return len(self._requests())
        except UserError:
            return 0

    def _requests(self) -> list[TrainingRequest]:
        # A project in it is nested less deeply than the whole file.
        item = read_json(self._path, LARGEST, DEEPEST + 8)
        return _requests(item, self._folder)

    def write(self, orders: Sequence[TrainingRequest]) -> None:
        """Write these requests in this order; without any, delete the file.

        Raises:
            UserError: It cannot be written.
        """
        if not orders:
            with paths.user_errors(self._path, writing=True):
                refuse_links(self._path.parent, self._folder)
                self._path.unlink(missing_ok=True)
            return
        item = {
            "format": FORMAT,
            "version": VERSION,
            "orders": [_to_json(request) for request in orders],
        }
        text = json.dumps(item, ensure_ascii=False) + "\n"
        paths.write_text(self._path, text, below=self._folder)


def _to_json(request: TrainingRequest) -> dict[str, object]:
    return {
        "project": project_to_json(request.project),
        "resume": request.resume,
        "more": request.more,
    }


def _requests(item: Any, folder: Path) -> list[TrainingRequest]:
    if not isinstance(item, dict) or item.get("format") != FORMAT:
        raise UserError(_("This is not a training queue."))
    if item.get("version") != VERSION:
        raise UserError(_("It was created by a newer version of dlstudio."))
    try:
        return [_request(each, folder) for each in item["orders"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(_("It is damaged.")) from error


def _request(item: dict[str, object], folder: Path) -> TrainingRequest:
    resume, more = item["resume"], item["more"]
    if not isinstance(resume, str) or not isinstance(more, int):
        raise TypeError("an order of another kind")
    return TrainingRequest(project_from_json(item["project"]), folder, resume, more)
