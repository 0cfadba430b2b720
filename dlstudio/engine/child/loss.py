"""Writes down the end of a run whose process could not do it itself."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from dlstudio import paths
from dlstudio.document.events import (
    EpochEnded,
    RunEnded,
    StepsDone,
    event_to_json,
)
from dlstudio.document.values import FrozenMap
from dlstudio.engine.checkpoints import Checkpoints
from dlstudio.engine.child.death import Death
from dlstudio.engine.journal import Journal
from dlstudio.engine.runs import DETAILS, EVENTS, Run
from dlstudio.errors import UserError
from dlstudio.i18n import _


def note_loss(run: Run, death: Death, said: str) -> RunEnded:
    """The run has failed: into its record and its journal, as far as they can be
    written, and as the event to tell.

    Args:
        said: What the process complained of last; kept in a file of the run.
    """
    hint = _hint(run, bool(said.strip()))
    figures = _figures(run)
    ended = RunEnded(
        time.time(),
        run.id,
        "failed",
        FrozenMap(figures["metrics"]),
        death.message,
        hint,
        death.reason,
    )
    # A full disk, or somebody who goes on with it already: the ending is told anyway.
    with suppress(UserError), run.held():
        if said.strip():
            paths.write_text(run.folder / DETAILS, said)
        journal = Journal(run.folder / EVENTS)
        try:
            journal.write(event_to_json(ended))
        finally:
            journal.close()
        run.set_outcome(
            "failed",
            reason=death.reason,
            message=f"{death.message} {hint}".strip(),
            **figures,
        )
    return ended


def _hint(run: Run, details: bool) -> str:
    names = Checkpoints(run.checkpoints).names()
    if names:
        hint = _("Its last checkpoint was kept: go on from there.")
    else:
        hint = _("There was no checkpoint yet: start it again.")
    if details:
        hint += " " + _("The details are in error.txt in the folder of the run.")
    return hint


def _figures(run: Run) -> dict[str, Any]:
    """What the journal tells; of an epoch that was trained twice, the last time."""
    epochs: dict[int, EpochEnded] = {}
    for event in run.events():
        if isinstance(event, EpochEnded):
            epochs[event.epoch] = event
        elif isinstance(event, StepsDone):  # it went on from an earlier checkpoint
            epochs = {n: each for n, each in epochs.items() if n < event.epoch}
    ended = [epochs[number] for number in sorted(epochs)]
    best = [each for each in ended if each.best]
    return {
        "epochs": ended[-1].epoch if ended else 0,
        "metrics": dict(ended[-1].metrics) if ended else {},
        "best": {"epoch": best[-1].epoch, "metrics": dict(best[-1].metrics)}
        if best
        else {},
        "seconds": sum(each.seconds for each in ended),
    }
