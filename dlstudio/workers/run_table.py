"""All runs of a project for the runs table, with changes between runs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.document.project import Project
from dlstudio.document.run_metrics import metric_to_compare
from dlstudio.i18n import _, translator
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.run_entry import FollowedRun, RunEntry, entry_of
from dlstudio.workers.run_list import RUNNING

if TYPE_CHECKING:
    from dlstudio.engine.runs.metrics import RunMetricsReader
    from dlstudio.engine.runs.numbering import RunPlace

CHUNK = 100
"""Number of runs per progress report while many are read for the first time."""


@dataclass(frozen=True, slots=True)
class DamagedEntry:
    """A run that cannot be read.

    Attributes:
        id: Name of its folder.
        message: The error.
        movable: Whether it is unusable and can be moved away.
    """

    id: str
    message: str
    movable: bool


@dataclass(frozen=True, slots=True)
class RunList:
    """The runs of a project.

    Attributes:
        entries: Readable runs, newest first.
        damaged: Unreadable runs.
        metric: The metric they are compared by; "" if there is none.
        metrics: The metrics they can be compared by.
    """

    entries: tuple[RunEntry, ...] = ()
    damaged: tuple[DamagedEntry, ...] = ()
    metric: str = ""
    metrics: tuple[str, ...] = ()


@dataclass
class CachedRun:
    """The cached data of one run.

    Attributes:
        stamp: Modification times of the files it was read from.
        place: The data that places it in time.
        beside: The preceding run and the language of `entry.change`.
        followed: Results of its events, while it is unfinished.
    """

    stamp: tuple[int, ...]
    entry: RunEntry
    project: Project
    place: RunPlace
    beside: tuple[str, str] = ("", "")
    followed: FollowedRun | None = None


RunCache = dict[Path, CachedRun]
"""Cached runs by folder; only one job at a time may use it."""


def read_runs(
    context: ReportingContext[RunList], folder: Path, memory: RunCache
) -> RunList:
    """All runs of a project, newest first; needs no TensorFlow.

    If many are read for the first time, partial lists are reported.

    Args:
        context: Context of the job.
        folder: The project's folder.
        memory: Cached runs by folder; changed runs are read again.

    Returns:
        The runs; unreadable ones are listed as damaged.

    Raises:
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.runs.metrics import RunMetricsReader, read_metric
    from dlstudio.engine.runs.store import DamagedRun, run_folders
    from dlstudio.errors import UserError

    place, found = folder / "runs", run_folders(folder)
    for gone in [each for each in memory if each.parent == place and each not in found]:
        del memory[gone]
    reader, chosen = RunMetricsReader(), read_metric(folder)
    damaged: list[DamagedEntry] = []
    read: list[CachedRun] = []
    fresh = 0
    for each in found:
        if context.should_stop():
            raise Cancelled
        known = memory.get(each)
        stamp = _stamp(each)
        if known is None or known.stamp != stamp or known.entry.outcome == RUNNING:
            try:
                known = _read(each, stamp, known, reader)
            except UserError as error:
                movable = isinstance(error, DamagedRun)
                damaged.append(DamagedEntry(each.name, error.message, movable))
                memory.pop(each, None)
                continue
            memory[each] = known
            fresh += 1
        read.append(known)
        if fresh and fresh % CHUNK == 0:
            context.report(_listed(read, damaged, chosen))
    return _listed(read, damaged, chosen)


def _listed(
    read: Iterable[CachedRun], damaged: Iterable[DamagedEntry], chosen: str
) -> RunList:
    """Number the runs in order, and describe the changes between them."""
    from dlstudio.engine.runs.numbering import number_runs

    by_id = {each.entry.id: each for each in read}
    numbers = number_runs([each.place for each in by_id.values()], time.time())
    before: CachedRun | None = None
    for id, number in numbers.items():
        known = by_id[id]
        _compare(known, before, number)
        before = known
    entries = tuple(by_id[id].entry for id in reversed(numbers))
    metrics = tuple(dict.fromkeys(name for each in entries for name in each.best))
    shown = metric_to_compare(chosen, metrics)
    return RunList(entries, tuple(damaged), shown, metrics)


def choose_metric(context: JobContext, folder: Path, metric: str) -> None:
    """Save the metric that the project's runs are compared by.

    Args:
        context: Context of the job.
        folder: The project's folder, in which the choice is saved.
        metric: Name of the metric, prefixed with "val_" for validation.

    Raises:
        UserError: The choice cannot be saved.
    """
    from dlstudio.engine.runs.metrics import save_metric

    save_metric(folder, metric)


def move_damaged(context: JobContext, folder: Path) -> tuple[str, ...]:
    """Move damaged runs away; see `RunStore.move_damaged`.

    Raises:
        UserError: A run cannot be moved.
    """
    from dlstudio.engine.runs.store import RunStore

    return tuple(RunStore(folder).move_damaged())


def _stamp(folder: Path) -> tuple[int, ...]:
    from dlstudio.engine.runs.store import MODEL, RECORD

    return tuple(_time(folder / name) for name in (RECORD, MODEL))


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read(
    folder: Path,
    stamp: tuple[int, ...],
    before: CachedRun | None,
    reader: RunMetricsReader,
) -> CachedRun:
    """Read a run without the cache.

    Raises:
        UserError: It cannot be read.
    """
    from dlstudio.engine.runs.store import DamagedRun, Run, place_of
    from dlstudio.engine.runs.summary import RunSummary
    from dlstudio.errors import UserError

    run = Run.read(folder)
    try:
        same = before is not None and before.stamp == stamp
        project = before.project if same and before else run.project()
    except UserError as error:
        raise DamagedRun(error.message, error.hint) from error
    unended = run.outcome in (RUNNING, "interrupted")
    figures = reader.of_record(run) if unended else reader.read(run)
    known = CachedRun(stamp, entry_of(run, project, figures), project, place_of(run))
    if before is not None:
        known.beside = before.beside
        known.entry = replace(
            known.entry, change=before.entry.change, number=before.entry.number
        )
    if unended:
        followed = before.followed if before is not None else None
        known.followed = followed or FollowedRun(RunSummary())
        known.entry = known.followed.read_on(known.entry, run)
    return known


def _compare(known: CachedRun, before: CachedRun | None, number: int) -> None:
    """Fill in the changes, unless cached in the current language."""
    previous = before.entry.id if before else ""
    key = (previous, translator.language)
    if known.beside != key:
        known.beside = key
        known.entry = replace(known.entry, change=_change(known, before))
    if known.entry.number != number:
        known.entry = replace(known.entry, number=number)


def _change(known: CachedRun, before: CachedRun | None) -> str:
    from dlstudio.document.change_descriptions import describe_change

    if before is None:
        return _("First run")
    return describe_change(before.project, known.project) or _("nothing")
