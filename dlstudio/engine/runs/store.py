"""The runs of a project: create, list, find and clean up."""

from __future__ import annotations

import dataclasses
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from itertools import count
from pathlib import Path
from typing import Any

from dlstudio import paths, temporary_files
from dlstudio.engine.runs.numbering import RunPlace, number_runs
from dlstudio.engine.runs.record import RunRecord
from dlstudio.engine.runs.run import (
    CHECKPOINTS,
    DETAILS,
    EVENTS,
    INTERRUPTED,
    LOCK,
    MODEL,
    OUTCOMES,
    RECORD,
    DamagedRun,
    Run,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.safe_files import is_link, make_folder, refuse_links

__all__ = (
    "CHECKPOINTS",
    "DETAILS",
    "EVENTS",
    "INTERRUPTED",
    "LOCK",
    "MODEL",
    "OUTCOMES",
    "RECORD",
    "DamagedRun",
    "Run",
    "RunStore",
    "run_folders",
)

FOLDER = "runs"
DAMAGED = ".damaged"
"""Folder in the folder of runs that damaged runs are moved to."""
LONGEST_NUMBER = 6
"""Maximum number of digits of a run's number; more is the beginning of an id."""


class RunStore:
    """The runs of one project.

    Args:
        folder: The project's folder.
        clock: Returns seconds since the epoch.

    Attributes:
        damaged: Runs that `all` could not read, by folder name.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.project = folder
        self.folder = folder / FOLDER
        self.damaged: dict[str, UserError] = {}
        self._clock = clock

    def create(self, project: JsonObject, **fields: Any) -> Run:
        """Create a new run's folder and record atomically.

        Args:
            project: The project as JSON.
            fields: Further fields of `RunRecord`.

        Raises:
            UserError: The folder cannot be written.
        """
        with paths.user_errors(self.folder, writing=True):
            make_folder(self.folder, self.project)
            temporary_files.remove_stale(self.folder)
            number = max((run.number for run in self.all()), default=0)
            number = max(number, len(self._folders())) + 1
            now = self._clock()
            made = temporary_files.temporary_folder(self.folder / "run")
            try:
                made.chmod(0o777 & ~paths.umask())
                record = RunRecord("", now, project, number=number, **fields)
                return self._publish(made, record)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise

    def all(self) -> list[Run]:
        """All runs, oldest first; unreadable ones are in `damaged`."""
        self.damaged = {}
        found: list[Run] = []
        for folder in self._folders():
            try:
                found.append(Run.read(folder))
            except UserError as error:
                self.damaged[folder.name] = error
        return numbered(found)

    def find(self, name: str = "") -> Run:
        """Find a run by name; the newest with a model by default.

        Args:
            name: Its number, its id, the beginning or last letters of the id, or the
                name the user gave it.

        Raises:
            UserError: There is none, or more than one; the hint lists similar ids.
        """
        if not name:
            return self._newest_with_model()
        folders = self._folders()
        exact = [folder for folder in folders if folder.name == name]
        if exact:
            return self._read(exact[0])
        runs = self.all()
        found = next((each for each in _matches(runs, name) if each), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(
                _("“{name}” matches several runs.").format(name=name),
                _("The runs are: {names}.").format(names=_listed(found[-5:])),
            )
        return self._damaged_or_missing(name, runs)

    def move_damaged(self) -> list[str]:
        """Move runs without a readable record out of the list.

        Empty folders are removed; the others are moved to `runs/.damaged`. Runs of a
        newer dlstudio and runs without read permission stay.

        Returns:
            The names of the folders.

        Raises:
            UserError: A folder cannot be moved.
        """
        self.all()
        moved = []
        for name, error in self.damaged.items():
            folder = self.folder / name
            if isinstance(error, DamagedRun) and not Run.is_held_at(folder):
                with paths.user_errors(folder, writing=True):
                    self._move(folder)
                moved.append(name)
        return moved

    def _move(self, folder: Path) -> None:
        refuse_links(self.folder, self.project)
        if not is_link(folder) and temporary_files.remove_stale_below(
            folder, but=(LOCK,)
        ):
            shutil.rmtree(folder)
            return
        aside = self.folder / DAMAGED
        make_folder(aside, self.project)
        free = (aside / f"{folder.name}{end}" for end in _endings())
        folder.rename(next(place for place in free if not os.path.lexists(place)))

    def _read(self, folder: Path) -> Run:
        run = Run.read(folder)
        if run.number:
            return run
        return next((each for each in self.all() if each.id == run.id), run)

    def _damaged_or_missing(self, name: str, runs: Sequence[Run]) -> Run:
        """Raise that no readable run has this name.

        Raises:
            UserError: Always.
        """
        damaged = [error for id, error in self.damaged.items() if _is_id(id, name)]
        if len(damaged) == 1:
            raise damaged[0]
        near = get_close_matches(name, [run.id for run in runs], n=3, cutoff=0.3)
        shown = [run for run in runs if run.id in near] or list(runs[-3:])
        raise UserError(
            _("There is no run called “{id}”.").format(id=name),
            _("Existing runs: {names}.").format(names=_listed(shown))
            if shown
            else _("There are no runs yet. Start one with “dlstudio train”."),
        )

    def _newest_with_model(self) -> Run:
        for run in reversed(self.all()):
            if run.model_path is not None:
                return run
        raise UserError(
            _("No run of this project has a trained model yet."),
            _("Train it first with “dlstudio train”."),
        )

    def _folders(self) -> list[Path]:
        with paths.user_errors(self.folder, writing=False):
            return run_folders(self.project)

    def _publish(self, made: Path, record: RunRecord) -> Run:
        """Rename a new run's folder to its unique name."""
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(record.created))
        # Runs of the same second also sort by time, as in a queue of short trainings.
        letters = f"{int(record.created % 1 * 16**4):04x}"
        while True:
            place = self.folder / f"{stamp}-{letters}"
            letters = secrets.token_hex(2)
            if os.path.lexists(place):
                continue
            Run(made, dataclasses.replace(record, id=place.name)).update()
            try:
                made.rename(place)
            except OSError:
                if not os.path.lexists(place):
                    raise
                continue  # taken by another process
            paths.sync_folder(self.folder)
            return Run(place, dataclasses.replace(record, id=place.name))


def run_folders(project: Path) -> list[Path]:
    """The folders of a project's runs, by name.

    Raises:
        OSError: They cannot be listed.
    """
    folder = project / FOLDER
    if not folder.is_dir():
        return []
    found = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in found if path.is_dir())


def place_of(run: Run) -> RunPlace:
    """The data that places a run in time."""
    try:
        written = (run.folder / RECORD).stat().st_mtime
    except OSError:
        written = 0.0
    return RunPlace(run.id, run.number, run.record.created, written)


def numbered(runs: Sequence[Run]) -> list[Run]:
    """The runs with their numbers, oldest first."""
    numbers = number_runs([place_of(run) for run in runs], time.time())
    by_id = {run.id: run for run in runs}
    for id, number in numbers.items():
        by_id[id].number = number
    return [by_id[id] for id in numbers]


def _matches(runs: Sequence[Run], name: str) -> Iterator[list[Run]]:
    """The runs a name may refer to, the most likely interpretation first."""
    if name.isdecimal() and len(name) <= LONGEST_NUMBER:
        yield [run for run in runs if run.number == int(name)]
    yield [run for run in runs if _is_id(run.id, name)]
    yield [run for run in runs if run.record.name == name]


def _is_id(id: str, name: str) -> bool:
    return id.startswith(name) or id.endswith(f"-{name}")


def _listed(runs: Sequence[Run]) -> str:
    return ", ".join(run.label for run in runs)


def _endings() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))
