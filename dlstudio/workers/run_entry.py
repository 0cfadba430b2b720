"""What the table of runs shows of one run: from its record, and from its journal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dlstudio.document.events import Event, RunStarted, StepsDone
from dlstudio.document.project import Project
from dlstudio.document.run_metrics import BestValue
from dlstudio.document.values import FrozenMap

if TYPE_CHECKING:
    from dlstudio.engine.runs.metrics import RunMetrics
    from dlstudio.engine.runs.store import Run
    from dlstudio.engine.runs.summary import RunSummary


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run, as the table shows it.

    Attributes:
        number: What people call it.
        change: What differs from the run before, in words.
        best: The best value of each metric.
        falling: Names, without "val_", of the metrics that should fall.
        seconds: Spent in training steps.
        elapsed: From the first event to the last.
        planned: Epochs that were to be trained.
        speed: Samples trained in a second, on average; 0 while unknown.
        has_model: There is a finished model.
        can_resume: There is a checkpoint to go on from.
    """

    id: str
    number: int
    created: float
    outcome: str
    change: str = ""
    best: FrozenMap[str, BestValue] = field(default_factory=FrozenMap)
    falling: frozenset[str] = frozenset()
    epochs: int = 0
    planned: int = 0
    seconds: float = 0.0
    elapsed: float = 0.0
    parameters: int = 0
    speed: float = 0.0
    has_model: bool = False
    can_resume: bool = False
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    classes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def was_interrupted(self) -> bool:
        """Its process ended without ending it."""
        from dlstudio.engine.subprocess_training.process_exit import LOST

        lost = self.outcome == "failed" and self.reason in LOST
        return lost or self.outcome == "interrupted"


def entry_of(run: Run, project: Project, figures: RunMetrics) -> RunEntry:
    """A run as its record describes it, without its place among the others.

    Args:
        run: Its record and folder.
        project: The run's.
        figures: Its best metrics, from its journal.
    """
    record = run.record
    splits = record.data.get("splits") or {}
    samples = float(splits.get("train", 0) or 0) * record.epochs
    return RunEntry(
        run.id,
        run.number,
        record.created,
        run.outcome,
        best=figures.best,
        falling=figures.falling,
        epochs=record.epochs,
        planned=project.plan.epochs,
        seconds=record.seconds,
        elapsed=figures.elapsed,
        parameters=record.parameters,
        speed=samples / record.seconds if record.seconds else 0.0,
        has_model=run.model_path is not None,
        can_resume=has_checkpoint(run),
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


@dataclass
class FollowedRun:
    """How far a run without an ending is, which only its events tell.

    Attributes:
        offset: How many bytes of its events were read.
    """

    summary: RunSummary
    offset: int = 0
    planned: int = 0
    speed: float = 0.0

    def read_on(self, entry: RunEntry, run: Run) -> RunEntry:
        """Take in what is new; the entry as it is now."""
        from dlstudio.engine.runs.journal import read_on
        from dlstudio.engine.runs.store import EVENTS

        while True:
            events, after = read_on(run.folder / EVENTS, self.offset)
            for event in events:
                self._see(event)
            if after == self.offset:
                return self._entry(entry)
            self.offset = after

    def _see(self, event: Event) -> None:
        self.summary.add(event)
        if isinstance(event, RunStarted):
            self.planned = event.epochs
        elif isinstance(event, StepsDone):
            self.speed = event.samples_per_second

    def _entry(self, entry: RunEntry) -> RunEntry:
        epochs = self.summary.epochs
        if not epochs and not self.planned:
            return entry
        return replace(
            entry,
            epochs=max(epochs, default=0),
            planned=self.planned or entry.planned,
            best=FrozenMap(self.summary.best_values(entry.falling)),
            seconds=sum(each.seconds for each in epochs.values()),
            elapsed=self.summary.elapsed,
            speed=self.speed or entry.speed,
        )
