"""The queue of a project on disk, so that it outlives the window."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dlstudio import paths
from dlstudio.document.storage import parse_json, project_from_json, project_to_json
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.runners import Order

CACHE = ".cache"
FILE = "queue.json"
LOCK = "queue.lock"
FORMAT = "dlstudio-queue"
VERSION = 1


class QueueFile:
    """The orders that wait for one project; held by one window at a time.

    Args:
        folder: The project's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / CACHE / FILE
        # Taken on one thread and given back on another.
        self._lock = FileLock(folder / CACHE / LOCK, timeout=0, thread_local=False)

    def hold(self) -> bool:
        """Keep other windows from it; False where one has it.

        Raises:
            UserError: The folder cannot be written.
        """
        if self._lock.is_locked:
            return True
        with paths.user_errors(self._path, writing=True):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                return False
        return True

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()

    def read(self) -> list[Order]:
        """The orders that wait; none where there is no file.

        Raises:
            UserError: It is damaged or too new; it is put aside.
        """
        if not self._path.is_file():
            return []
        try:
            with paths.user_errors(self._path, writing=False):
                data = self._path.read_bytes()
            return _orders(parse_json(data), self._folder)
        except UserError as error:
            with paths.user_errors(self._path, writing=True):
                self._path.replace(self._path.with_suffix(".damaged"))
            raise UserError(
                _("The queue of trainings cannot be read. {reason}").format(
                    reason=error.message
                ),
                _("Put what is to be trained into the queue again."),
            ) from error

    def count(self) -> int:
        """How many wait; nothing is held, and nothing is changed."""
        try:
            return len(_orders(parse_json(self._path.read_bytes()), self._folder))
        except (OSError, UserError):
            return 0

    def write(self, orders: Sequence[Order]) -> None:
        """Keep these, in this order; without any the file goes.

        Raises:
            UserError: It cannot be written.
        """
        if not orders:
            with paths.user_errors(self._path, writing=True):
                self._path.unlink(missing_ok=True)
            return
        item = {
            "format": FORMAT,
            "version": VERSION,
            "orders": [_to_json(order) for order in orders],
        }
        paths.write_text(self._path, json.dumps(item, ensure_ascii=False) + "\n")


def _to_json(order: Order) -> dict[str, Any]:
    return {
        "project": project_to_json(order.project),
        "resume": order.resume,
        "more": order.more,
    }


def _orders(item: Any, folder: Path) -> list[Order]:
    if not isinstance(item, dict) or item.get("format") != FORMAT:
        raise UserError(_("This is not a queue of trainings."))
    if item.get("version") != VERSION:
        raise UserError(_("It was made by a newer dlstudio."))
    try:
        return [_order(each, folder) for each in item["orders"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(_("It is damaged.")) from error


def _order(item: dict[str, Any], folder: Path) -> Order:
    resume, more = item["resume"], item["more"]
    if not isinstance(resume, str) or not isinstance(more, int):
        raise TypeError("an order of another kind")
    return Order(project_from_json(item["project"]), folder, resume, more)
