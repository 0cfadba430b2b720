"""The newest weights of a run that continues, in a model that was built before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from dlstudio.engine.runs.checkpoints import Checkpoints, assign
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def assign_newest(model: KerasModel, run: Run) -> str:
    """Give a model the weights of the newest valid checkpoint; returns its name.

    Args:
        model: Built from the project of the run.
        run: Of which at least one epoch has ended.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    found, _damaged = Checkpoints(run.checkpoints).newest()
    if found is None:
        raise UserError(
            _("Run {id} has no usable weights yet.").format(id=run.label),
            _("Wait until its first epoch has ended."),
        )
    variables = model.variables
    assign(variables, found.arrays[: len(variables)])
    _settle(model)
    return found.name


def _settle(model: KerasModel) -> None:
    """Update the copies of statistics that Normalization layers compute with."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            layer.finalize_state()
