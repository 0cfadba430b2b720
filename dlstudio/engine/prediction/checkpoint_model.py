"""The model of an unfinished run: the weights of its newest checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.trained_model import TrainedModel, trained_of
from dlstudio.engine.preprocessing.adaptation import Restoration
from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.checkpoints import Checkpoints, assign
from dlstudio.engine.runs.learned_features import learned_by
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
    trained = trained_of(run, catalog, _built(run, run.project(), catalog))
    return trained, load_newest_weights(trained, run)


def load_checkpoint_features(run: Run, catalog: Catalog) -> tuple[FeatureModel, str]:
    """The same for a model of features.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    project = run.project()
    model = _built(run, project, catalog)
    made = FeatureModel(model, project, learned_by(run, project), catalog, run.id)
    return made, load_newest_weights(made, run)


def load_newest_weights(trained: TrainedModel | FeatureModel, run: Run) -> str:
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


def _built(run: Run, project: Project, catalog: Catalog) -> KerasModel:
    """The run's model with what its layers have learned, without weights."""
    expected = str(run.record.data.get("learned", ""))
    learned = read_learned(run.folder, expected) if expected else None
    return build(project, catalog, before_call=Restoration(learned or {}))


def _settle(model: KerasModel) -> None:
    """Update the copies of statistics that Normalization layers compute with."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            layer.finalize_state()
