"""Confusion matrix and worst mistakes of the latest checkpoint during training."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.evaluation import Evaluation
from dlstudio.i18n import _
from dlstudio.ui.runs.evaluation_examples import EvaluationExamples
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.live_panel import LivePanel
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference


class LiveConfusion(LivePanel[Evaluation | None]):
    """Evaluates the latest checkpoint on the validation split while visible."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(studio, parent)
        self.matrix = ConfusionMatrix(studio.theme, self)
        self.strip = EvaluationExamples(studio, self)
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
        self._clear()

    def _question(self, question: RunReference) -> Job[Evaluation | None]:
        models = self._studio.services.models
        return self._studio.engine.question(
            evaluate_run, models, question, "validation"
        )

    def _show(self, found: Evaluation | None) -> None:
        if found is None or not found.report.classes:
            self._clear()
            return
        counts = found.report.confusion_matrix
        self.matrix.setVisible(bool(counts))
        if counts:
            self.matrix.show_counts(found.report.classes, counts)
        self.strip.show()
        self.strip.show_worst(found)

    def _show_nothing(self) -> None:
        self.note.setText(_("The confusion matrix appears after the first epoch."))
        self.matrix.hide()
        self.strip.hide()
