"""The models and the data that jobs about trained models use again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import is_image_model, reconstructs_images
from dlstudio.document.search_settings import SearchSettings
from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.progress import Progress

if TYPE_CHECKING:
    from dlstudio.data.prepared import Prepared
    from dlstudio.engine.evaluation.run_evaluation import EvaluatedModel
    from dlstudio.engine.prediction.feature_model import FeatureModel
    from dlstudio.engine.prediction.image_classifier import TrainedModel
    from dlstudio.engine.prediction.image_model import ImageModel
    from dlstudio.engine.prediction.text_explainer import TextExplainer
    from dlstudio.engine.runs.store import Run


Thresholds = tuple[tuple[tuple[str, float], ...], float]
ModelKey = tuple[Path, int, str, Thresholds]


@dataclass(frozen=True, slots=True)
class RunReference:
    """A reference to a run of a project.

    Attributes:
        folder: The project's folder.
        run: Id of the run.
        search: How its texts are searched; None as the run's project says.
    """

    catalog: Catalog
    folder: Path
    run: str
    search: SearchSettings | None = None


class ModelCache(QObject):
    """Caches the last used model and its data; for a single thread."""

    def __init__(self) -> None:
        super().__init__()
        self._key: tuple[Path, int, Thresholds] | None = None
        self._trained: TrainedModel | None = None
        self._checkpoint = ""
        self._features_key: tuple[ModelKey, SearchSettings | None] | None = None
        self._features: FeatureModel | None = None
        self._explainer: TextExplainer | None = None
        self._images_key: ModelKey | None = None
        self._images: ImageModel | None = None
        self._data_key: tuple[Path, str] | None = None
        self._prepared: Prepared | None = None

    def trained(self, run: Run, catalog: Catalog) -> TrainedModel:
        """The model of a run, warmed up; reloads the weights if they changed.

        Raises:
            UserError: There is no model yet, or it is damaged.
        """
        path = run.model_path
        key = (run.folder, path.stat().st_mtime_ns if path else 0, _thresholds(run))
        if self._trained is not None and key == self._key:
            if path is None and self._checkpoint != _newest(run):
                from dlstudio.engine.prediction.checkpoint_model import (
                    load_newest_weights,
                )

                self._checkpoint = load_newest_weights(self._trained, run)
            return self._trained
        self._trained, self._key = None, None
        made, self._checkpoint = _load(run, catalog)
        self._trained, self._key = made, key
        return made

    def features(
        self, run: Run, catalog: Catalog, search: SearchSettings | None = None
    ) -> FeatureModel:
        """The same for a model of features; loaded again if its weights changed.

        Args:
            run: The run.
            catalog: Describes layers and features.
            search: How its texts are searched; None as the run's project says.

        Raises:
            UserError: There is no model yet, or it is damaged.
        """
        from dlstudio.engine.prediction.checkpoint_model import load_checkpoint_features
        from dlstudio.engine.prediction.feature_model import load_feature_model

        newest = "" if run.model_path else _newest(run)
        key = _key_of(run, newest), search
        if self._features is None or key != self._features_key:
            self._features, self._features_key = None, None
            if newest:
                self._features, _name = load_checkpoint_features(run, catalog, search)
            else:
                self._features = load_feature_model(run, catalog, search)
            self._features_key = key
        return self._features

    def explainer(
        self, run: Run, catalog: Catalog, search: SearchSettings | None = None
    ) -> TextExplainer:
        """What explains the predictions of a run's model of texts.

        Args:
            run, catalog, search: As for `features`.

        Raises:
            UserError: There is no model yet, or its predictions cannot be explained.
        """
        from dlstudio.engine.prediction.text_explainer import TextExplainer

        model = self.features(run, catalog, search)
        if self._explainer is None or self._explainer.model is not model:
            self._explainer = None
            self._explainer = TextExplainer(model)
        return self._explainer

    def image_model(self, run: Run, catalog: Catalog) -> ImageModel:
        """The same for a model that reconstructs its input.

        Raises:
            UserError: There is no model yet, or it is damaged.
        """
        from dlstudio.engine.prediction.image_model import (
            load_image_checkpoint,
            load_image_model,
        )

        newest = "" if run.model_path else _newest(run)
        key = _key_of(run, newest)
        if self._images is None or key != self._images_key:
            self._images, self._images_key = None, None
            if newest:
                self._images, _name = load_image_checkpoint(run, catalog)
            else:
                self._images = load_image_model(run, catalog)
            self._images_key = key
        return self._images

    def evaluated(self, run: Run, catalog: Catalog) -> EvaluatedModel:
        """The model of a run as it is evaluated.

        Raises:
            UserError: There is no model yet, or it is damaged.
        """
        if reconstructs_images(run.project()):
            return self.image_model(run, catalog)
        if is_image_model(run.project()):
            return self.trained(run, catalog)
        return self.features(run, catalog)

    def prepared(
        self, run: Run, question: RunReference, context: ReportingContext[Progress]
    ) -> Prepared:
        """The data of a run; cached if it was the last one.

        Args:
            run: Its record has the fingerprint of the data.
            question: The run, the project's folder and the catalog.
            context: The job's; gets `Progress` in samples.

        Raises:
            UserError: It is missing or cannot be read.
        """
        from dlstudio.engine.project.run_data import prepare_run
        from dlstudio.engine.runtime.stop_token import StopToken

        key = (run.folder, str(run.record.data.get("fingerprint", "")))
        if self._prepared is None or key != self._data_key:
            self._prepared = prepare_run(
                run,
                question.folder,
                question.catalog,
                lambda done, total: context.report(Progress(done, total)),
                StopToken(context.cancel_event),
            )
            self._data_key = key
        return self._prepared


def _load(run: Run, catalog: Catalog) -> tuple[TrainedModel, str]:
    """A run's finished model, or its newest checkpoint with its name."""
    from dlstudio.engine.prediction.checkpoint_model import load_checkpoint_model
    from dlstudio.engine.prediction.image_classifier import load_trained

    if run.model_path is None and _newest(run):
        return load_checkpoint_model(run, catalog)
    return load_trained(run, catalog), ""


def _key_of(run: Run, newest: str) -> ModelKey:
    """What a loaded model depends on.

    Args:
        run: The run.
        newest: Its newest checkpoint; "" if it has a model.
    """
    path = run.model_path
    modified = path.stat().st_mtime_ns if path else 0
    return run.folder, modified, newest, _thresholds(run)


def _thresholds(run: Run) -> Thresholds:
    """The thresholds in effect: those of the user, and that of the evaluation."""
    from dlstudio.document.image_sections import threshold_of
    from dlstudio.engine.runs.evaluation_report import read_report
    from dlstudio.engine.runs.thresholds import kept_thresholds

    chosen = tuple(sorted(kept_thresholds(run.folder).items()))
    if not reconstructs_images(run.project()):
        return chosen, 0.0
    found = threshold_of(read_report(run.folder))
    return chosen, found.value if found is not None else 0.0


def _newest(run: Run) -> str:
    from dlstudio.engine.runs.checkpoints import Checkpoints

    names = Checkpoints(run.checkpoints).names()
    return names[-1] if names else ""
