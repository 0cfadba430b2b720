"""The running and the latest evaluation; outlives the room."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from dlstudio.document.evaluation import Evaluation
from dlstudio.document.image_sections import with_threshold
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.evaluation import evaluate_run, kept_evaluation
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress
from dlstudio.workers.thresholds import keep_run_threshold


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
        self._again: tuple[str, str] | None = None
        self._read = ""

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

    def read(self, run: str) -> None:
        """Show the evaluation that is kept with a run, unless another one is shown.

        Args:
            run: Id of the run; "" for none.
        """
        if self.found is not None or self.running or run in ("", self._read):
            return
        self._read = run
        question = self._reference(run)
        job = self._engine.text_job(kept_evaluation, question)
        job.on_success(partial(self._take_kept, question.folder)).start()

    def _take_kept(self, folder: Path, found: Evaluation | None) -> None:
        others = self.found is not None or self.running or folder != self._folder
        if found is not None and not others:
            self._set_found(found)

    def keep_threshold(self, output: str, value: float | None) -> None:
        """Keep a threshold with the run whose evaluation is shown.

        Classes are evaluated again, as they are predicted from then on.

        Args:
            output: What the output predicts.
            value: The threshold; None for the default.
        """
        found = self.found
        if found is None:
            return
        report = found.report
        job = self._engine.text_job(
            keep_run_threshold, self._reference(report.run), output, value
        )
        known = report.outputs.get(output)
        changed = with_threshold(known.sections, value) if known is not None else None
        if known is not None and changed is not None:
            # What is shown says it already; the room may be made again later.
            outputs = {**report.outputs, output: replace(known, sections=changed)}
            self.found = replace(found, report=replace(report, outputs=outputs))
        else:
            job.on_success(partial(self._evaluate_again, report.run, report.split))
        job.on_failure(self._failed).start()

    def _evaluate_again(self, run: str, split: str, _nothing: None) -> None:
        if self.running:
            self._again = run, split
            self.stop()
        else:
            self.start(run, split)

    def _ended(self, job: Job[Evaluation | None], outcome: str) -> None:
        super()._ended(job, outcome)
        if self._again is not None and not self.running:
            again, self._again = self._again, None
            self.start(*again)

    def _forget(self) -> None:
        self._again = None
        self._read = ""

    def _reported(self, event: Progress) -> None:
        self.progressed.emit(event)

    def _succeeded(self, found: Evaluation | None) -> None:
        if not any(job.stopping for job in self._jobs):
            self._set_found(found)
