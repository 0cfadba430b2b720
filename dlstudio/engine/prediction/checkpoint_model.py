"""The model of an unfinished run: the weights of its newest checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from dlstudio.catalog.store import Catalog
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.trained_model import TrainedModel, trained_of
from dlstudio.engine.preprocessing.adaptation import Restoration
from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.checkpoints import Checkpoints, assign
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def load_checkpoint_model(run: Run, catalog: Catalog) -> tuple[TrainedModel, str]:
    """The run's model at its newest valid checkpoint, and that checkpoint's name.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    expected = str(run.record.data.get("learned", ""))
    learned = read_learned(run.folder, expected) if expected else None
    model = build(run.project(), catalog, before_call=Restoration(learned or {}))
    trained = trained_of(run, catalog, model)
    return trained, load_newest_weights(trained, run)


def load_newest_weights(trained: TrainedModel, run: Run) -> str:
    """Load the newest valid checkpoint into `trained`; returns its name.

    Raises:
        UserError: Like `load_checkpoint_model`.
    """
    found, _damaged = Checkpoints(run.checkpoints).newest()
    if found is None:
        raise UserError(
            _("Run {id} has no usable weights yet.").format(id=run.label),
            _("Wait until its first epoch has ended."),
        )
    variables = trained.model.variables
    assign(variables, found.arrays[: len(variables)])
    _settle(trained.model)
    return found.name


def _settle(model: KerasModel) -> None:
    """Update the copies of statistics that Normalization layers compute with."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            layer.finalize_state()
