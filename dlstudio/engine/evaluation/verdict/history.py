"""How a training went, epoch by epoch, from its record and its journal."""

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
    """The course of a training.

    Attributes:
        project: As it was trained.
        reason: Why it ended: "epochs", "early_stopping", "diverged", ...
        epochs: The figures of each epoch, in order.
        best: The epoch whose weights were kept as the best, from 1; 0 for none.
        splits: Number of samples by part.
        can_resume: There is a checkpoint to go on from.
    """

    project: Project
    reason: str = ""
    epochs: tuple[Mapping[str, float], ...] = ()
    best: int = 0
    splits: Mapping[str, int] | None = None
    can_resume: bool = False

    def curve(self, metric: str) -> list[float]:
        """A figure by epoch; empty where it was not measured throughout."""
        found = [each.get(metric, math.nan) for each in self.epochs]
        return found if found and all(map(math.isfinite, found)) else []

    @property
    def steps(self) -> int:
        """Steps that were trained."""
        training = (self.splits or {}).get("train", 0)
        batch = max(self.project.plan.batch_size, 1)
        return len(self.epochs) * math.ceil(training / batch)


def history_of(run: Run) -> TrainingHistory:
    """The course of a run.

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
    """The figures of the epochs in a journal; of one done twice, the last."""
    try:
        epochs = summarize(path).epochs
    except UserError:
        return ()
    return [epochs[number].metrics for number in sorted(epochs)]


def _splits(value: object) -> dict[str, int]:
    items = value.items() if isinstance(value, Mapping) else ()
    return {str(k): v for k, v in items if isinstance(v, int)}


def has_checkpoint(run: Run) -> bool:
    """Whether there is one to go on from."""
    try:
        return any(run.checkpoints.iterdir())
    except OSError:
        return False
