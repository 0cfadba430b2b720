"""Predictions for values that the user enters; outlives the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.search_settings import SearchSettings
from dlstudio.document.text_explanation import TextExplanation
from dlstudio.errors import UserError
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.feature_form import FeatureForm, read_form
from dlstudio.workers.feature_prediction import ValueAnswer, predict_form
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.text_explanation import explain_form

TOPIC = "predict"
PAUSE_MS = 400
"""After an answer; who types on is answered first."""


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
        explanation: What the model looked at in the texts of the latest values; None
            until it is there, or where the model reads none.
        unexplained: Why there is no explanation, or "".
        search: How the model searches the texts that it writes; None if it writes none.

    Signals:
        form_changed: Emitted when there is another form, or none.
        answered: Emitted when `answer` or `error` changes.
        explained: Emitted when there is an `explanation`, or a reason for none.
    """

    form_changed = Signal()
    answered = Signal()
    explained = Signal()

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
        self.explanation: TextExplanation | None = None
        self.unexplained = ""
        self.search: SearchSettings | None = None
        self._explaining: Job[TextExplanation] | None = None
        self._unexplained: RunReference | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._explain)

    def open(self, run: str, weights: object = None) -> None:
        """Read the form of a run of the open project, unless it is open already.

        Args:
            run: Id of the run; "" for none.
            weights: Another value asks again: the run has trained on.
        """
        folder = self._session.folder
        question = self._reference(folder, run) if folder and run else None
        known = self._question
        if (known and replace(known, search=None)) == question:
            if weights != self._weights and self.values is not None:
                self._weights = weights
                self.ask(self.values)
            return
        self._question, self._weights = question, weights
        if self._job is not None:
            self._job.cancel()
        self._forget_explanation()
        self.form = self.values = self.answer = self.search = None
        self.error = self.unexplained = ""
        self.form_changed.emit()
        if question is not None:
            job = self._engine.text_job(read_form, question)
            job.on_success(partial(self._show_form, question))
            job.on_failure(partial(self._form_failed, question)).start()

    def ask(self, values: Mapping[str, str]) -> None:
        """Predict for values by feature, after the running prediction."""
        self._forget_explanation()
        self.values, self.answer = values, None
        self._next()

    def set_search(self, search: SearchSettings) -> None:
        """Search the texts that the model writes in another way, and predict again."""
        if self._question is None or search == self.search:
            return
        self.search = search
        self._question = replace(self._question, search=search)
        if self.values is not None:
            self.ask(dict(self.values))

    def close(self) -> bool:
        """Cancel the running prediction; called when the window closes."""
        if self._job is not None:
            self._job.cancel()
        self._forget_explanation()
        return True

    def _reference(self, folder: Path, run: str) -> RunReference:
        return RunReference(self._session.catalog, folder, run)

    def _show_form(self, question: RunReference, form: FeatureForm) -> None:
        if question == self._question:
            self.form, self.search = form, form.search
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
            if self._reads_texts() and question != self._unexplained:
                self._pause.start()

    def _reads_texts(self) -> bool:
        """Whether answers about texts can be explained; texts it writes cannot."""
        writes = self.form is not None and self.form.search is not None
        inputs = self.form.inputs if self.form is not None and not writes else ()
        kinds = (self._session.catalog.get(each.kind) for each in inputs)
        return any(each is not None and each.extra.get("prose") for each in kinds)

    def _forget_explanation(self) -> None:
        self._pause.stop()
        if self._explaining is not None:
            self._explaining.cancel()
        self._explaining = self.explanation = None

    def _explain(self) -> None:
        """Explain the answer, unless it is outdated or the user types on."""
        question, values, answer = self._question, self.values, self.answer
        if question is None or values is None or answer is None or answer.errors:
            return
        job = self._engine.typed_question(explain_form, self._models, question, values)
        job.on_success(partial(self._show_explanation, question, values))
        job.on_failure(partial(self._not_explained, question))
        self._explaining = job
        job.start()

    def _show_explanation(
        self,
        question: RunReference,
        values: Mapping[str, str],
        found: TextExplanation,
    ) -> None:
        if question == self._question and values is self.values:
            self.explanation = found
            self.explained.emit()

    def _not_explained(self, question: RunReference, error: Exception) -> None:
        """Ask no more where a model cannot be explained."""
        if isinstance(error, UserError):
            self._unexplained = question
            if question == self._question:
                self.unexplained = str(error)
                self.explained.emit()
        else:
            self._notices.error(error, topic=TOPIC)

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
