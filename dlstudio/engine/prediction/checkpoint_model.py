"""The model of an unfinished run: the weights of its newest checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.saved_model_block import has_saved_models
from dlstudio.document.search_settings import SearchSettings, with_search
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.checkpoint_weights import assign_newest
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.image_classifier import TrainedModel, trained_of
from dlstudio.engine.preprocessing.adaptation import Restoration
from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.learned_features import learned_by
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runs.thresholds import kept_thresholds

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def load_checkpoint_model(run: Run, catalog: Catalog) -> tuple[TrainedModel, str]:
    """The run's model at its newest valid checkpoint, and that checkpoint's name.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    trained = trained_of(run, catalog, built_model(run, run.project(), catalog))
    return trained, load_newest_weights(trained, run)


def load_checkpoint_features(
    run: Run, catalog: Catalog, search: SearchSettings | None = None
) -> tuple[FeatureModel, str]:
    """The same for a model of features.

    Args:
        run: Has a checkpoint.
        catalog: Describes layers and features.
        search: How texts are searched; None as the run's project says.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    project = with_search(run.project(), search)
    model = built_model(run, project, catalog)
    fitted, thresholds = learned_by(run, project), kept_thresholds(run.folder)
    made = FeatureModel(model, project, fitted, catalog, run.id, thresholds)
    return made, load_newest_weights(made, run)


def load_newest_weights(trained: TrainedModel | FeatureModel, run: Run) -> str:
    """Load the newest valid checkpoint into `trained`; returns its name.

    Raises:
        UserError: Like `load_checkpoint_model`.
    """
    return assign_newest(trained.model, run)


def built_model(run: Run, project: Project, catalog: Catalog) -> KerasModel:
    """The run's model with what its layers have learned, without weights.

    Args:
        run: Its record says what layers have learned.
        project: The run's.
        catalog: Describes the layers.
    """
    expected = str(run.record.data.get("learned", ""))
    learned = read_learned(run.folder, expected) if expected else None
    # A checkpoint has the weights of all blocks but of those that call a SavedModel.
    folder = run.project_folder if has_saved_models(project.graphs) else None
    restoration = Restoration(learned or {})
    with project_code(project, run.project_folder):
        return build(project, catalog, folder=folder, before_call=restoration)
