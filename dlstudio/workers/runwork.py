"""What is done with runs beside the window: follow, note, delete, compare."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.document.events import Event
from dlstudio.workers.jobs import Ask
from dlstudio.workers.runentry import has_checkpoint
from dlstudio.workers.runrows import midway_of


def follow(
    ask: Ask, folder: Path, offsets: Mapping[str, int]
) -> dict[str, tuple[list[Event], int]]:
    """What runs have written since, by id, and where to read on.

    Args:
        offsets: Bytes of each journal that were read before.
    """
    from dlstudio.engine.journal import read_on
    from dlstudio.engine.runs import EVENTS

    return {
        run: read_on(folder / "runs" / run / EVENTS, offset)
        for run, offset in offsets.items()
    }


def write_about(ask: Ask, folder: Path, run: str, changes: Mapping[str, Any]) -> None:
    """Change a run's "name", "note", "tags" or "archived".

    Raises:
        UserError: It is gone, or cannot be written.
    """
    from dlstudio.engine.runs import RunStore

    RunStore(folder).find(run).update(**changes)


def delete_runs(ask: Ask, folder: Path, runs: Sequence[str]) -> None:
    """Delete runs with their models, whole.

    Raises:
        UserError: One of them is being trained, or cannot be deleted.
    """
    from dlstudio import paths
    from dlstudio.engine.runs import RunStore

    store = RunStore(folder)
    for id in runs:
        run = store.find(id)
        with run.held():
            pass  # nobody trains it
        # Renamed first, so that half a run never looks like one.
        aside = run.folder.with_name(f".deleted-{run.id}")
        with paths.user_errors(run.folder, writing=True):
            run.folder.rename(aside)
            shutil.rmtree(aside)


def compare_runs(ask: Ask, folder: Path, before: str, after: str) -> Any:
    """The `Differences` of two runs.

    Raises:
        UserError: One of them cannot be read.
    """
    from dlstudio.document.wording import differences
    from dlstudio.engine.runs import RunStore

    store = RunStore(folder)
    return differences(store.find(before).project(), store.find(after).project())


def cut_off(ask: Ask, folder: Path) -> str:
    """Id of the newest run if its process died and it can go on; else ""."""
    from dlstudio.engine.runs import INTERRUPTED, Run
    from dlstudio.errors import UserError

    newest = max(run_folders(folder), default=None)
    if newest is None:
        return ""
    try:
        run = Run.read(newest)
    except UserError:
        return ""
    found = run.outcome == INTERRUPTED and has_checkpoint(run)
    return run.id if found else ""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A run whose process died, and which can go on.

    Attributes:
        epoch: Epochs at its newest checkpoint.
    """

    folder: Path
    run: str
    epoch: int


def cut_offs(ask: Ask, folders: Sequence[str]) -> tuple[CutOff, ...]:
    """The newest runs of these projects, as far as they were cut off."""
    from dlstudio.engine.runs import RunStore

    found = []
    for each in folders:
        folder = Path(each)
        run = cut_off(ask, folder)
        if run:
            epoch = midway_of(RunStore(folder).find(run)) or 0
            found.append(CutOff(folder, run, epoch))
    return tuple(found)


def run_folders(folder: Path) -> list[Path]:
    """The folders of a project's runs, in no order."""
    place = folder / "runs"
    if not place.is_dir():
        return []
    return [p for p in place.iterdir() if not p.name.startswith(".") and p.is_dir()]
