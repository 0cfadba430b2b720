"""What is done with runs beside the window: follow, note, delete, compare."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.change_descriptions import ProjectChanges
from dlstudio.document.events import Event
from dlstudio.safe_files import refuse_links, remove_tree
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.run_entry import has_checkpoint
from dlstudio.workers.run_list import checkpoint_epoch_of

DELETED = ".deleted-"
"""Before the name of a run that is just being deleted."""


def follow(
    context: JobContext, folder: Path, offsets: Mapping[str, int]
) -> dict[str, tuple[list[Event], int]]:
    """What runs have written since, by id, and where to read on.

    Args:
        offsets: Bytes of each journal that were read before.
    """
    from dlstudio.engine.runs.journal import read_on
    from dlstudio.engine.runs.store import EVENTS

    return {
        run: read_on(folder / "runs" / run / EVENTS, offset)
        for run, offset in offsets.items()
    }


def write_about(
    context: JobContext, folder: Path, run: str, changes: Mapping[str, object]
) -> None:
    """Change a run's "name", "note", "tags" or "archived".

    Args:
        context: The job's.
        folder: The project's.
        run: Its id.
        changes: The new values, by name.

    Raises:
        UserError: It is gone, or cannot be written.
    """
    from dlstudio.engine.runs.store import RunStore

    RunStore(folder).find(run).update(**changes)


def delete_runs(context: JobContext, folder: Path, runs: Sequence[str]) -> None:
    """Delete runs with their models.

    Args:
        context: The job's.
        folder: The project's.
        runs: Their ids.

    Raises:
        UserError: One of them is being trained, or cannot be deleted.
    """
    from dlstudio import paths
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(folder)
    with paths.user_errors(folder, writing=True):
        refuse_links(folder / "runs", folder)
    for left in (folder / "runs").glob(f"{DELETED}*"):  # of one that was killed
        remove_tree(left, folder)
    for id in runs:
        run = store.find(id)
        with run.held():
            pass  # nobody trains it
        # Renamed first, so that half a run never looks like one.
        aside = run.folder.with_name(f"{DELETED}{run.id}")
        with paths.user_errors(run.folder, writing=True):
            run.folder.rename(aside)
            shutil.rmtree(aside)


def compare_runs(
    context: JobContext, folder: Path, before: str, after: str
) -> ProjectChanges:
    """How two runs differ.

    Args:
        context: The job's.
        folder: The project's.
        before: The id of the first run.
        after: The id of the second run.

    Raises:
        UserError: One of them cannot be read.
    """
    from dlstudio.document.change_descriptions import describe_changes
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(folder)
    return describe_changes(store.find(before).project(), store.find(after).project())


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """A run whose process died, and which can go on.

    Attributes:
        number: What people call the run.
        epoch: Epochs at its newest checkpoint.
    """

    folder: Path
    run: str
    number: int
    epoch: int


def interrupted_run(context: JobContext, folder: Path) -> InterruptedRun | None:
    """The newest run if its process died and it can go on; else None."""
    from dlstudio.engine.runs.store import INTERRUPTED, RunStore

    newest = next(reversed(RunStore(folder).all()), None)
    if newest is None or newest.outcome != INTERRUPTED or not has_checkpoint(newest):
        return None
    return InterruptedRun(
        folder, newest.id, newest.number, checkpoint_epoch_of(newest) or 0
    )


def interrupted_runs(
    context: JobContext, folders: Sequence[str]
) -> tuple[InterruptedRun, ...]:
    """The newest runs of these projects, as far as they were cut off."""
    found = (interrupted_run(context, Path(each)) for each in folders)
    return tuple(each for each in found if each is not None)
