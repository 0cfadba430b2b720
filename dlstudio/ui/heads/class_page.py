"""How good an output is that predicts classes: metrics, matrix, classes, mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.document.canvas.number_format import thousands_text
from dlstudio.document.evaluation import Evaluation, HeadReport, is_single
from dlstudio.document.report_sections import WorstRow, WorstRows
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.document.threshold_section import DecisionThreshold
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.heads.class_examples import EvaluationExamples
from dlstudio.ui.heads.class_table import ClassMetricsTable
from dlstudio.ui.heads.threshold_panel import ThresholdPanel
from dlstudio.ui.heads.worst_section import WorstSection
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.labels import ElidedLabel, heading
from dlstudio.ui.widgets.metric_card import MetricCard
from dlstudio.ui.widgets.topics import set_topic

FEW, MOST_LABELS = 3, 6
"""So few classes, or so many of several labels, are shown without scrolling."""
MIN_MISTAKES = 100
"""Height of the list of rows that are predicted wrongly, in pixels."""


class ClassPage(QWidget):
    """Images that are predicted wrongly are shown, rows are listed.

    Args:
        studio: The window's services, theme and navigation.

    Signals:
        row_chosen: Emitted with the id of a sample that the user wants to see.
        row_selected: Emitted with the id of a sample whose row is selected.
        threshold_chosen: Emitted with a threshold to keep; None for the default.
    """

    row_chosen = Signal(str)
    row_selected = Signal(str)
    threshold_chosen = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.accuracy = MetricCard(_("Accuracy"), "accuracy")
        self.f1 = MetricCard(_("Macro F1"), "f1")
        self.auc = MetricCard(_("Area under the ROC curve"), "roc_auc")
        self.ece = MetricCard(_("Calibration error"), "ece")
        self.samples = MetricCard(_("Samples"), "samples")
        self.matrix = ConfusionMatrix(studio.theme, self)
        self.table = ClassMetricsTable(self)
        self.thumbnails = EvaluationExamples(studio, self)
        self.threshold = ThresholdPanel(studio.theme, self)
        self.mistakes: WorstSection | None = None
        self._build()
        self.matrix.chosen.connect(self.thumbnails.show_cell)
        self.matrix.cell_reached.connect(self._scroll_to)
        self.threshold.chosen.connect(self.threshold_chosen)

    def show_output(self, found: Evaluation, report: HeadReport) -> None:
        """Show an output of an evaluation.

        Args:
            found: The evaluation, with its images if it is of images.
            report: Of the output.
        """
        metrics, sections = report.metrics, report.sections
        self.accuracy.show_value(percent(metrics.get("accuracy")))
        self.f1.show_value(percent(metrics.get("macro_f1")))
        self.auc.show_value(percent(metrics.get("roc_auc")))
        self.ece.show_value(percent(metrics.get("ece")))
        self.samples.show_value(thousands_text(found.report.samples))
        self.threshold.show_threshold(_threshold(sections))
        per_class = sections.get("per_class", {})
        self.table.show_classes(per_class)
        matrix = sections.get("confusion_matrix", [])
        single = is_single(matrix)
        few = len(per_class) <= FEW or not single
        self.table.show_at_least(MOST_LABELS if few else 1)
        self._left.setVisible(single)
        # Below the small matrix of two classes, else above the table of the labels.
        beside = self._left.layout() if single else None
        if isinstance(beside, QVBoxLayout):
            beside.addWidget(self.threshold)
        else:
            self._right.insertWidget(0, self.threshold)
        if single:
            self.matrix.show_counts(tuple(per_class), matrix)
        images = found.samples == IMAGES
        self._images.setVisible(images)
        if images:
            self.thumbnails.show_worst(found)
        self._show_mistakes(() if images else sections.get("mistakes", ()))

    def flush(self) -> None:
        """Emit a chosen threshold at once."""
        self.threshold.flush()

    def _show_mistakes(self, mistakes: Sequence[Mapping[str, Any]]) -> None:
        if self.mistakes is not None:
            self._right.removeWidget(self.mistakes)
            self.mistakes.hide()
            self.mistakes.deleteLater()
            self.mistakes = None
        if mistakes:
            rows = tuple(_row(each) for each in mistakes)
            self.mistakes = WorstSection(self._studio.theme, WorstRows("", rows), self)
            self.mistakes.table.setMinimumHeight(MIN_MISTAKES)
            self.mistakes.row_chosen.connect(self.row_chosen)
            self.mistakes.row_selected.connect(self.row_selected)
            self._right.addWidget(self.mistakes, 1)

    def _build(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for card in (self.accuracy, self.f1, self.auc, self.ece, self.samples):
            cards.addWidget(card, 1)
        self._matrix_card = self._make_matrix_card()
        table, self._images = Card(self, margin=12), Card(self, margin=12)
        table.body.addWidget(heading(self._studio.theme, _("Classes")))
        table.body.addWidget(self.table, 1)
        self._images.body.addWidget(self.thumbnails)
        self._right = QVBoxLayout()
        self._right.setSpacing(12)
        self._right.addWidget(self.threshold)
        self._right.addWidget(table, 1)
        self._right.addWidget(self._images)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        self._left = QWidget(self)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(self._matrix_card, 1)
        middle.addWidget(self._left, 1)
        middle.addLayout(self._right, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(cards)
        column.addLayout(middle, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

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

    def _scroll_to(self, place: QPoint) -> None:
        self._area.ensureVisible(place.x(), place.y())


def _threshold(sections: Mapping[str, Any]) -> DecisionThreshold | None:
    """The threshold of a report; None where it has none, or it is damaged."""
    try:
        return DecisionThreshold.from_json(sections[DecisionThreshold.NAME])
    except (KeyError, TypeError, ValueError):
        return None


def _row(mistake: Mapping[str, Any]) -> WorstRow:
    """A misclassified sample as a row, with the probability of what is predicted."""
    label = _words(mistake["label"]) or _("no label")
    return WorstRow(
        str(mistake["input"]),
        _words(mistake["truth"]) or _("no label"),
        f"{label} ({percent(mistake['score'])})",
        values=mistake.get("values"),
        thumbnails=mistake.get("thumbnails"),
    )


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value))


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)  # so that the card's background is visible
    area.setMinimumSize(QSize(240, 160))
    return area
