"""The Evaluate room: metrics, per-class table, confusion matrix and mistakes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.document.evaluation import Evaluation
from dlstudio.document.verdict import SEEN, Suggestion, Verdict
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.ui.evaluate.class_table import ClassMetricsTable
from dlstudio.ui.evaluate.output_page import OutputPage
from dlstudio.ui.model.number_format import thousands_text
from dlstudio.ui.runs.evaluation_examples import EvaluationExamples
from dlstudio.ui.runs.no_model_state import NoModelState
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.runs.suggestion_actions import apply_suggestion
from dlstudio.ui.runs.verdict_card import VerdictCard
from dlstudio.ui.runs.verdict_reader import VerdictReader
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.focus import transfer_focus
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.labels import ElidedLabel, heading
from dlstudio.ui.widgets.metric_card import MetricCard
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.ui.widgets.topics import set_topic
from dlstudio.workers.progress import Progress
from dlstudio.workers.run_verdict import RunVerdict

SPLITS = (
    ("test", marked("Test split")),
    ("validation", marked("Validation split")),
    ("train", marked("Training split")),
)


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return EvaluateRoom(studio)


class EvaluateRoom(QWidget):
    """Evaluates the selected run on a split of the dataset in the background."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._names = studio.services.run_names
        self._evaluation_job = studio.services.evaluation_job
        self.picker = RunPicker(studio, parent=self)
        self.split = NoWheelComboBox(self)
        self.split.setAccessibleName(_("Data split"))
        self.split.setMinimumWidth(140)
        for split, text in SPLITS:
            self.split.addItem(_(text), split)
        theme = studio.theme
        self.evaluate = button(theme, _("Evaluate"), "primary", "mdi6.ruler")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.bar = QProgressBar(self)
        self.about = ElidedLabel("", "muted")
        self.verdict = VerdictCard(theme, self)
        self._reader = VerdictReader(studio, self)
        self.accuracy = MetricCard(_("Accuracy"), "accuracy")
        self.f1 = MetricCard(_("Macro F1"), "f1")
        self.auc = MetricCard(_("Area under the ROC curve"), "roc_auc")
        self.ece = MetricCard(_("Calibration error"), "ece")
        self.samples = MetricCard(_("Samples"), "samples")
        self.matrix = ConfusionMatrix(studio.theme, self)
        self.table = ClassMetricsTable(self)
        self.thumbnails = EvaluationExamples(studio, self)
        self.outputs = OutputPage(studio.theme, self)
        self._pages = QStackedWidget(self)
        self._classes = QWidget(self)
        self._build()
        self._connect()
        self._evaluation_job.set_project(studio.session.folder)
        self._show_running()
        self._show()

    def start(self) -> None:
        """Evaluate the selected run."""
        if self._studio.session.folder is None or not self.picker.run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model yet."),
                    _("Train the model first."),
                ),
                topic="evaluate",
            )
            return
        split = self.split.currentData()
        self._evaluation_job.start(self.picker.run, split)

    def _connect(self) -> None:
        self.evaluate.clicked.connect(self.start)
        self.picker.filled.connect(self._filled)
        self._reader.reported.connect(self._show_verdict)
        self.verdict.chosen.connect(self._apply_suggestion)
        self.stop.clicked.connect(self._evaluation_job.stop)
        self.matrix.chosen.connect(self.thumbnails.show_cell)
        self.matrix.cell_reached.connect(self._scroll_to)
        self._evaluation_job.found_changed.connect(self._show)
        self._evaluation_job.changed.connect(self._show_running)
        self._evaluation_job.progressed.connect(self._progress)
        self._studio.session.saved_changed.connect(self._opened)

    def showEvent(self, event: QShowEvent) -> None:
        """Another project may have been opened in the meantime."""
        super().showEvent(event)
        self._opened()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (self.picker, self.split, self.evaluate, self.stop):
            top.addWidget(widget)
        top.addSpacing(8)
        top.addWidget(self.about, 1)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for card in (self.accuracy, self.f1, self.auc, self.ece, self.samples):
            cards.addWidget(card, 1)
        self._matrix_card = self._make_matrix_card()
        table, thumbnails = Card(self, margin=12), Card(self, margin=12)
        table.body.addWidget(heading(self._studio.theme, _("Classes")))
        table.body.addWidget(self.table, 1)
        thumbnails.body.addWidget(self.thumbnails)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(table, 1)
        right.addWidget(thumbnails)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._matrix_card, 1)
        middle.addLayout(right, 1)
        filled = self._classes
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(cards)
        column.addLayout(middle, 1)
        self._pages.addWidget(
            EmptyState(
                self._studio.theme,
                "mdi6.grid",
                _("How good is the model?"),
                _("Choose a run and evaluate it on images it has never seen."),
            )
        )
        self._pages.addWidget(filled)
        self._pages.addWidget(self.outputs)
        self._untrained = NoModelState(
            self._studio,
            _("Train the model to evaluate it on images it has never seen."),
        )
        self._pages.addWidget(self._untrained)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(top)
        whole.addWidget(self.bar)
        whole.addWidget(self.verdict)
        whole.addWidget(self._pages, 1)

    def _make_matrix_card(self) -> Card:
        card = Card(self, margin=12)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(heading(self._studio.theme, _("Confusion matrix")))
        meaning = _("Rows are true classes, columns are predicted classes.")
        line.addWidget(ElidedLabel(meaning, "muted"), 1)
        set_topic(card, metric_topic("confusion"))
        line.addWidget(HelpButton(card))
        self._area = _scrolled(self.matrix)
        card.body.addLayout(line)
        card.body.addWidget(self._area, 1)
        return card

    def _filled(self) -> None:
        self._reader.set_run(self._shown_run())
        self._show_page()

    def _shown_run(self) -> str:
        """The run whose evaluation is shown; without one, the selected run."""
        found = self._evaluation_job.found
        return self.picker.run if found is None else found.report.run

    def _show_verdict(self, reported: RunVerdict) -> None:
        """Show the evaluation's own verdict: it may be of another split."""
        found = self._evaluation_job.found
        own = None if found is None else Verdict.from_json(found.report.verdict)
        if own is not None and own.outcome == SEEN:
            reported = RunVerdict(reported.run, own)
        self.verdict.show_verdict(reported)

    def _apply_suggestion(self, suggestion: Suggestion) -> None:
        apply_suggestion(self._studio, suggestion)

    def _scroll_to(self, place: QPoint) -> None:
        self._area.ensureVisible(place.x(), place.y())

    def _opened(self) -> None:
        self._evaluation_job.set_project(self._studio.session.folder)

    def _show_running(self) -> None:
        running = self._evaluation_job.running
        if running:
            self.stop.show()
            transfer_focus(self.evaluate, self.stop)
        self.evaluate.setEnabled(not running)
        if not running:
            transfer_focus(self.stop, self.evaluate)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running else 1)

    def _progress(self, reported: Progress) -> None:
        self.bar.setRange(0, reported.total)
        self.bar.setValue(reported.done)

    def _show_page(self) -> None:
        """Show the results, or the empty state."""
        untrained = self.picker.untrained and not self._evaluation_job.running
        self.evaluate.setVisible(not untrained)
        self.split.setVisible(not untrained)
        found = self._evaluation_job.found
        if found is None:
            self._pages.setCurrentIndex(self._pages.count() - 1 if untrained else 0)
        else:
            classes = found.report.classes
            self._pages.setCurrentWidget(self._classes if classes else self.outputs)

    def _show(self) -> None:
        found = self._evaluation_job.found
        self._show_page()
        self.about.set_text(
            "" if found is None else _about(found, self._names.name(found.report.run))
        )
        self._reader.set_run(self._shown_run())
        self._reader.refresh()
        if found is None:
            return
        report = found.report
        if not report.classes:
            self.outputs.show_outputs(report.outputs)
            return
        metrics = report.metrics
        self.accuracy.show_value(percent(metrics.get("accuracy")))
        self.f1.show_value(percent(metrics.get("macro_f1")))
        self.auc.show_value(percent(metrics.get("roc_auc")))
        self.ece.show_value(percent(metrics.get("ece")))
        self.samples.show_value(thousands_text(report.samples))
        self.table.show_classes(report.per_class)
        single = not report.multi_label
        self._matrix_card.setVisible(single)
        if single:
            self.matrix.show_counts(report.classes, report.confusion_matrix)
        self.thumbnails.show_worst(found)


def _about(found: Evaluation, run: str) -> str:
    """The run and the split of an evaluation, as text."""
    report = found.report
    parts = [_("run {number}").format(number=run), _(dict(SPLITS)[report.split])]
    if found.from_checkpoint:
        parts.append(_("from the last checkpoint"))
    return _("Evaluated: {what}").format(what=" · ".join(parts))


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)  # so that the card's background is visible
    area.setMinimumSize(QSize(240, 160))
    return area
