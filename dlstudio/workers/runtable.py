"""All runs of a project for a table, with what changed; read beside the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.document.project import Project
from dlstudio.i18n import _, translator
from dlstudio.workers.jobs import Ask, Cancelled
from dlstudio.workers.runentry import RunEntry, entry_of, read_journal
from dlstudio.workers.runrows import RUNNING
from dlstudio.workers.runwork import run_folders

PART = 100
"""Runs that are told at once while many are read for the first time."""


@dataclass
class Known:
    """What was read of one run before.

    Attributes:
        stamp: Times of the files it was read from.
        events: How many bytes of its journal were read.
    """

    stamp: tuple[int, ...]
    entry: RunEntry
    project: Project | None
    beside: tuple[str, str] = ("", "")
    events: int = 0


Memory = dict[Path, Known]
"""By the run's folder; only one job at a time may use it."""


def read_runs(ask: Ask, folder: Path, memory: Memory) -> tuple[RunEntry, ...]:
    """All runs of a project, the newest first; needs no TensorFlow.

    While many are read for the first time, what there is so far is told.
    """
    place, found = folder / "runs", sorted(run_folders(folder))
    for gone in [each for each in memory if each.parent == place and each not in found]:
        del memory[gone]
    entries: list[RunEntry] = []
    before: Known | None = None
    fresh = 0
    for number, each in enumerate(found, 1):
        if ask.should_stop():
            raise Cancelled
        known = memory.get(each)
        stamp = _stamp(each)
        if known is None or known.stamp != stamp or known.entry.outcome == RUNNING:
            known = _read(each, stamp, number, known)
            if known is None:
                continue
            memory[each] = known
            fresh += 1
        _compare(known, before, number)
        entries.append(known.entry)
        before = known
        if fresh and fresh % PART == 0:
            ask.tell(tuple(reversed(entries)))
    return tuple(reversed(entries))


def _stamp(folder: Path) -> tuple[int, ...]:
    from dlstudio.engine.runs import MODEL, RECORD

    return tuple(_time(folder / name) for name in (RECORD, MODEL))


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read(
    folder: Path, stamp: tuple[int, ...], number: int, before: Known | None
) -> Known | None:
    """None for a run whose record cannot be read."""
    from dlstudio.engine.runs import Run
    from dlstudio.errors import UserError

    try:
        run = Run.read(folder)
        project = before.project if before and before.project else run.project()
        if before and before.stamp != stamp:
            project = run.project()
    except UserError:
        return None
    entry = entry_of(run, number, project)
    known = Known(stamp, entry, project)
    if before is not None:
        known.beside = before.beside
        known.entry = replace(entry, change=before.entry.change)
    if entry.outcome in (RUNNING, "interrupted"):
        if before is not None:
            known.events = before.events
            known.entry = _as_far_as(known.entry, before.entry)
        known.entry, known.events = read_journal(known.entry, run, known.events)
    return known


def _as_far_as(entry: RunEntry, before: RunEntry) -> RunEntry:
    """What the journal told before is not read again."""
    return replace(
        entry,
        epochs=before.epochs,
        best=before.best,
        metric=before.metric,
        seconds=before.seconds,
        planned=before.planned,
        speed=before.speed,
    )


def _compare(known: Known, before: Known | None, number: int) -> None:
    """Fill in what changed, unless it is known in today's language."""
    previous = before.entry.id if before else ""
    key = (previous, translator.language)
    if known.beside != key:
        known.beside = key
        known.entry = replace(known.entry, change=_change(known, before))
    if known.entry.number != number:
        known.entry = replace(known.entry, number=number)


def _change(known: Known, before: Known | None) -> str:
    from dlstudio.document.wording import describe_change

    if before is None or before.project is None or known.project is None:
        return _("the first run")
    return describe_change(before.project, known.project) or _("nothing")
