"""The evaluation that runs and the last one; they outlive the room's widgets."""

from __future__ import annotations

from PySide6.QtCore import Signal

from dlstudio.document.evaluation import Evaluation
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.prediction import ModelCache
from dlstudio.workers.progress import Progress


class EvaluationJob(ProjectJob[Evaluation, Progress]):
    """The last evaluation of one project's runs, and the job that makes the next.

    Attributes:
        run: Id of the run that is being evaluated, or was last.
        automatic: Nobody asked for that.

    Signals:
        progressed: A `Progress`.
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
        """Evaluate a run on a split of its data, unless one is being evaluated.

        Args:
            split: "" for the one that is held out.
            automatic: Nobody asked for it; it gives way to a training.
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
