"""One run in its folder: record, files and lock."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import Timeout

from dlstudio import paths, temporary_files
from dlstudio.document.events import Event
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json
from dlstudio.engine.runs.journal import read_events
from dlstudio.engine.runs.record import RUNNING, USER_FIELDS, NewerRecord, RunRecord
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import DEEPEST, parse_json, read_regular
from dlstudio.safe_files import lock_file, refuse_links_in

RECORD = "run.json"
EVENTS = "events.jsonl"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
DETAILS = "error.txt"
LOCK = "lock"
LARGEST_RECORD = 64 * 2**20

INTERRUPTED = "interrupted"
OUTCOMES = ("succeeded", "failed", "cancelled", INTERRUPTED, RUNNING)


class DamagedRun(UserError):
    """A run whose record is missing or damaged; other runs are not affected."""


class Run:
    """One training, in its folder.

    Attributes:
        id: Its id, which is also the folder's name.
        number: Its number for the user; 0 if only `RunStore` knows it.
        folder: `runs/<id>` of the project.
        record: The content of `run.json` when read or last written.
    """

    def __init__(self, folder: Path, record: RunRecord) -> None:
        self.id = folder.name
        self.folder = folder
        self.record = record
        self.number = record.number if record.id == folder.name else 0

    @property
    def label(self) -> str:
        """Its number, with its id: "3 (20261121-001502-9358)"."""
        return run_label(self.number, self.id)

    @property
    def project_folder(self) -> Path:
        """The project's folder, which contains `runs/<id>`."""
        return self.folder.parent.parent

    @classmethod
    def read(cls, folder: Path) -> Run:
        """Read the run in `folder`.

        Raises:
            DamagedRun: Its record is missing or damaged.
            UserError: Its record cannot be read, or is too new.
        """
        path = folder / RECORD
        if folder.is_dir() and not os.path.lexists(path):
            raise DamagedRun(
                _("The folder {path} contains no run record.").format(path=folder),
                hint_to_tidy(folder),
            )
        try:
            with paths.user_errors(path, writing=False):
                data = read_regular(path, LARGEST_RECORD)
            return cls(folder, RunRecord.from_json(parse_json(data, DEEPEST + 8)))
        except UserError as error:
            text = error.message
            if str(path) not in text:
                text_template = _("{path} cannot be read. {reason}")
                text = text_template.format(path=path, reason=text)
            if isinstance(error, NewerRecord) or isinstance(error.__cause__, OSError):
                raise UserError(text, error.hint) from error
            raise DamagedRun(text, hint_to_tidy(folder)) from error

    @property
    def outcome(self) -> str:
        """How it ended: one of `OUTCOMES`; "interrupted" if its process died."""
        if self.record.outcome != RUNNING:
            return self.record.outcome
        return RUNNING if self.is_held() else INTERRUPTED

    @property
    def model_path(self) -> Path | None:
        """The trained model, or None if there is none (yet)."""
        path = self.folder / MODEL
        return path if path.is_file() else None

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.folder / CHECKPOINTS

    def project(self) -> Project:
        """The project as it was trained.

        Raises:
            UserError: The snapshot is damaged.
        """
        return project_from_json(self.record.project)

    def update(self, **changes: object) -> None:
        """Change fields of the record, also on disk.

        Raises:
            UserError: It cannot be written.
        """
        self.record = dataclasses.replace(
            self.record, **{**self._written_meanwhile(), **changes}
        )
        text = json.dumps(self.record.to_json(), ensure_ascii=False, indent=2)
        path = self.folder / RECORD
        paths.write_text(path, text + "\n", below=self.project_folder)

    def _written_meanwhile(self) -> dict[str, Any]:
        """Changes by the user (name, note, tags) while it trained."""
        if not (self.folder / RECORD).is_file():
            return {}
        try:
            record = Run.read(self.folder).record
        except UserError:
            return {}
        return {name: getattr(record, name) for name in USER_FIELDS}

    def set_outcome(self, outcome: str, **changes: object) -> None:
        """Record how it ended; see `update`."""
        self.update(outcome=outcome, **changes)

    def events(self) -> list[Event]:
        """Its events, in order; truncated lines are skipped."""
        return list(read_events(self.folder / EVENTS))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the run for training; released when the process dies.

        Partial files of a killed process are removed.

        Raises:
            UserError: It is locked, or there is a symbolic link in its folder.
        """
        lock = lock_file(self.folder / LOCK, self.project_folder, 1)
        with paths.user_errors(self.folder, writing=True):
            try:
                lock.acquire()
            except Timeout:
                holder = self.record.platform
                raise UserError(
                    _("Run {id} is being trained by process {pid} on {host}.").format(
                        id=self.label,
                        pid=holder.get("pid", "?"),
                        host=holder.get("host", "?"),
                    ),
                    _("Wait until it has finished, or stop it."),
                ) from None
        try:
            refuse_links_in(self.folder, self.project_folder)
            temporary_files.remove_stale(self.folder)
            yield
        finally:
            lock.release()

    def is_held(self) -> bool:
        """Whether a running process trains it."""
        return self.is_held_at(self.folder)

    @staticmethod
    def is_held_at(folder: Path) -> bool:
        """Whether a running process trains the run in this folder."""
        if not os.path.lexists(folder / LOCK):
            return False
        try:
            lock = lock_file(folder / LOCK, folder.parent.parent)
            lock.acquire()
        except Timeout:
            return True
        except (OSError, UserError):
            return False
        lock.release()
        return False


def run_label(number: int, id: str) -> str:
    """See `Run.label`; the id alone if the number is unknown."""
    return f"{number} ({id})" if number else id


def hint_to_tidy(folder: Path) -> str:
    """What to do about a damaged run."""
    return _("Move it to runs/.damaged with “dlstudio runs {project} --tidy”.").format(
        project=folder.parent.parent
    )
