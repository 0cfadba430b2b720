"""Evaluates each run after its training, while no other training is active."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.document.events import RunEnded
from dlstudio.document.training_method import trains_layers
from dlstudio.settings import SettingsStore
from dlstudio.ui.services.evaluation_job import EvaluationJob
from dlstudio.ui.session import Session
from dlstudio.workers.training import IDLE, TrainingController


class AutomaticEvaluation(QObject):
    """Evaluates finished runs in the background; outlives the rooms.

    Training takes priority: an evaluation in progress is stopped when a training begins
    and repeated afterwards.

    Args:
        session: The session with the open project.
        settings: The user's settings.
        trainings: Controls the running training.
        evaluation_job: Runs the evaluations.
    """

    def __init__(
        self,
        session: Session,
        settings: SettingsStore,
        trainings: TrainingController,
        evaluation_job: EvaluationJob,
    ) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self._trainings = trainings
        self._evaluation_job = evaluation_job
        self._folder: Path | None = None
        self._waiting: list[str] = []
        trainings.ended.connect(self._ended)
        trainings.state_changed.connect(self._state_changed)
        evaluation_job.changed.connect(self._next)

    def _ended(self, ended: RunEnded | None) -> None:
        request, folder = self._trainings.request, self._session.folder
        wanted = self._settings.value.evaluate_after_training
        if ended is None or ended.outcome != "succeeded" or not wanted:
            return
        if request is None or not trains_layers(request.project, self._session.catalog):
            return  # there is no model to evaluate
        if request.folder == folder:
            self._forget_others()
            self._waiting.append(ended.run)

    def _state_changed(self, state: str) -> None:
        evaluation_job = self._evaluation_job
        if state == IDLE:
            self._next()
        elif evaluation_job.automatic and evaluation_job.running:
            self._waiting.insert(0, evaluation_job.run)
            evaluation_job.stop()

    def _next(self) -> None:
        self._forget_others()
        busy = self._evaluation_job.running or self._trainings.state != IDLE
        if self._waiting and not busy:
            run = self._waiting.pop(0)
            self._evaluation_job.start(run, "", automatic=True)

    def _forget_others(self) -> None:
        """Discard pending runs of other projects."""
        folder = self._session.folder
        if folder != self._folder:
            self._folder = folder
            self._waiting.clear()
