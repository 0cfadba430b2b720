"""The model of a run that has not ended: the weights of its newest checkpoint."""

from __future__ import annotations

from typing import Any

import keras

from dlstudio.catalog.store import Catalog
from dlstudio.engine.build import build
from dlstudio.engine.checkpoints import Checkpoints, assign
from dlstudio.engine.runs import Run
from dlstudio.engine.trained import Trained, trained_of
from dlstudio.errors import UserError
from dlstudio.i18n import _


def load_midway(run: Run, catalog: Catalog) -> tuple[Trained, str]:
    """The run's model as it was at its newest good checkpoint, and that one's name.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    trained = trained_of(run, catalog, build(run.project(), catalog))
    return trained, take_newest(trained, run)


def take_newest(trained: Trained, run: Run) -> str:
    """Put the weights of the newest good checkpoint into `trained`; its name.

    Raises:
        UserError: As `load_midway`.
    """
    found, _damaged = Checkpoints(run.checkpoints).newest()
    if found is None:
        raise UserError(
            _("The run {id} has no weights that can be asked yet.").format(
                id=run.label
            ),
            _("Wait for the end of its first epoch."),
        )
    variables = trained.model.variables
    assign(variables, found.arrays[: len(variables)])
    _settle(trained.model)
    return found.name


def _settle(model: Any) -> None:
    """Normalization layers compute with a copy of their statistics."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            layer.finalize_state()
