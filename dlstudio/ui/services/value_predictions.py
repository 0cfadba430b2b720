"""Predictions for values that the user enters; outlives the room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.feature_form import FeatureForm, read_form
from dlstudio.workers.feature_prediction import ValueAnswer, predict_form
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import ModelCache, RunReference

TOPIC = "predict"


class ValuePredictions(QObject):
    """The form of a run, the values in it, and what the model predicts for them.

    One prediction runs at a time; of the values entered meanwhile only the latest
    count, and an answer to older ones is dropped.

    Args:
        session: The session with the open project.
        engine: Runs the jobs.
        notices: Reports failures.

    Attributes:
        form: Of the run; None until it is read.
        values: The latest values by feature; None before there are any.
        answer: To the latest values; None until it is there.
        error: Why there is no form or no answer, or "".

    Signals:
        form_changed: Emitted when there is another form, or none.
        answered: Emitted when `answer` or `error` changes.
    """

    form_changed = Signal()
    answered = Signal()

    def __init__(self, session: Session, engine: Engine, notices: Notices) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        # Of its own, as the thread: typing waits for no table or evaluation.
        self._models = ModelCache()
        self._question: RunReference | None = None
        self._job: Job[ValueAnswer] | None = None
        self._asked: Mapping[str, str] | None = None
        self._weights: object = None
        self.form: FeatureForm | None = None
        self.values: Mapping[str, str] | None = None
        self.answer: ValueAnswer | None = None
        self.error = ""

    def open(self, run: str, weights: object = None) -> None:
        """Read the form of a run of the open project, unless it is open already.

        Args:
            run: Id of the run; "" for none.
            weights: Another value asks again: the run has trained on.
        """
        folder = self._session.folder
        question = self._reference(folder, run) if folder and run else None
        if question == self._question:
            if weights != self._weights and self.values is not None:
                self._weights = weights
                self.ask(self.values)
            return
        self._question, self._weights = question, weights
        if self._job is not None:
            self._job.cancel()
        self.form = self.values = self.answer = None
        self.error = ""
        self.form_changed.emit()
        if question is not None:
            job = self._engine.text_job(read_form, question)
            job.on_success(partial(self._show_form, question))
            job.on_failure(partial(self._form_failed, question)).start()

    def ask(self, values: Mapping[str, str]) -> None:
        """Predict for values by feature, after the running prediction."""
        self.values, self.answer = values, None
        self._next()

    def close(self) -> bool:
        """Cancel the running prediction; called when the window closes."""
        if self._job is not None:
            self._job.cancel()
        return True

    def _reference(self, folder: Path, run: str) -> RunReference:
        return RunReference(self._session.catalog, folder, run)

    def _show_form(self, question: RunReference, form: FeatureForm) -> None:
        if question == self._question:
            self.form = form
            self.form_changed.emit()

    def _form_failed(self, question: RunReference, error: Exception) -> None:
        if question == self._question:
            self.error = str(error)
            self._notices.error(error, topic=TOPIC)
            self.answered.emit()

    def _next(self) -> None:
        if self._job is not None or self._question is None or self.values is None:
            return
        question, values = self._question, self.values
        job = self._engine.typed_question(predict_form, self._models, question, values)
        job.on_success(partial(self._show_answer, question, values))
        job.on_failure(partial(self._failed, question, values))
        self._asked = values
        self._job = job.on_end(self._ended)
        job.start()

    def _show_answer(
        self, question: RunReference, values: Mapping[str, str], found: ValueAnswer
    ) -> None:
        if question == self._question and values is self.values:
            self.answer, self.error = found, ""
            self._notices.resolve(TOPIC)
            self.answered.emit()

    def _failed(
        self, question: RunReference, values: Mapping[str, str], error: Exception
    ) -> None:
        if question == self._question and values is self.values:
            if str(error) != self.error:
                self._notices.error(error, topic=TOPIC)
            self.error = str(error)
            self.answered.emit()

    def _ended(self, _outcome: str) -> None:
        self._job = None
        if self.values is not self._asked:  # others have been entered meanwhile
            self._next()
