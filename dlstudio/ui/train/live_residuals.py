"""How far off the numbers of the latest checkpoint are during training."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.evaluation import Evaluation
from dlstudio.document.report_sections import Residuals
from dlstudio.i18n import _
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.heads.residuals_section import ResidualPlots
from dlstudio.ui.studio import Studio
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference

LEAST_HEIGHT = 110


class LiveResiduals(LivePanel[Evaluation | None]):
    """Predicts the validation split with the latest checkpoint while visible."""

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, output, parent)
        self.plots = ResidualPlots(studio.theme, output, self)
        self._both = QWidget(self)
        row = QHBoxLayout(self._both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for plot in (self.plots.predicted_plot, self.plots.residual_plot):
            plot.widget.setMinimumHeight(LEAST_HEIGHT)
            row.addWidget(plot, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addWidget(self._both, 1)
        column.addStretch()
        self._clear()

    def _question(self, question: RunReference) -> Job[Evaluation | None]:
        models = self._studio.services.models
        return self._studio.engine.question(
            evaluate_run, models, question, "validation"
        )

    def _show(self, found: Evaluation | None) -> None:
        report = found.report.outputs.get(self._output) if found else None
        if report is None or Residuals.NAME not in report.sections:
            self._clear()
            return
        self.plots.show_residuals(Residuals.from_json(report.sections[Residuals.NAME]))
        self._both.show()

    def _show_nothing(self) -> None:
        self.note.setText(_("Predictions appear after the first epoch."))
        self._both.hide()
