"""How well the latest checkpoint tells classes apart, while a run is trained."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.evaluation import Evaluation, EvaluationReport, is_single
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.i18n import _
from dlstudio.ui.heads.class_examples import EvaluationExamples
from dlstudio.ui.heads.class_table import ClassMetricsTable
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference


class LiveClasses(LivePanel[Evaluation | None]):
    """Evaluates the latest checkpoint on the validation split while visible.

    Shows the confusion matrix; where a sample may have several labels, how well each of
    them is predicted. Of images also the worst mistakes.
    """

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, output, parent)
        self.matrix = ConfusionMatrix(studio.theme, self)
        self.table = ClassMetricsTable(self)
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
        self._area = area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.matrix)
        area.viewport().setAutoFillBackground(False)
        self.matrix.setAutoFillBackground(False)
        line.addWidget(area, 2)
        line.addWidget(self.table, 3)
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
        self._show_area(single)
        self.table.setVisible(not single)
        if single:
            self.matrix.show_counts(report.classes, counts)
        else:
            self.table.show_classes(report.per_class)
        self.strip.setVisible(found.samples == IMAGES)
        if found.samples == IMAGES:
            self.strip.show_worst(found)

    def _show_nothing(self) -> None:
        self.note.setText(_("Results appear after the first epoch."))
        self._show_area(False)
        self.table.hide()
        self.strip.hide()

    def _show_area(self, shown: bool) -> None:
        self.matrix.setVisible(shown)
        self._area.setVisible(shown)


def _of_output(report: EvaluationReport, output: str) -> EvaluationReport | None:
    """The report of an output; None if it predicts no classes."""
    alone = report.alone(output) if output in report.outputs else report
    return alone if alone.classes else None
