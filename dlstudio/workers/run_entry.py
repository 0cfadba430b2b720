"""One run of the runs table, from its record and its journal."""

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
    """One run in the table.

    Attributes:
        number: Number of the run.
        change: Description of the changes since the previous run.
        best: Best value of each metric.
        falling: Names, without "val_", of the metrics to minimize.
        seconds: Seconds spent in training steps.
        elapsed: Seconds from the first event to the last.
        planned: Planned number of epochs.
        speed: Mean training samples per second; 0 if unknown.
        has_model: Whether there is a finished model.
        can_resume: Whether there is a checkpoint to resume from.
        reason, message: Why it ended: a stable identifier, and what the user reads.
        heads: What each output predicts and the kind of its head, when the run began.
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
    message: str = ""
    heads: tuple[tuple[str, str], ...] = ()

    @property
    def was_interrupted(self) -> bool:
        """Whether its process died without ending it."""
        from dlstudio.engine.subprocess_training.process_exit import LOST

        lost = self.outcome == "failed" and self.reason in LOST
        return lost or self.outcome == "interrupted"


def entry_of(run: Run, project: Project, figures: RunMetrics) -> RunEntry:
    """A run from its record, without its position among the others.

    Args:
        run: The run with its record and folder.
        project: The run's project.
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
        message=record.message,
        heads=project.heads,
    )


def has_checkpoint(run: Run) -> bool:
    """Whether there is a checkpoint to resume from."""
    try:
        return any(run.checkpoints.iterdir())
    except OSError:
        return False


@dataclass
class FollowedRun:
    """Progress of an unfinished run, from its events.

    Attributes:
        offset: Number of bytes of its events already read.
    """

    summary: RunSummary
    offset: int = 0
    planned: int = 0
    speed: float = 0.0

    def read_on(self, entry: RunEntry, run: Run) -> RunEntry:
        """Read new events; returns the updated entry."""
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
