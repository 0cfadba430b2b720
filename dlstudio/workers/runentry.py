"""What the table of runs shows of one run: from its record, and from its journal."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlstudio.document.events import EpochEnded, Event, RunStarted, StepsDone
from dlstudio.document.project import Project
from dlstudio.workers.runrows import METRICS

if TYPE_CHECKING:
    from dlstudio.engine.runs import Run


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


def entry_of(run: Run, number: int, project: Project) -> RunEntry:
    """A run as its record tells of it."""
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
        can_go_on=has_checkpoint(run),
        name=record.name,
        note=record.note,
        tags=record.tags,
        archived=record.archived,
        classes=tuple(map(str, record.data.get("classes") or ())),
        reason=record.reason,
    )


def has_checkpoint(run: Run) -> bool:
    """Whether there is one to go on from."""
    try:
        return any(run.checkpoints.iterdir())
    except OSError:
        return False


def read_journal(entry: RunEntry, run: Run, offset: int) -> tuple[RunEntry, int]:
    """How far a run without an ending is, which only its journal tells.

    Args:
        offset: Bytes of the journal that `entry` knows already.

    Returns:
        The entry as it is now, and where to read on.
    """
    from dlstudio.engine.journal import read_on
    from dlstudio.engine.runs import EVENTS

    while True:
        events, after = read_on(run.folder / EVENTS, offset)
        for event in events:
            entry = _seen(entry, event)
        if after == offset:
            return entry, offset
        offset = after


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
