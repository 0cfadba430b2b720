"""What is being measured and what was found; it outlives the room's widgets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.ui.studio import Studio
from dlstudio.workers.asking import Models, Question
from dlstudio.workers.jobs import Job
from dlstudio.workers.measuring import Evaluation, evaluate_run
from dlstudio.workers.progress import Progress


class Measurement(QObject):
    """The last evaluation of one project's runs, and the job that makes the next.

    Signals:
        found_changed: There is another evaluation, or none any more.
        running_changed: One began or ended.
        progressed: A `Progress`.
    """

    found_changed = Signal()
    running_changed = Signal()
    progressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.found: Evaluation | None = None
        self._folder: Path | None = None
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether a model is being measured."""
        return self._job is not None

    def belong_to(self, folder: Path | None) -> None:
        """What was measured in another project is forgotten."""
        if folder != self._folder:
            self._folder = folder
            self.stop()
            self._take(None)

    def start(self, studio: Studio, run: str, split: str) -> None:
        """Measure a run on a part of its data, unless one is being measured."""
        folder = studio.session.folder
        assert folder is not None, "there is no run without a project"
        if self._job is not None:
            return
        self.belong_to(folder)
        question = Question(studio.session.catalog, folder, run)
        models = studio.kept.get("models", Models)
        job = studio.engine.question(evaluate_run, models, question, split)
        job.on_success(self._take).on_failure(studio.notices.error)
        self._job = job.on_progress(self._progress).on_end(self._ended).start()
        self.running_changed.emit()

    def stop(self) -> None:
        """Measure no further; what was found before stays."""
        if self._job is not None:
            self._job.cancel()

    def _progress(self, told: Progress) -> None:
        self.progressed.emit(told)

    def _take(self, found: Evaluation | None) -> None:
        if self._job is None or found is None or not self._job.stopping:
            self.found = found
            self.found_changed.emit()

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self.running_changed.emit()
