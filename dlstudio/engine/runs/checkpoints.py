"""Checkpoints: all variables and the loop's state, written atomically.

A `.keras` file lacks the random state of Dropout and augmentation, hence this format:
`variables.npz` (plain arrays, never pickled) and `state.json` with checksums of both,
in a folder that is renamed to its final name once everything is on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular, read_json

if TYPE_CHECKING:
    from dlstudio.engine.typing import Variable

Arrays = Sequence[npt.NDArray[Any]]

VERSION = 1
KEEP = 2
VARIABLES = "variables.npz"
STATE = "state.json"
_DAMAGE = (UserError, OSError, ValueError, LookupError, TypeError, BadZipFile)
_TEMPORARY = ".writing-"
_PREFIX = "epoch-"


class DamagedCheckpoint(Exception):
    """A checkpoint is damaged."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The content of one checkpoint.

    Attributes:
        name: Name of its folder; names sort by training progress.
        arrays: All variables, in order.
        state: The loop's state as JSON.
    """

    name: str
    arrays: list[npt.NDArray[Any]]
    state: Mapping[str, Any]


def name_of(epoch: int, step: int) -> str:
    """Name of the checkpoint after `epoch` epochs and `step` further steps."""
    return f"{_PREFIX}{epoch:05d}-step-{step:08d}"


class Checkpoints:
    """The checkpoints of one run, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Names of all complete checkpoints, oldest first."""
        if not self.folder.is_dir():
            return []
        found = (path.name for path in self.folder.iterdir() if path.is_dir())
        return sorted(name for name in found if name.startswith(_PREFIX))

    def save(self, name: str, arrays: Arrays, state: Mapping[str, object]) -> None:
        """Write a checkpoint; then remove all but the newest and best ones.

        The best is named by "best_checkpoint" in `state`.

        Args:
            name: Name from `name_of`; an existing checkpoint is replaced.
            arrays: All variables of model and optimizer, in order.
            state: The training loop's, as JSON data.

        Raises:
            UserError: The disk is full or the folder cannot be written; older
                checkpoints are untouched.
        """
        with paths.user_errors(self.folder, writing=True):
            self.folder.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
            try:
                _write(made, arrays, state)
                os.chmod(made, 0o755)
                target = self.folder / name
                if target.exists():
                    shutil.rmtree(target)
                os.replace(made, target)
                paths.sync_folder(self.folder)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
        self._tidy()

    def load(self, name: str) -> Checkpoint:
        """Read a checkpoint and verify its checksums.

        Raises:
            DamagedCheckpoint: It is incomplete or was changed.
        """
        folder = self.folder / name
        try:
            item = read_json(folder / STATE)
            head, state = item["head"], item["state"]
            if item["checksum"] != _sum_of({"head": head, "state": state}):
                raise DamagedCheckpoint(name)
            if head["version"] != VERSION:
                raise DamagedCheckpoint(name)
            if _sum_of_file(folder / VARIABLES) != head["variables"]:
                raise DamagedCheckpoint(name)
            with np.load(folder / VARIABLES, allow_pickle=False) as file:
                arrays = [
                    _as_written(file[str(number)], dtype)
                    for number, dtype in enumerate(head["dtypes"])
                ]
        except _DAMAGE as error:
            raise DamagedCheckpoint(name) from error
        return Checkpoint(name, arrays, state)

    def newest(self) -> tuple[Checkpoint | None, list[str]]:
        """The newest valid checkpoint, and the names of damaged ones skipped."""
        damaged: list[str] = []
        for name in reversed(self.names()):
            try:
                return self.load(name), damaged
            except DamagedCheckpoint:
                damaged.append(name)
        return None, damaged

    def remove_after(self, name: str) -> None:
        """Remove checkpoints after `name`: they are damaged or superseded."""
        for other in self.names():
            if other > name:
                shutil.rmtree(self.folder / other, ignore_errors=True)

    def _tidy(self) -> None:
        newest = self.names()[-KEEP:]
        # Also keep the previous checkpoint's best: needed if the newest is damaged.
        keep = {*newest, *(self._best_of(name) for name in newest)}
        for path in self.folder.iterdir():
            old = path.name.startswith(_PREFIX) and path.name not in keep
            if old or path.name.startswith(_TEMPORARY):
                shutil.rmtree(path, ignore_errors=True)

    def _best_of(self, name: str) -> str:
        try:
            item = read_json(self.folder / name / STATE)
            return str(item["state"].get("best_checkpoint", ""))
        except (UserError, LookupError, TypeError, AttributeError):
            return ""


def assign(variables: Sequence[Variable], arrays: Arrays) -> None:
    """Assign arrays to Keras variables, in order.

    Raises:
        UserError: They do not match this model.
    """
    shapes = [tuple(variable.shape) for variable in variables]
    if shapes != [array.shape for array in arrays]:
        raise UserError(
            _("The checkpoint does not belong to this model."),
            _("The model has changed since the checkpoint was saved. Start a new run."),
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _write(folder: Path, arrays: Arrays, state: Mapping[str, object]) -> None:
    plain = {str(number): _storable(array) for number, array in enumerate(arrays)}
    with open(folder / VARIABLES, "wb") as stream:
        np.savez(stream, **plain)  # type: ignore[arg-type]
        _sync(stream)
    head = {
        "version": VERSION,
        "dtypes": [str(array.dtype) for array in arrays],
        "variables": _sum_of_file(folder / VARIABLES),
    }
    body: dict[str, Any] = {"head": head, "state": dict(state)}
    text = json.dumps({**body, "checksum": _sum_of(body)}, allow_nan=False)
    with open(folder / STATE, "wb") as stream:
        stream.write(text.encode())
        _sync(stream)
    paths.sync_folder(folder)


def _sync(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _storable(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """NumPy's format lacks types such as bfloat16; store their bits."""
    if array.dtype.isbuiltin == 1:
        return array
    return array.view(f"u{array.dtype.itemsize}")


def _as_written(array: npt.NDArray[np.generic], dtype: str) -> npt.NDArray[np.generic]:
    if str(array.dtype) == dtype:
        return array
    import ml_dtypes

    return array.view(getattr(ml_dtypes, dtype))


def _sum_of(item: object) -> str:
    text = json.dumps(item, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _sum_of_file(path: Path) -> str:
    found = hashlib.sha256()
    with open_regular(path) as stream:
        while piece := stream.read(2**20):
            found.update(piece)
    return found.hexdigest()
