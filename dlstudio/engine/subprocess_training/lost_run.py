"""Records the end of a run whose process died without doing so."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict
from typing import TypedDict

from dlstudio import paths
from dlstudio.document.events import (
    RunEnded,
    StepsDone,
    event_to_json,
)
from dlstudio.document.plan_metrics import LOSS
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.journal import Journal
from dlstudio.engine.runs.store import DETAILS, EVENTS, Run
from dlstudio.engine.runs.summary import RunSummary
from dlstudio.engine.subprocess_training.process_exit import ProcessExit
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject


def record_loss(run: Run, exit_: ProcessExit, stderr_text: str) -> RunEnded:
    """End a run whose process died, and return its `RunEnded` event.

    Its record and its journal are updated too, as far as they can be written.

    Args:
        run: The run; no longer locked.
        exit_: How the process ended.
        stderr_text: The last lines of its standard error; saved in a file of the run.
    """
    hint = _hint(run, bool(stderr_text.strip()))
    results = _last_results(run)
    ended = RunEnded(
        time.time(),
        run.id,
        "failed",
        FrozenMap(results["metrics"]),
        exit_.message,
        hint,
        exit_.reason,
    )
    # The disk is full, or the run is already being resumed: report the end anyway.
    with suppress(UserError), run.held():
        if stderr_text.strip():
            place = run.folder / DETAILS
            paths.write_text(place, stderr_text, below=run.project_folder)
        journal = Journal(run.folder / EVENTS)
        try:
            journal.write(event_to_json(ended))
        finally:
            journal.close()
        run.set_outcome(
            "failed",
            reason=exit_.reason,
            message=f"{exit_.message} {hint}".strip(),
            **results,
        )
    return ended


def _hint(run: Run, details: bool) -> str:
    names = Checkpoints(run.checkpoints).names()
    if names:
        hint = _("Its last checkpoint is saved: resume from there.")
    else:
        hint = _("There is no checkpoint yet: start the run again.")
    if details:
        hint += " " + _("See error.txt in the run folder for details.")
    return hint


class _Results(TypedDict):
    epochs: int
    metrics: dict[str, float]
    best: JsonObject
    seconds: float
    elapsed: float
    best_values: JsonObject


def _last_results(run: Run) -> _Results:
    """The last results in the journal; of an epoch trained twice, the later one."""
    summary = RunSummary()
    for event in run.events():
        summary.add(event)
        if isinstance(event, StepsDone):  # resumed from an earlier checkpoint
            summary.forget_after(event.epoch - 1)
    ended = [summary.epochs[number] for number in sorted(summary.epochs)]
    best = [each for each in ended if each.best]
    values = summary.best_values(run.record.smaller_is_better or (LOSS,))
    return {
        "epochs": ended[-1].epoch if ended else 0,
        "metrics": dict(ended[-1].metrics) if ended else {},
        "best": {"epoch": best[-1].epoch, "metrics": dict(best[-1].metrics)}
        if best
        else {},
        "seconds": sum(each.seconds for each in ended),
        "elapsed": summary.elapsed,
        "best_values": {name: asdict(each) for name, each in values.items()},
    }
