"""Going on: the newest good checkpoint put into a model that is freshly built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.engine.checkpoints import Checkpoint, Checkpoints, assign
from dlstudio.engine.training.setup import Assembled
from dlstudio.engine.training.state import LoopState


@dataclass(frozen=True, slots=True)
class Start:
    """From where a sitting goes on.

    Attributes:
        checkpoint: Its name; empty for a beginning.
        resumed: The run had begun before, even if no checkpoint was left.
        damaged: Checkpoints that were passed over.
    """

    checkpoint: str = ""
    resumed: bool = False
    damaged: tuple[str, ...] = ()


def take_up(folder: Path, made: Assembled) -> Start:
    """Put the newest good checkpoint of `folder` into `made`, state and all.

    Raises:
        UserError: It does not belong to this model.
    """
    checkpoints = Checkpoints(folder)
    found, damaged = checkpoints.newest()
    if found is not None:
        _put(found, made)
    checkpoints.remove_after(found.name if found else "")
    return Start(found.name if found else "", True, tuple(damaged))


def _put(checkpoint: Checkpoint, made: Assembled) -> None:
    assign(made.variables, checkpoint.arrays)
    kept = LoopState.from_json(checkpoint.state)
    for name in kept.__dataclass_fields__:
        setattr(made.state, name, getattr(kept, name))
    plan = made.parts.plan
    if made.state.ended == "epochs" and made.state.epoch < plan.epochs:
        made.state.ended = ""
