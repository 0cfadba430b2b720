"""Confusion matrix and worst mistakes of the latest checkpoint during training."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.evaluation import Evaluation, EvaluationReport, is_single
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.i18n import _
from dlstudio.ui.heads.class_examples import EvaluationExamples
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference


class LiveConfusion(LivePanel[Evaluation | None]):
    """Evaluates the latest checkpoint on the validation split while visible."""

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, output, parent)
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
        report = None if found is None else _of_output(found.report, self._output)
        if found is None or report is None:
            self._clear()
            return
        counts = report.confusion_matrix
        single = bool(counts) and is_single(counts)
        self.matrix.setVisible(single)
        if single:
            self.matrix.show_counts(report.classes, counts)
        self.strip.setVisible(found.samples == IMAGES)
        if found.samples == IMAGES:
            self.strip.show_worst(found)

    def _show_nothing(self) -> None:
        self.note.setText(_("The confusion matrix appears after the first epoch."))
        self.matrix.hide()
        self.strip.hide()


def _of_output(report: EvaluationReport, output: str) -> EvaluationReport | None:
    """The report of an output; None if it predicts no classes."""
    alone = report.alone(output) if output in report.outputs else report
    return alone if alone.classes else None
