"""All runs of a project for a table, with what changed; read beside the window."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.document.events import EpochEnded, Event, RunStarted, StepsDone
from dlstudio.document.project import Project
from dlstudio.i18n import _, translator
from dlstudio.workers.jobs import Ask, Cancelled
from dlstudio.workers.runrows import METRICS, RUNNING

if TYPE_CHECKING:
    from dlstudio.engine.runs import Run

PART = 100
"""Runs that are told at once while many are read for the first time."""


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run, as the table shows it.

    Attributes:
        number: 1 for the oldest.
        change: What differs from the run before, in words.
        metric, best: The best validation result.
        planned: Epochs that were to be trained.
        speed: Samples trained in a second, on average; 0 while unknown.
        has_model: There is a finished model.
        can_go_on: There is a checkpoint to go on from.
    """

    id: str
    number: int
    created: float
    outcome: str
    change: str = ""
    metric: str = ""
    best: float = math.nan
    epochs: int = 0
    planned: int = 0
    seconds: float = 0.0
    parameters: int = 0
    speed: float = 0.0
    has_model: bool = False
    can_go_on: bool = False
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    classes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def was_cut_off(self) -> bool:
        """Its process ended without ending it."""
        from dlstudio.engine.child.death import LOST

        lost = self.outcome == "failed" and self.reason in LOST
        return lost or self.outcome == "interrupted"


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
    place = folder / "runs"
    found = sorted(_folders(place))
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

    newest = max(_folders(folder / "runs"), default=None)
    if newest is None:
        return ""
    try:
        run = Run.read(newest)
    except UserError:
        return ""
    found = run.outcome == INTERRUPTED and _has_checkpoint(run)
    return run.id if found else ""


def _folders(place: Path) -> list[Path]:
    if not place.is_dir():
        return []
    return [p for p in place.iterdir() if not p.name.startswith(".") and p.is_dir()]


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
    entry = _entry(run, number, project)
    known = Known(stamp, entry, project)
    if before is not None:
        known.beside = before.beside
        known.entry = replace(entry, change=before.entry.change)
    if entry.outcome in (RUNNING, "interrupted"):
        _live(known, run, before)
    return known


def _entry(run: Run, number: int, project: Project) -> RunEntry:
    record = run.record
    figures = dict(record.best.get("metrics") or record.metrics)
    metric = next((n for n in METRICS if n in figures), next(iter(figures), ""))
    value = figures.get(metric)
    splits = record.data.get("splits") or {}
    samples = float(splits.get("train", 0) or 0) * record.epochs
    return RunEntry(
        run.id,
        number,
        record.created,
        run.outcome,
        metric=metric,
        best=math.nan if value is None else float(value),
        epochs=record.epochs,
        planned=project.plan.epochs,
        seconds=record.seconds,
        parameters=record.parameters,
        speed=samples / record.seconds if record.seconds else 0.0,
        has_model=run.model_path is not None,
        can_go_on=_has_checkpoint(run),
        name=record.name,
        note=record.note,
        tags=record.tags,
        archived=record.archived,
        classes=tuple(map(str, record.data.get("classes") or ())),
        reason=record.reason,
    )


def _has_checkpoint(run: Run) -> bool:
    try:
        return any(run.checkpoints.iterdir())
    except OSError:
        return False


def _live(known: Known, run: Run, before: Known | None) -> None:
    """A run without an ending: how far it is comes from its journal."""
    from dlstudio.engine.journal import read_on
    from dlstudio.engine.runs import EVENTS

    entry = known.entry
    if before is not None:
        known.events = before.events
        was = before.entry
        entry = replace(
            entry,
            epochs=was.epochs,
            best=was.best,
            metric=was.metric,
            seconds=was.seconds,
            planned=was.planned,
            speed=was.speed,
        )
    while True:
        events, offset = read_on(run.folder / EVENTS, known.events)
        for event in events:
            entry = _seen(entry, event)
        if offset == known.events:
            break
        known.events = offset
    known.entry = entry


def _seen(entry: RunEntry, event: Event) -> RunEntry:
    if isinstance(event, RunStarted):
        return replace(entry, planned=event.epochs)
    if isinstance(event, StepsDone):
        return replace(entry, speed=event.samples_per_second)
    if not isinstance(event, EpochEnded):
        return entry
    figures = event.metrics
    metric = next((n for n in METRICS if n in figures), next(iter(figures), ""))
    best = entry.best
    if event.best or math.isnan(best):
        best = figures.get(metric, math.nan)
    seconds = entry.seconds + event.seconds
    return replace(entry, epochs=event.epoch, metric=metric, best=best, seconds=seconds)


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
