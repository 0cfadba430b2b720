"""Confusion matrix and worst mistakes of the latest checkpoint during training."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.evaluation import Evaluation
from dlstudio.i18n import _
from dlstudio.ui.runs.evaluation_examples import EvaluationExamples
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.prediction import RunReference

COOLDOWN_MS = 2000
"""Delay between two evaluations, so that short epochs are not slowed down."""


class LiveConfusion(QWidget):
    """Evaluates the latest checkpoint on the validation split while visible."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._job: Job[Evaluation | None] | None = None
        self._evaluated = ("", -1)
        self._history: RunHistory | None = None
        self._shown = ""
        self._cooldown = QTimer(self, singleShot=True, interval=COOLDOWN_MS)
        self._cooldown.timeout.connect(self._refresh_again)
        self.matrix = ConfusionMatrix(studio.theme, self)
        self.strip = EvaluationExamples(studio, self)
        self.note = label("", "muted", wrap=True)
        self.matrix.chosen.connect(self.strip.show_cell)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.note)
        right.addWidget(self.strip)
        right.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.matrix)
        area.viewport().setAutoFillBackground(False)
        self.matrix.setAutoFillBackground(False)
        line.addWidget(area, 2)
        line.addLayout(right, 3)
        self._show(None)

    def show_history(self, history: RunHistory) -> None:
        """Evaluate each checkpoint of a run once, while the widget is visible."""
        self._history = history
        if self._shown and history.run != self._shown:
            self._show(None)
        place = (history.run, history.checkpoint)
        folder = self._studio.session.folder
        wanted = history.run and history.checkpoint > 0 and place != self._evaluated
        busy = self._job is not None or self._cooldown.isActive()
        if not wanted or busy or folder is None or self.isHidden():
            return
        self._evaluated = place
        question = RunReference(self._studio.session.catalog, folder, history.run)
        models = self._studio.services.models
        engine = self._studio.engine
        job = engine.question(evaluate_run, models, question, "validation")
        job.on_success(self._show).on_failure(self._failed).on_end(self._ended)
        self._job = job.start()
        if self.matrix.isHidden():
            self.note.setText(_("Evaluating…"))

    def _show(self, found: Evaluation | None) -> None:
        self._shown = ""
        if found is None:
            self.note.setText(_("The confusion matrix appears after the first epoch."))
            self.matrix.hide()
            self.strip.hide()
            return
        run = found.report.run
        if self._history is not None and run != self._history.run:
            return  # another run or project is shown by now
        self._shown = run
        counts = found.report.confusion_matrix
        self.matrix.setVisible(bool(counts))
        if counts:
            self.matrix.show_counts(found.report.classes, counts)
        self.strip.show()
        self.strip.show_worst(found)
        text = _("Validation split, after epoch {epoch}")
        self.note.setText(text.format(epoch=self._evaluated[1]))

    def _failed(self, error: BaseException) -> None:
        self.note.setText(str(error))

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self._cooldown.start()

    def _refresh_again(self) -> None:
        """Check for a checkpoint that was saved during the delay."""
        if self._history is not None:
            self.show_history(self._history)
