"""What models predict of the user's images; it outlives the room's widgets."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.prediction import (
    ImagePrediction,
    ModelCache,
    PredictionCount,
    predict_paths,
)

MAX_SHOWN = 500


class Predictions(ProjectJob[int, ImagePrediction | PredictionCount]):
    """The answers about one project's models, and the jobs that bring them.

    Attributes:
        found: How many images the last job was about.
        answers: Of all jobs so far.
        unreadable: How many of the answers are errors.
        expected: How many answers there will be, as far as that is known.

    Signals:
        added: An `ImagePrediction`.
    """

    added = Signal(object)

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__(session, engine, notices, "predict")
        self._models = models
        self.answers: list[ImagePrediction] = []
        self.unreadable = 0
        self.expected = 0
        self._pasted: tempfile.TemporaryDirectory[str] | None = None
        self._pasted_count = 0

    def predict(self, run: str, inputs: list[Path]) -> None:
        """Ask a run's model about files and folders, after what is asked already."""
        question = self._reference(run)
        if not self.running:
            self.expected = len(self.answers)  # a job that was stopped brings no more
        max_images = max(MAX_SHOWN - len(self.answers), 0)
        self._begin(
            self._engine.question(
                predict_paths, self._models, question, inputs, max_images
            )
        )

    def store_image(self, image: QImage) -> Path | None:
        """A pasted image as a file until the window is closed; None: no image."""
        if self._pasted is None:
            self._pasted = tempfile.TemporaryDirectory(prefix="dlstudio-pasted-")
        self._pasted_count += 1
        path = Path(self._pasted.name, f"pasted-{self._pasted_count}.png")
        return path if image.save(str(path)) else None

    def clear(self) -> None:
        """Forget all answers."""
        self._forget()
        self.changed.emit()

    def close(self) -> bool:
        """The window is closed: pasted images are removed."""
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
