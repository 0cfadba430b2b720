"""Jobs on runs: follow, annotate, delete, compare."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.change_descriptions import ProjectChanges
from dlstudio.document.events import Event
from dlstudio.document.project import Project
from dlstudio.safe_files import refuse_links, remove_tree
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.run_entry import has_checkpoint
from dlstudio.workers.run_list import checkpoint_epoch_of

DELETED = ".deleted-"
"""Prefix of the folder of a run being deleted."""


def follow(
    context: JobContext, folder: Path, offsets: Mapping[str, int]
) -> dict[str, tuple[list[Event], int]]:
    """New events of runs, by id, and the next offsets.

    Args:
        offsets: Bytes of each journal already read.
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
        context: Context of the job.
        folder: The project's folder.
        run: Id of the run.
        changes: The new values, by name.

    Raises:
        UserError: It does not exist, or cannot be written.
    """
    from dlstudio.engine.runs.store import RunStore

    RunStore(folder).find(run).update(**changes)


def delete_runs(context: JobContext, folder: Path, runs: Sequence[str]) -> None:
    """Delete runs with their models.

    Args:
        context: Context of the job.
        folder: The project's folder.
        runs: Ids of the runs.

    Raises:
        UserError: A run is being trained, or cannot be deleted.
    """
    from dlstudio import paths
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(folder)
    with paths.user_errors(folder, writing=True):
        refuse_links(folder / "runs", folder)
    for left in (folder / "runs").glob(f"{DELETED}*"):  # left by a killed deletion
        remove_tree(left, folder)
    for id in runs:
        run = store.find(id)
        with run.held():
            pass  # not being trained
        # Renamed first, so that a partly deleted run is never listed.
        aside = run.folder.with_name(f"{DELETED}{run.id}")
        with paths.user_errors(run.folder, writing=True):
            run.folder.rename(aside)
            shutil.rmtree(aside)


def compare_runs(
    context: JobContext, folder: Path, before: str, after: str
) -> ProjectChanges:
    """Compare two runs.

    Args:
        context: Context of the job.
        folder: The project's folder.
        before: The id of the first run.
        after: The id of the second run.

    Raises:
        UserError: A run cannot be read.
    """
    from dlstudio.document.change_descriptions import describe_changes
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(folder)
    return describe_changes(store.find(before).project(), store.find(after).project())


def run_project(context: JobContext, folder: Path, run: str) -> Project:
    """The project as it was when a run was started.

    Args:
        context: Context of the job.
        folder: The project's folder.
        run: The id of the run.

    Raises:
        UserError: The run cannot be read.
    """
    from dlstudio.engine.runs.store import RunStore

    return RunStore(folder).find(run).project()


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """A run whose process died and that can be resumed.

    Attributes:
        number: Number of the run.
        epoch: Epochs at its newest checkpoint.
    """

    folder: Path
    run: str
    number: int
    epoch: int


def interrupted_run(context: JobContext, folder: Path) -> InterruptedRun | None:
    """The newest run if it was interrupted and can be resumed; else None."""
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
    """The interrupted newest runs of these projects."""
    found = (interrupted_run(context, Path(each)) for each in folders)
    return tuple(each for each in found if each is not None)
