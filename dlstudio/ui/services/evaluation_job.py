"""The running and the latest evaluation; outlives the room."""

from __future__ import annotations

from PySide6.QtCore import Signal

from dlstudio.document.evaluation import Evaluation
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress


class EvaluationJob(ProjectJob[Evaluation, Progress]):
    """Evaluates runs of a project and keeps the latest result.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        notices: Reports failures.
        models: Caches recently used models and their data.

    Attributes:
        run: Id of the run that is being evaluated, or was evaluated last.
        automatic: Whether the evaluation was started automatically.

    Signals:
        progressed: Emitted with a `Progress`.
    """

    progressed = Signal(object)

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__(session, engine, notices, "evaluate")
        self._models = models
        self.run = ""
        self.automatic = False

    def start(self, run: str, split: str, *, automatic: bool = False) -> None:
        """Evaluate a run on a split of its data, unless an evaluation is running.

        Args:
            split: Name of the split; "" for the held-out one.
            automatic: Whether it was started automatically; training then takes
                priority.
        """
        if self.running:
            return
        question = self._reference(run)
        self.run, self.automatic = run, automatic
        self._begin(self._engine.question(evaluate_run, self._models, question, split))

    def _reported(self, event: Progress) -> None:
        self.progressed.emit(event)

    def _succeeded(self, found: Evaluation | None) -> None:
        if not any(job.stopping for job in self._jobs):
            self._set_found(found)
