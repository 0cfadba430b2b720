"""Services that outlive the rooms, each created on first use."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.service_protocols import (
    Closable,
    ConfirmsQuit,
    WarnsOnQuit,
)
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import WorkerThread

if TYPE_CHECKING:
    from dlstudio.ui.services.automatic_evaluation import AutomaticEvaluation
    from dlstudio.ui.services.dataset.dataset_controller import DatasetController
    from dlstudio.ui.services.evaluation_job import EvaluationJob
    from dlstudio.ui.services.export_job import ExportJob
    from dlstudio.ui.services.feature_reports import FeatureReports
    from dlstudio.ui.services.made_images import MadeImages
    from dlstudio.ui.services.model_view_state import ViewState
    from dlstudio.ui.services.predictions import Predictions
    from dlstudio.ui.services.pretrained_weights import PretrainedWeights
    from dlstudio.ui.services.run_names import RunNames
    from dlstudio.ui.services.run_selection import RunSelection
    from dlstudio.ui.services.script_watcher import ScriptWatcher
    from dlstudio.ui.services.table_predictions import TablePredictions
    from dlstudio.ui.services.training.interrupted_run_notifier import (
        InterruptedRunNotifier,
    )
    from dlstudio.ui.services.training.run_monitor import RunMonitor
    from dlstudio.ui.services.training.view_state import TrainViewState
    from dlstudio.ui.services.value_predictions import ValuePredictions
    from dlstudio.workers.model_cache import ModelCache
    from dlstudio.workers.queue import TrainingQueue
    from dlstudio.workers.training import TrainingController

Q = TypeVar("Q", bound=QObject)


@dataclass(eq=False)
class ProjectServices:
    """Services that outlive the rooms, as language and theme changes recreate those.

    Each service is created, and its module imported, on first use to keep startup fast.
    `close` closes all services that were created.
    """

    session: Session
    engine: Engine
    settings: SettingsStore
    notices: Notices
    activity: Activity
    _owner: QObject = field(default_factory=QObject, init=False, repr=False)
    _made: list[QObject] = field(default_factory=list, init=False, repr=False)

    # Data.

    @cached_property
    def dataset(self) -> DatasetController:
        """The open dataset."""
        from dlstudio.ui.services.dataset.dataset_controller import DatasetController

        controller = DatasetController(self.session)
        controller.examined_known.connect(self.engine.know_examined)
        return self.keep(controller)

    # Model.

    @cached_property
    def model_view_state(self) -> ViewState:
        """The view state of the Model room."""
        from dlstudio.ui.services.model_view_state import ViewState

        state = ViewState(self.settings)
        self.session.opened.connect(state.stop_comparing)
        return self.keep(state)

    @cached_property
    def layout_thread(self) -> WorkerThread:
        """Runs the jobs that arrange layers."""
        return self.keep(WorkerThread("layout"))

    @cached_property
    def pretrained_weights(self) -> PretrainedWeights:
        """Pretrained networks that are proposed and downloaded."""
        from dlstudio.ui.services.pretrained_weights import PretrainedWeights

        return self.keep(PretrainedWeights(self.session, self.notices))

    @cached_property
    def script_watcher(self) -> ScriptWatcher:
        """Reads the script beside the project whenever it was saved."""
        from dlstudio.ui.services.script_watcher import ScriptWatcher

        return self.keep(ScriptWatcher(self.session, self.engine, self.notices))

    # Training.

    @cached_property
    def trainings(self) -> TrainingController:
        """The running training."""
        from dlstudio.workers.training import TrainingController

        return self.keep(TrainingController(self.session.catalog))

    @cached_property
    def train_view_state(self) -> TrainViewState:
        """The curves of the latest training and their view state."""
        from dlstudio.ui.services.training.view_state import TrainViewState

        return self.keep(TrainViewState())

    @cached_property
    def queue(self) -> TrainingQueue:
        """The training queue."""
        from dlstudio.workers.queue import TrainingQueue

        queue = TrainingQueue(self.trainings)
        queue.begun.connect(self.train_view_state.begin)
        return self.keep(queue)

    @cached_property
    def run_monitor(self) -> RunMonitor:
        """The runs on disk."""
        from dlstudio.ui.services.training.run_monitor import RunMonitor

        return self.keep(RunMonitor(self.session, self.engine, self.run_names))

    @cached_property
    def run_names(self) -> RunNames:
        """The displayed names of runs."""
        from dlstudio.ui.services.run_names import RunNames

        return self.keep(RunNames())

    @cached_property
    def interrupted_runs(self) -> InterruptedRunNotifier:
        """Reports interrupted trainings when a project is opened."""
        from dlstudio.ui.services.training.interrupted_run_notifier import (
            InterruptedRunNotifier,
        )

        return self.keep(
            InterruptedRunNotifier(self.session, self.engine, self.activity)
        )

    # Trained models.

    @cached_property
    def models(self) -> ModelCache:
        """Recently used models and their data."""
        from dlstudio.workers.model_cache import ModelCache

        return self.keep(ModelCache())

    @cached_property
    def run_selection(self) -> RunSelection:
        """The run that is evaluated, used for predictions, and exported."""
        from dlstudio.ui.services.run_selection import RunSelection

        return self.keep(RunSelection())

    @cached_property
    def evaluation_job(self) -> EvaluationJob:
        """The running and the latest evaluation."""
        from dlstudio.ui.services.evaluation_job import EvaluationJob

        return self.keep(
            EvaluationJob(self.session, self.engine, self.notices, self.models)
        )

    @cached_property
    def feature_reports(self) -> FeatureReports:
        """What columns mean to the evaluated run."""
        from dlstudio.ui.services.feature_reports import FeatureReports

        return self.keep(
            FeatureReports(self.session, self.engine, self.notices, self.models)
        )

    @cached_property
    def automatic_evaluation(self) -> AutomaticEvaluation:
        """Evaluates each run after its training."""
        from dlstudio.ui.services.automatic_evaluation import AutomaticEvaluation

        return self.keep(
            AutomaticEvaluation(
                self.session, self.settings, self.trainings, self.evaluation_job
            )
        )

    @cached_property
    def predictions(self) -> Predictions:
        """All predictions so far."""
        from dlstudio.ui.services.predictions import Predictions

        return self.keep(
            Predictions(self.session, self.engine, self.notices, self.models)
        )

    @cached_property
    def reconstructions(self) -> Predictions:
        """All images that models have given back so far."""
        from dlstudio.ui.services.predictions import Predictions
        from dlstudio.workers.image_jobs import reconstruct_paths

        return self.keep(
            Predictions(
                self.session, self.engine, self.notices, self.models, reconstruct_paths
            )
        )

    @cached_property
    def made_images(self) -> MadeImages:
        """The latest images that a model has made."""
        from dlstudio.ui.services.made_images import MadeImages

        return self.keep(
            MadeImages(self.session, self.engine, self.notices, self.models)
        )

    @cached_property
    def value_predictions(self) -> ValuePredictions:
        """Predictions for entered values."""
        from dlstudio.ui.services.value_predictions import ValuePredictions

        return self.keep(ValuePredictions(self.session, self.engine, self.notices))

    @cached_property
    def table_predictions(self) -> TablePredictions:
        """The latest predicted table."""
        from dlstudio.ui.services.table_predictions import TablePredictions

        return self.keep(
            TablePredictions(self.session, self.engine, self.notices, self.models)
        )

    @cached_property
    def export_job(self) -> ExportJob:
        """The running and the latest export."""
        from dlstudio.ui.services.export_job import ExportJob

        return self.keep(ExportJob(self.session, self.engine, self.notices))

    # Closing.

    def keep(self, made: Q) -> Q:
        """Own a service until the window closes."""
        made.setParent(self._owner)
        self._made.append(made)
        return made

    @property
    def busy(self) -> bool:
        """Whether something is running that requires confirmation to quit."""
        return any(
            each.needs_quit_confirmation
            for each in self._made
            if isinstance(each, ConfirmsQuit)
        )

    @property
    def quit_warnings(self) -> tuple[str, ...]:
        """All warnings for the quit dialog."""
        warnings = (
            each.quit_warning for each in self._made if isinstance(each, WarnsOnQuit)
        )
        return tuple(text for text in warnings if text)

    def close(self) -> bool:
        """Close all created services; returns whether all ended in time."""
        ended = [each.close() for each in self._made if isinstance(each, Closable)]
        return all(ended)
