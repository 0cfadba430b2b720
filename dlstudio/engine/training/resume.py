"""Going on: the newest good checkpoint put into a model that is freshly built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.engine.runs.checkpoints import Checkpoint, Checkpoints, assign
from dlstudio.engine.runs.store import Run
from dlstudio.engine.training.control import EPOCHS, interventions
from dlstudio.engine.training.setup import PreparedTraining
from dlstudio.engine.training.state import LoopState


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """From where a sitting goes on.

    Attributes:
        checkpoint: Its name; empty for a beginning.
        resumed: The run had begun before, even if no checkpoint was left.
        damaged: Checkpoints that were passed over.
        epochs: Train up to this many instead; None for no change.
    """

    checkpoint: str = ""
    resumed: bool = False
    damaged: tuple[str, ...] = ()
    epochs: int | None = None


def resume_run(folder: Path, made: PreparedTraining) -> ResumePoint:
    """Put the newest good checkpoint of `folder` into `made`, state and all.

    Raises:
        UserError: It does not belong to this model.
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
    """Where a resumed run starts if it is to have `epochs` in all.

    The new number is recorded as an intervention, so that `reproduce` applies it at the
    same place.

    Args:
        start: The checkpoint that is resumed from.
        made: Model, optimizer and the loop's state, as that checkpoint left them.
        run: Its journal and its plan.
        epochs: In all; None keeps what was planned.
    """
    state, planned = made.state, run.project().plan.epochs
    if epochs is None:
        # It was to go on longer, but died before it could say so.
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
    kept = LoopState.from_json(checkpoint.state, made.state)
    for name in kept.__dataclass_fields__:
        setattr(made.state, name, getattr(kept, name))
    made.components.steering.restore(made.state)
