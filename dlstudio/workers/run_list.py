"""The runs of a project for lists, read in a job without Keras."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.runs.metrics import RunMetrics, RunMetricsReader
    from dlstudio.engine.runs.numbering import RunPlace
    from dlstudio.engine.runs.store import Run

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list.

    Attributes:
        number: Number of the run.
        outcome: One of the engine's: "succeeded", "failed", "cancelled", ...
        metric, value: The metric that the project's runs are compared by, and its value
            for the saved model, such as ("val_loss", 0.12).
        has_model: Whether there is a finished model.
        checkpoint_epoch: Epochs at the newest checkpoint of an unfinished run; None if
            there is none.
        name: The user's name for it.
        of_images: Whether `takes_one_image` holds of its project.
        head: Kind of its first output's head; "" where that is not known.
        method: Kind of its training method; "" where that is not known.
    """

    id: str
    created: float
    outcome: str
    metric: str = ""
    value: float = math.nan
    epochs: int = 0
    seconds: float = 0.0
    parameters: int = 0
    has_model: bool = False
    checkpoint_epoch: int | None = None
    number: int = 0
    name: str = ""
    of_images: bool = True
    head: str = ""
    method: str = ""

    @property
    def has_weights(self) -> bool:
        """Whether there are weights, final ones or in a checkpoint."""
        return self.has_model or self.checkpoint_epoch is not None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A cached row.

    Attributes:
        stamp: Modification times of the files it was read from.
    """

    stamp: tuple[int, ...]
    row: RunRow
    place: RunPlace
    figures: RunMetrics
    metrics: dict[str, float]


KnownRows = dict[Path, ReadRow]
"""Cached rows by the run's folder."""


def list_runs(
    context: JobContext, folder: Path, known: KnownRows
) -> tuple[RunRow, ...]:
    """All runs of a project, newest first; needs no TensorFlow.

    Args:
        known: Cached rows of unchanged runs; updated here, so only one job at a time
            may use it.
    """
    from dlstudio.engine.runs.metrics import RunMetricsReader, metric_of
    from dlstudio.engine.runs.numbering import number_runs
    from dlstudio.engine.runs.store import run_folders

    reader = RunMetricsReader()
    found = [_row(each, known, reader) for each in run_folders(folder)]
    rows = {each.row.id: each for each in found if each is not None}
    metric = metric_of(folder, [each.figures for each in rows.values()])
    numbers = number_runs([each.place for each in rows.values()], time.time())
    return tuple(
        replace(
            rows[id].row,
            number=number,
            metric=metric,
            value=rows[id].metrics.get(metric, math.nan),
        )
        for id, number in reversed(numbers.items())
    )


def _row(folder: Path, known: KnownRows, reader: RunMetricsReader) -> ReadRow | None:
    """None for a run whose record cannot be read."""
    from dlstudio.engine.runs.store import CHECKPOINTS, MODEL, RECORD, Run
    from dlstudio.errors import UserError

    stamp = tuple(_time(folder / name) for name in (RECORD, MODEL, CHECKPOINTS))
    before = known.get(folder)
    # Only the lock shows whether a run is still training.
    if before and before.stamp == stamp and before.row.outcome != RUNNING:
        return before
    try:
        made = _read(Run.read(folder), stamp, reader)
    except UserError:
        return None
    known[folder] = made
    return made


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read(run: Run, stamp: tuple[int, ...], reader: RunMetricsReader) -> ReadRow:
    from dlstudio.engine.runs.store import place_of

    record, outcome = run.record, run.outcome
    # The events of a running one are many and growing.
    figures = reader.of_record(run) if outcome == RUNNING else reader.read(run)
    has_model = run.model_path is not None
    row = RunRow(
        run.id,
        record.created,
        outcome,
        epochs=record.epochs,
        seconds=figures.elapsed,
        parameters=record.parameters,
        has_model=has_model,
        checkpoint_epoch=None if has_model else checkpoint_epoch_of(run),
        name=record.name,
        **_task_of(run),
    )
    return ReadRow(stamp, row, place_of(run), figures, dict(record.metrics))


def _task_of(run: Run) -> _Task:
    from dlstudio.document.project import takes_one_image
    from dlstudio.errors import UserError

    try:
        project = run.project()
    except UserError:
        return {}  # whoever loads its model says what is wrong
    return {
        "of_images": takes_one_image(project),
        "head": project.head,
        "method": project.plan.method.kind,
    }


class _Task(TypedDict, total=False):
    """What a run's model is for."""

    of_images: bool
    head: str
    method: str


def checkpoint_epoch_of(run: Run) -> int | None:
    """Epochs at a run's newest checkpoint; None if there is none."""
    from dlstudio.engine.runs.checkpoints import Checkpoints

    names = Checkpoints(run.checkpoints).names()
    _epoch, _dash, rest = names[-1].partition("-") if names else ("", "", "")
    number = rest.partition("-")[0]
    return int(number) if number.isdigit() else None
