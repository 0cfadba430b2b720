"""Predictions for the user's images; outlives the room."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.image_prediction import (
    ImagePrediction,
    PredictionCount,
    predict_paths,
)
from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference

MAX_SHOWN = 500
PredictionWork = Callable[
    [
        ReportingContext[PredictionCount | ImagePrediction],
        ModelCache,
        RunReference,
        Sequence[Path],
        int,
    ],
    int,
]


class Predictions(ProjectJob[int, ImagePrediction | PredictionCount]):
    """The predictions of a project's models and the jobs that compute them.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        notices: Reports failures.
        models: Caches recently used models and their data.
        work: The job that predicts; see `predict_paths`.

    Attributes:
        found: Number of images of the last job.
        answers: Predictions of all jobs.
        unreadable: Number of predictions that are errors.
        expected: Expected number of predictions, as far as known.

    Signals:
        added: Emitted with an `ImagePrediction`.
    """

    added = Signal(object)

    def __init__(
        self,
        session: Session,
        engine: Engine,
        notices: Notices,
        models: ModelCache,
        work: PredictionWork = predict_paths,
    ) -> None:
        super().__init__(session, engine, notices, "predict")
        self._models = models
        self._work = work
        self.answers: list[ImagePrediction] = []
        self.unreadable = 0
        self.expected = 0
        self._pasted: tempfile.TemporaryDirectory[str] | None = None
        self._pasted_count = 0

    def predict(self, run: str, inputs: list[Path]) -> None:
        """Predict files and folders with a run's model, after pending jobs."""
        question = self._reference(run)
        if not self.running:
            self.expected = len(self.answers)  # a cancelled job adds no more
        max_images = max(MAX_SHOWN - len(self.answers), 0)
        self._begin(
            self._engine.question(
                self._work, self._models, question, inputs, max_images
            )
        )

    def store_image(self, image: QImage) -> Path | None:
        """Save a pasted image until the window closes; None if there is no image."""
        if self._pasted is None:
            self._pasted = tempfile.TemporaryDirectory(prefix="dlstudio-pasted-")
        self._pasted_count += 1
        path = Path(self._pasted.name, f"pasted-{self._pasted_count}.png")
        return path if image.save(str(path)) else None

    def clear(self) -> None:
        """Clear all predictions."""
        self._forget()
        self.changed.emit()

    def close(self) -> bool:
        """Remove pasted images; called when the window closes."""
        self.stop()
        if self._pasted is not None:
            self._pasted.cleanup()
            self._pasted = None
        return True

    def _forget(self) -> None:
        self.answers.clear()
        self.unreadable = self.expected = 0

    def _reported(self, event: ImagePrediction | PredictionCount) -> None:
        if isinstance(event, PredictionCount):
            self.expected += event.count
            self.changed.emit()
        else:
            self.answers.append(event)
            self.unreadable += bool(event.answer.error)
            self.added.emit(event)
