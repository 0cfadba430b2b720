"""Resumes a run: loads the newest valid checkpoint into a freshly built model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.engine.runs.checkpoints import Checkpoint, Checkpoints, assign
from dlstudio.engine.runs.store import Run
from dlstudio.engine.training.checkpoint_writer import STATES
from dlstudio.engine.training.control import EPOCHS, interventions
from dlstudio.engine.training.setup import PreparedTraining
from dlstudio.engine.training.state import LoopState


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The point a session starts from.

    Attributes:
        checkpoint: Name of the checkpoint; empty for a new start.
        resumed: Whether the run had started before, even without a checkpoint.
        damaged: Damaged checkpoints that were skipped.
        epochs: New total number of epochs; None for no change.
    """

    checkpoint: str = ""
    resumed: bool = False
    damaged: tuple[str, ...] = ()
    epochs: int | None = None


def resume_run(folder: Path, made: PreparedTraining) -> ResumePoint:
    """Load the newest valid checkpoint of `folder` into `made`, including state.

    Raises:
        UserError: It does not match this model.
    """
    checkpoints = Checkpoints(folder)
    found, damaged = checkpoints.newest()
    if found is not None:
        _put(found, made)
    checkpoints.remove_after(found.name if found else "")
    return ResumePoint(found.name if found else "", True, tuple(damaged))


def longer(
    start: ResumePoint, made: PreparedTraining, run: Run, epochs: int | None
) -> ResumePoint:
    """The starting point of a resumed run with a new total of `epochs`.

    The new number is recorded as an intervention, so that `reproduce` applies it at the
    same place.

    Args:
        start: The checkpoint to resume from.
        made: Model, optimizer and the loop's state from that checkpoint.
        run: The run, with journal and plan.
        epochs: Total number of epochs; None keeps the plan's.
    """
    state, planned = made.state, run.project().plan.epochs
    if epochs is None:
        # It was extended, but died before recording that.
        if state.ended != "epochs" or state.epoch >= planned or _was_reported(run):
            return start
        return replace(start, epochs=planned)
    if epochs == (state.epochs or planned) and not state.ended:
        return start
    return replace(start, epochs=epochs)


def _was_reported(run: Run) -> bool:
    return any(event.what == EPOCHS for event in interventions(run.events()))


def _put(checkpoint: Checkpoint, made: PreparedTraining) -> None:
    assign(made.variables, checkpoint.arrays)
    item = dict(checkpoint.state)
    for name, state in item.pop(STATES, {}).items():
        made.method.states[name].restore(state)
    kept = LoopState.from_json(item, made.state)
    for name in kept.__dataclass_fields__:
        setattr(made.state, name, getattr(kept, name))
    made.components.steering.restore(made.state)
