"""The Evaluate room: headline figures, classes, the confusion matrix, mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.evaluate.matrix import Matrix
from dlstudio.ui.evaluate.strip import Strip
from dlstudio.ui.evaluate.tables import ClassTable
from dlstudio.ui.forms.chosen import StillCombo
from dlstudio.ui.runs.picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.cards import Figure
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.empty import EmptyState
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.asking import Evaluation, Models, Progress, evaluate_run
from dlstudio.workers.jobs import Job

SPLITS = ("test", "validation", "train")


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return EvaluateRoom(studio)


class LastReport(QObject):
    """What was measured last; outlives the room's widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.report: Mapping[str, Any] = {}


class EvaluateRoom(QWidget):
    """Measures the chosen run on a part of the data, beside the window."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._models = studio.kept.get("models", Models)
        self._last = studio.kept.get("report", LastReport)
        self._job: Job | None = None
        self.picker = RunPicker(studio, self)
        self.part = StillCombo(self)
        self.part.setAccessibleName(_("Part of the data"))
        for split, text in zip(
            SPLITS,
            (_("Test part"), _("Validation part"), _("Training part")),
            strict=True,
        ):
            self.part.addItem(text, split)
        self.measure = QPushButton(_("Measure"), self)
        self.measure.setProperty("role", "primary")
        self.stop = QPushButton(_("Stop"), self)
        self.bar = QProgressBar(self)
        self.bar.hide()
        self.accuracy = Figure(_("Accuracy"))
        self.f1 = Figure(_("F1, mean of the classes"))
        self.auc = Figure(_("Area under the ROC curve"))
        self.ece = Figure(_("Calibration error"))
        self.samples = Figure(_("Samples"))
        self.matrix = Matrix(studio.theme, self)
        self.table = ClassTable(self)
        self.strip = Strip(studio, self._models, self)
        self._pages = QStackedWidget(self)
        self._build()
        self.measure.clicked.connect(self.start)
        self.stop.clicked.connect(self._stop)
        self.matrix.chosen.connect(self._cell)
        self._show_running(False)
        if self._last.report:
            self._show(Evaluation(self._last.report))

    def start(self) -> None:
        """Measure the chosen run."""
        folder, run = self._studio.session.folder, self.picker.run
        if folder is None or not run:
            self._studio.notices.info(_("Train the project first."))
            return
        catalog = self._studio.session.catalog
        job = self._studio.engine.ask(
            evaluate_run, self._models, catalog, folder, run, self.part.currentData()
        )
        job.on_success(self._show).on_failure(self._studio.notices.error)
        self._job = job.on_progress(self._progress).on_end(self._ended).start()
        self._show_running(True)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (self.picker, self.part, self.measure, self.stop):
            top.addWidget(widget)
        top.addStretch(1)
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for figure in (self.accuracy, self.f1, self.auc, self.ece, self.samples):
            figures.addWidget(figure, 1)
        matrix, table, strip = Card(self), Card(self), Card(self)
        matrix.body.addWidget(heading(self._studio.theme, _("Confusion matrix")))
        matrix.body.addWidget(
            label(_("Rows are the truth, columns the model's answers."), "muted")
        )
        matrix.body.addWidget(_scrolled(self.matrix), 1)
        table.body.addWidget(heading(self._studio.theme, _("Classes")))
        table.body.addWidget(self.table, 1)
        strip.body.addWidget(self.strip)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(matrix, 3)
        middle.addWidget(table, 2)
        filled = QWidget(self)
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(figures)
        column.addLayout(middle, 1)
        column.addWidget(strip)
        self._pages.addWidget(
            EmptyState(
                self._studio.theme,
                "mdi6.grid",
                _("How good is the model?"),
                _("Choose a run and measure it on pictures it has never seen."),
            )
        )
        self._pages.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 16)
        whole.setSpacing(12)
        whole.addLayout(top)
        whole.addWidget(self.bar)
        whole.addWidget(self._pages, 1)

    def _show_running(self, running: bool) -> None:
        self.measure.setEnabled(not running)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running else 1)

    def _progress(self, told: Progress) -> None:
        self.bar.setRange(0, told.total)
        self.bar.setValue(told.done)

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self._show_running(False)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show(self, found: Evaluation) -> None:
        report = self._last.report = found.report
        metrics = report["metrics"]
        self.accuracy.show_value(_share(metrics.get("accuracy")))
        self.f1.show_value(_share(metrics.get("f1_macro", metrics.get("macro_f1"))))
        self.auc.show_value(_share(metrics.get("roc_auc")))
        self.ece.show_value(_share(metrics.get("ece")))
        self.samples.show_value(f"{report['samples']:,}")
        self.table.show_classes(report["per_class"])
        single = not report["multi_label"]
        self.matrix.setVisible(single)
        if single:
            self.matrix.show_counts(report["classes"], report["confusion_matrix"])
        self.strip.show_mistakes(report["run"], report["mistakes"])
        self._pages.setCurrentIndex(1)

    def _cell(self, truth: int, answer: int) -> None:
        report = self._last.report
        if report:
            classes = report["classes"]
            self.strip.show_cell(classes[truth], classes[answer])


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    area.setMinimumSize(QSize(240, 160))
    return area
