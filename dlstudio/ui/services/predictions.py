"""What was asked and answered; it outlives the room's widgets."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import Job
from dlstudio.workers.prediction import (
    ImagePrediction,
    ModelCache,
    PredictionCount,
    RunReference,
    predict_paths,
)

MAX_SHOWN = 500


class Predictions(QObject):
    """The answers about one project's models, and the jobs that bring them.

    Attributes:
        found: All answers so far.
        expected: How many answers there will be, as far as that is known.

    Signals:
        added: An `ImagePrediction`.
        changed: A job began or ended, or everything was cleared.
    """

    added = Signal(object)
    changed = Signal()

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        self._models = models
        self.found: list[ImagePrediction] = []
        self.unreadable = 0
        self.expected = 0
        self._folder: Path | None = None
        self._jobs: list[Job[int]] = []
        self._pasted: tempfile.TemporaryDirectory[str] | None = None
        self._pasted_count = 0

    @property
    def running(self) -> bool:
        """Whether a model is being asked."""
        return bool(self._jobs)

    def set_project(self, folder: Path | None) -> None:
        """What was answered in another project is forgotten."""
        if folder != self._folder:
            self._folder = folder
            self.stop()
            self._jobs.clear()
            self.clear()

    def predict(self, run: str, inputs: list[Path]) -> None:
        """Predict files and folders with a run's model, after those that wait already.

        Args:
            run: The run's id.
            inputs: Files and folders.
        """
        folder = self._session.folder
        assert folder is not None, "there is no run without a project"
        self.set_project(folder)
        question = RunReference(self._session.catalog, folder, run)
        max_images = max(MAX_SHOWN - len(self.found), 0)
        job = self._engine.question(
            predict_paths, self._models, question, inputs, max_images
        )
        job.on_progress(partial(self._add_result, job))
        job.on_failure(partial(self._failed, job))
        self._jobs.append(job)
        self._notices.resolve("predict")
        job.on_end(self._ended).start()
        self.changed.emit()

    def store_image(self, image: QImage) -> Path | None:
        """A pasted image as a file until the window is closed; None: no image."""
        if self._pasted is None:
            self._pasted = tempfile.TemporaryDirectory(prefix="dlstudio-pasted-")
        self._pasted_count += 1
        path = Path(self._pasted.name, f"pasted-{self._pasted_count}.png")
        return path if image.save(str(path)) else None

    def stop(self) -> None:
        """Ask no further."""
        for job in self._jobs:
            job.cancel()

    def clear(self) -> None:
        """Forget all answers."""
        self.found.clear()
        self.unreadable = self.expected = 0
        self.changed.emit()

    def close(self) -> bool:
        """The window is closed: pasted images are removed."""
        self.stop()
        if self._pasted is not None:
            self._pasted.cleanup()
            self._pasted = None
        return True

    def _failed(self, job: Job[int], error: BaseException) -> None:
        if job in self._jobs:  # else it is about a project that was left
            self._notices.error(error, topic="predict")

    def _add_result(
        self, job: Job[int], result: ImagePrediction | PredictionCount
    ) -> None:
        if job not in self._jobs:
            return
        if isinstance(result, PredictionCount):
            self.expected += result.count
            self.changed.emit()
        else:
            self.found.append(result)
            self.unreadable += bool(result.answer.error)
            self.added.emit(result)

    def _ended(self, _outcome: str) -> None:
        self._jobs = [job for job in self._jobs if not job.outcome]
        if not self._jobs:
            self.expected = len(self.found)  # where it was stopped, no more will come
        self.changed.emit()
