"""Runs on disk: the record of each training, readable without TensorFlow."""

from __future__ import annotations

import dataclasses
import json
import math
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dlstudio import paths
from dlstudio.document.events import Event, event_from_json
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json
from dlstudio.errors import UserError
from dlstudio.i18n import _

FOLDER = "runs"
RECORD = "run.json"
EVENTS = "events.jsonl"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
DETAILS = "error.txt"
LOCK = "lock"
VERSION = 1
LARGEST_RECORD = 64 * 2**20

RUNNING = "running"
INTERRUPTED = "interrupted"
OUTCOMES = ("succeeded", "failed", "cancelled", INTERRUPTED, RUNNING)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What `run.json` says.

    Attributes:
        id: Sorts by time: date, time and four letters.
        created: Seconds since the epoch (UTC).
        project: The project as it was, as JSON.
        seed: Of everything random.
        versions: Of Python and the libraries.
        platform: "system", "machine", "host", "pid" of the last sitting.
        device: Where it trained.
        data: "fingerprint", "classes", "multi_label" and "splits" (name → samples).
        outcome: "running", "succeeded", "failed" or "cancelled".
        reason: Why it ended so: "epochs", "early_stopping", "diverged", ...
        message: For people, if it failed.
        metrics: Figures of the weights in `model.keras` (else of the last epoch).
        best: "epoch" and "metrics" of the best epoch.
        epochs: Epochs done.
        seconds: Time spent training, over all sittings.
        parameters: Numbers in the model.
        steps_per_execution: The last that was used.
        reproduces: Id of the run this one repeats.
    """

    id: str
    created: float
    project: Mapping[str, Any]
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    platform: Mapping[str, Any] = field(default_factory=dict)
    device: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = RUNNING
    reason: str = ""
    message: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, Any] = field(default_factory=dict)
    epochs: int = 0
    seconds: float = 0.0
    parameters: int = 0
    steps_per_execution: int = 1
    reproduces: str = ""

    def to_json(self) -> dict[str, Any]:
        """The content of `run.json`; figures that are not finite become null."""
        fields = dataclasses.fields(self)
        item = {f.name: _plain(getattr(self, f.name)) for f in fields}
        return {"format": "dlstudio-run", "version": VERSION, **item}

    @classmethod
    def from_json(cls, item: Any) -> RunRecord:
        """The record of a JSON object.

        Raises:
            UserError: It is not one, or was made by a newer dlstudio.
        """
        if not isinstance(item, dict) or item.get("format") != "dlstudio-run":
            raise UserError(_("This is not the record of a run."))
        version = item.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise UserError(_("The record was made by a newer dlstudio."))
        values = {}
        for each in dataclasses.fields(cls):
            if each.name in item:
                values[each.name] = _checked(each.name, item[each.name])
        try:
            return cls(**values)
        except TypeError as error:
            raise UserError(_("The record is incomplete.")) from error


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
        self.record = dataclasses.replace(self.record, **changes)
        text = json.dumps(self.record.to_json(), ensure_ascii=False, indent=2)
        paths.write_text(self.folder / RECORD, text + "\n")

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


class Journal:
    """Appends events to a run's `events.jsonl`, one line each, at once."""

    def __init__(self, path: Path) -> None:
        with paths.user_errors(path, writing=True):
            # A line that was cut off must not swallow the next one.
            torn = _is_torn(path)
            self._stream = path.open("ab", buffering=0)
            if torn:
                self._stream.write(b"\n")
        self._path = path

    def write(self, item: Mapping[str, Any]) -> None:
        """Append one event in its JSON form.

        Raises:
            UserError: The disk is full or the file cannot be written.
        """
        line = json.dumps(item, ensure_ascii=False) + "\n"
        with paths.user_errors(self._path, writing=True):
            self._stream.write(line.encode("utf-8"))

    def close(self) -> None:
        """No more events."""
        self._stream.close()


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
        while True:
            made = self.folder / f"{stamp}-{secrets.token_hex(2)}"
            try:
                made.mkdir()
            except FileExistsError:
                continue
            return made


def read_events(path: Path) -> Iterator[Event]:
    """The events of a journal; lines that are cut off or unknown are left out."""
    if not path.is_file():
        return
    with paths.user_errors(path, writing=False):
        lines = path.read_bytes().split(b"\n")
    for line in lines:
        try:
            yield event_from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _is_torn(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    with open(path, "rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) != b"\n"


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "device", "outcome", "reason", "message"), (str,)),
    "reproduces": (str,),
    **dict.fromkeys(("created", "seconds"), (int, float)),
    **dict.fromkeys(("seed", "epochs", "parameters", "steps_per_execution"), (int,)),
    **dict.fromkeys(("project", "versions", "platform", "data", "best"), (dict,)),
    "metrics": (dict,),
}


def _checked(name: str, value: Any) -> Any:
    if not isinstance(value, _KINDS[name]):
        raise UserError(_("“{name}” of the record is damaged.").format(name=name))
    if name == "metrics" and isinstance(value, dict):
        return {str(k): math.nan if v is None else float(v) for k, v in value.items()}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
