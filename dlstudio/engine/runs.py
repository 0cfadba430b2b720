"""Runs on disk: the record of each training, readable without TensorFlow."""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dlstudio import paths
from dlstudio.document.events import Event
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json
from dlstudio.engine.journal import read_events
from dlstudio.engine.run_record import PEOPLES, RUNNING, RunRecord
from dlstudio.errors import UserError
from dlstudio.i18n import _

FOLDER = "runs"
RECORD = "run.json"
EVENTS = "events.jsonl"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
DETAILS = "error.txt"
LOCK = "lock"
LARGEST_RECORD = 64 * 2**20

INTERRUPTED = "interrupted"
OUTCOMES = ("succeeded", "failed", "cancelled", INTERRUPTED, RUNNING)


class Run:
    """One training in its folder.

    Attributes:
        id: Its name, which is also its folder's.
        folder: `runs/<id>` of the project.
        record: What `run.json` said when it was read or last written.
    """

    def __init__(self, folder: Path, record: RunRecord) -> None:
        self.id = folder.name
        self.folder = folder
        self.record = record

    @classmethod
    def read(cls, folder: Path) -> Run:
        """The run in `folder`.

        Raises:
            UserError: Its record is missing, damaged or too new.
        """
        path = folder / RECORD
        with paths.user_errors(path, writing=False):
            if path.stat().st_size > LARGEST_RECORD:
                raise UserError(_("{path} is too large.").format(path=path))
            data = path.read_bytes()
        try:
            return cls(folder, RunRecord.from_json(json.loads(data)))
        except (ValueError, RecursionError) as error:
            raise UserError(
                _("{path} is damaged and cannot be read.").format(path=path),
                _("The other runs are not affected; the folder can be deleted."),
            ) from error
        except UserError as error:
            raise UserError(
                _("{path} cannot be read. {reason}").format(
                    path=path, reason=error.message
                )
            ) from error

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

    def update(self, **changes: Any) -> None:
        """Change fields of the record, on disk too.

        Raises:
            UserError: It cannot be written.
        """
        self.record = dataclasses.replace(
            self.record, **{**self._written_meanwhile(), **changes}
        )
        text = json.dumps(self.record.to_json(), ensure_ascii=False, indent=2)
        paths.write_text(self.folder / RECORD, text + "\n")

    def _written_meanwhile(self) -> dict[str, Any]:
        """What people wrote about it while it trained."""
        if not (self.folder / RECORD).is_file():
            return {}
        try:
            record = Run.read(self.folder).record
        except UserError:
            return {}
        return {name: getattr(record, name) for name in PEOPLES}

    def set_outcome(self, outcome: str, **changes: Any) -> None:
        """Note how it ended; see `update`."""
        self.update(outcome=outcome, **changes)

    def events(self) -> list[Event]:
        """What happened, in order; lines that were cut off are left out."""
        return list(read_events(self.folder / EVENTS))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else trains this run meanwhile; freed when the process dies.

        Raises:
            UserError: Somebody else does.
        """
        lock = FileLock(self.folder / LOCK, timeout=1)
        with paths.user_errors(self.folder, writing=True):
            try:
                lock.acquire()
            except Timeout:
                holder = self.record.platform
                raise UserError(
                    _(
                        "The run {id} is being trained by process {pid} on {host}."
                    ).format(
                        id=self.id,
                        pid=holder.get("pid", "?"),
                        host=holder.get("host", "?"),
                    ),
                    _("Wait until it has ended, or stop it."),
                ) from None
        try:
            yield
        finally:
            lock.release()

    def is_held(self) -> bool:
        """A living process trains it."""
        if not (self.folder / LOCK).exists():
            return False
        lock = FileLock(self.folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False


class RunStore:
    """The runs of one project.

    Args:
        folder: The project's.
        clock: Seconds since the epoch.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder / FOLDER
        self.damaged: dict[str, UserError] = {}
        self._clock = clock

    def create(self, project: Mapping[str, Any], **fields: Any) -> Run:
        """A new run's folder and record.

        Args:
            project: The project as JSON.
            fields: More of `RunRecord`.

        Raises:
            UserError: The folder cannot be written.
        """
        with paths.user_errors(self.folder, writing=True):
            self.folder.mkdir(parents=True, exist_ok=True)
            now = self._clock()
            made = self._fresh_folder(now)
        run = Run(made, RunRecord(made.name, now, project, **fields))
        run.update()
        return run

    def all(self) -> list[Run]:
        """All runs, the oldest first; unreadable ones are in `damaged` instead."""
        self.damaged = {}
        runs: list[Run] = []
        for folder in self._folders():
            try:
                runs.append(Run.read(folder))
            except UserError as error:
                self.damaged[folder.name] = error
        return runs

    def find(self, id: str = "") -> Run:
        """The run of this id (or its unique beginning), or the newest with a model.

        Raises:
            UserError: There is none, or more than one; near ids are in the hint.
        """
        if not id:
            return self._newest_with_model()
        names = [folder.name for folder in self._folders()]
        found = [name for name in names if name == id] or [
            name for name in names if name.startswith(id)
        ]
        if len(found) == 1:
            return Run.read(self.folder / found[0])
        if found:
            raise UserError(
                _("Several runs begin with “{id}”.").format(id=id),
                _("They are {names}.").format(names=", ".join(found[-5:])),
            )
        near = get_close_matches(id, names, n=3, cutoff=0.3) or names[-3:]
        raise UserError(
            _("There is no run called “{id}”.").format(id=id),
            _("There are {names}.").format(names=", ".join(near))
            if near
            else _("Nothing was trained yet: start with “dlstudio train”."),
        )

    def _newest_with_model(self) -> Run:
        for run in reversed(self.all()):
            if run.model_path is not None:
                return run
        raise UserError(
            _("No run of this project has a trained model yet."),
            _("Train it first: “dlstudio train”."),
        )

    def _folders(self) -> list[Path]:
        with paths.user_errors(self.folder, writing=False):
            if not self.folder.is_dir():
                return []
            found = [p for p in self.folder.iterdir() if p.is_dir()]
        return sorted(p for p in found if not p.name.startswith("."))

    def _fresh_folder(self, now: float) -> Path:
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        # Also those of one second sort by time, as in a queue of short trainings.
        letters = f"{int(now % 1 * 16**4):04x}"
        while True:
            made = self.folder / f"{stamp}-{letters}"
            try:
                made.mkdir()
            except FileExistsError:
                letters = secrets.token_hex(2)
                continue
            return made
