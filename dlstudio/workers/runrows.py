"""The runs of a project as lists show them; read beside the window, without Keras."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.workers.jobs import Ask

if TYPE_CHECKING:
    from dlstudio.engine.runs import Run

METRICS = ("val_accuracy", "accuracy", "val_loss", "loss")
RUNNING = "running"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, as lists show it.

    Attributes:
        outcome: One of the engine's: "succeeded", "failed", "cancelled", ...
        metric, best: The best validation result, such as ("val_accuracy", 0.98).
        has_model: There is a finished model.
        midway: Epochs at the newest checkpoint of a run without a finished model;
            None where there is none.
    """

    id: str
    created: float
    outcome: str
    metric: str = ""
    best: float = math.nan
    epochs: int = 0
    seconds: float = 0.0
    parameters: int = 0
    has_model: bool = False
    midway: int | None = None

    @property
    def can_be_asked(self) -> bool:
        """There are weights, of the end or of a checkpoint."""
        return self.has_model or self.midway is not None


Known = dict[Path, tuple[tuple[int, ...], RunRow]]
"""Rows by the run's folder, with the times of the files they were read from."""


def list_runs(ask: Ask, folder: Path, known: Known) -> tuple[RunRow, ...]:
    """All runs of a project, the newest first; needs no TensorFlow.

    Args:
        known: What was read before, for runs that have not changed since; changed
            here, so only one job at a time may use it.
    """
    place = folder / "runs"
    if not place.is_dir():
        return ()
    found = (path for path in place.iterdir() if not path.name.startswith("."))
    rows = (_row(each, known) for each in sorted(found, reverse=True) if each.is_dir())
    return tuple(row for row in rows if row is not None)


def _row(folder: Path, known: Known) -> RunRow | None:
    """None for a run whose record cannot be read."""
    from dlstudio.engine.runs import CHECKPOINTS, MODEL, RECORD, Run
    from dlstudio.errors import UserError

    stamp = tuple(_time(folder / name) for name in (RECORD, MODEL, CHECKPOINTS))
    before = known.get(folder)
    # Whether a run goes on is known from its lock alone.
    if before and before[0] == stamp and before[1].outcome != RUNNING:
        return before[1]
    try:
        row = _read(Run.read(folder))
    except UserError:
        return None
    known[folder] = (stamp, row)
    return row


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read(run: Run) -> RunRow:
    record = run.record
    figures = dict(record.best.get("metrics") or record.metrics)
    metric = next((n for n in METRICS if n in figures), next(iter(figures), ""))
    value = figures.get(metric)
    has_model = run.model_path is not None
    return RunRow(
        run.id,
        record.created,
        run.outcome,
        metric,
        math.nan if value is None else float(value),
        record.epochs,
        record.seconds,
        record.parameters,
        has_model,
        None if has_model else midway_of(run),
    )


def midway_of(run: Run) -> int | None:
    """Epochs at a run's newest checkpoint; None where there is none."""
    from dlstudio.engine.checkpoints import Checkpoints

    names = Checkpoints(run.checkpoints).names()
    _epoch, _dash, rest = names[-1].partition("-") if names else ("", "", "")
    number = rest.partition("-")[0]
    return int(number) if number.isdigit() else None
