"""What is being measured and what was found; it outlives the room's widgets."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.document.evaluation import Evaluation
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.prediction import ModelCache, RunReference
from dlstudio.workers.progress import Progress


class EvaluationJob(QObject):
    """The last evaluation of one project's runs, and the job that makes the next.

    Attributes:
        run: Id of the run that is being measured, or was last.
        automatic: Nobody asked for that.

    Signals:
        found_changed: There is another evaluation, or none any more.
        running_changed: One began or ended.
        progressed: A `Progress`.
    """

    found_changed = Signal()
    running_changed = Signal()
    progressed = Signal(object)

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        self._models = models
        self.found: Evaluation | None = None
        self.run = ""
        self.automatic = False
        self._folder: Path | None = None
        self._job: Job[Evaluation | None] | None = None

    @property
    def running(self) -> bool:
        """Whether a model is being measured."""
        return self._job is not None

    def set_project(self, folder: Path | None) -> None:
        """What was measured in another project is forgotten."""
        if folder != self._folder:
            self._folder = folder
            self.stop()
            self._job = None
            self._set_found(None)
            self.running_changed.emit()

    def start(self, run: str, split: str, *, automatic: bool = False) -> None:
        """Measure a run on a part of its data, unless one is being measured.

        Args:
            split: "" for the part that is held out.
            automatic: Nobody asked for it; it gives way to a training.
        """
        folder = self._session.folder
        assert folder is not None, "there is no run without a project"
        if self._job is not None:
            return
        self.set_project(folder)
        self.run, self.automatic = run, automatic
        question = RunReference(self._session.catalog, folder, run)
        job = self._engine.question(evaluate_run, self._models, question, split)
        job.on_success(partial(self._done, job))
        job.on_failure(partial(self._failed, job))
        job.on_progress(partial(self._progress, job)).on_end(partial(self._ended, job))
        self._job = job.start()
        self._notices.resolve("evaluate")
        self.running_changed.emit()

    def stop(self) -> None:
        """Measure no further; what was found before stays."""
        if self._job is not None:
            self._job.cancel()

    def _progress(self, job: Job[Evaluation | None], progress: Progress) -> None:
        if job is self._job:
            self.progressed.emit(progress)

    def _done(self, job: Job[Evaluation | None], found: Evaluation | None) -> None:
        if job is self._job and not job.stopping:
            self._set_found(found)

    def _failed(self, job: Job[Evaluation | None], error: BaseException) -> None:
        if job is self._job:  # else it is about a project that was left
            self._notices.error(error, topic="evaluate")

    def _set_found(self, found: Evaluation | None) -> None:
        self.found = found
        self.found_changed.emit()

    def _ended(self, job: Job[Evaluation | None], _outcome: str) -> None:
        if job is self._job:
            self._job = None
            self.running_changed.emit()
