"""The training history, epoch by epoch, from the run's record and journal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.project import Project
from dlstudio.engine.runs.store import EVENTS, Run
from dlstudio.engine.runs.summary import summarize
from dlstudio.errors import UserError

EPOCH_LINE = b'{"event": "EpochEnded"'
"""Journals of long runs are mostly steps: other lines are not parsed."""


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    """The history of a training.

    Attributes:
        project: The project as it was trained.
        reason: Why it ended: "epochs", "early_stopping", "diverged", ...
        epochs: The metrics of each epoch, in order.
        best: The epoch whose weights were kept as the best, from 1; 0 for none.
        splits: Number of samples by split.
        can_resume: There is a checkpoint to resume from.
    """

    project: Project
    reason: str = ""
    epochs: tuple[Mapping[str, float], ...] = ()
    best: int = 0
    splits: Mapping[str, int] | None = None
    can_resume: bool = False

    def curve(self, metric: str) -> list[float]:
        """A metric by epoch; empty if it is missing for any epoch."""
        found = [each.get(metric, math.nan) for each in self.epochs]
        return found if found and all(map(math.isfinite, found)) else []

    @property
    def steps(self) -> int:
        """Number of training steps."""
        training = (self.splits or {}).get("train", 0)
        batch = max(self.project.plan.batch_size, 1)
        return len(self.epochs) * math.ceil(training / batch)


def history_of(run: Run) -> TrainingHistory:
    """The training history of a run.

    Raises:
        UserError: The record's snapshot of the project is damaged.
    """
    record = run.record
    best = record.best.get("epoch", 0)
    return TrainingHistory(
        project=run.project(),
        reason=record.reason,
        epochs=tuple(read_epochs(run.folder / EVENTS)),
        best=best if isinstance(best, int) else 0,
        splits=_splits(record.data.get("splits")),
        can_resume=has_checkpoint(run),
    )


def read_epochs(path: Path) -> Sequence[Mapping[str, float]]:
    """The metrics of the epochs in a journal; the last value of a repeated epoch."""
    try:
        epochs = summarize(path).epochs
    except UserError:
        return ()
    return [epochs[number].metrics for number in sorted(epochs)]


def _splits(value: object) -> dict[str, int]:
    items = value.items() if isinstance(value, Mapping) else ()
    return {str(k): v for k, v in items if isinstance(v, int)}


def has_checkpoint(run: Run) -> bool:
    """Whether there is a checkpoint to resume from."""
    try:
        return any(run.checkpoints.iterdir())
    except OSError:
        return False
