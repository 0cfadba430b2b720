"""What a model looked at in the text of a row that is chosen in a report."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.text_explanation import TextExplanation
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.features.explanation_bar import ExplanationBar
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading
from dlstudio.value_text import value_text
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference
from dlstudio.workers.text_explanation import ExplainedRow, explain_row

LINES = 3


class ExplainedRowCard(Card):
    """Hidden until a row with a text is chosen.

    Args:
        studio: The window's services and theme.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12)
        self._studio = studio
        self._run = self._row = ""
        self._job: Job[ExplainedRow] | None = None
        self.note = ElidedLabel("", "faint")
        self.about = ElidedLabel("", "muted")
        self.fields: list[tuple[ParagraphEdit, ExplanationBar]] = []
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(heading(studio.theme, _("What the model looked at")))
        top.addWidget(self.about, 1)
        self._texts = QVBoxLayout()
        self._texts.setSpacing(4)
        self.body.addLayout(top)
        self.body.addLayout(self._texts)
        self.body.addWidget(self.note)
        self.hide()

    def set_run(self, run: str) -> None:
        """Show nothing of another run any more."""
        if run != self._run:
            self._run = run
            self.clear()

    def clear(self) -> None:
        """Hide the card."""
        self._row = ""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.hide()

    def show_row(self, row: str) -> None:
        """Explain the prediction for a row of the run's data.

        Args:
            row: Id of the sample.
        """
        folder = self._studio.session.folder
        if folder is None or not self._run or row == self._row:
            return
        self.clear()
        self._row = row
        catalog, services = self._studio.session.catalog, self._studio.services
        question = RunReference(catalog, folder, self._run)
        job = self._studio.engine.question(explain_row, services.models, question, row)
        job.on_success(partial(self._show, row)).on_failure(self._refused)
        self._job = job
        job.start()

    def _show(self, row: str, explained: ExplainedRow) -> None:
        if row != self._row:
            return
        found = explained.found
        self.about.set_text(_about(found))
        self._remove_fields()
        for text in found.texts:
            field = ParagraphEdit(self)
            field.setReadOnly(True)
            field.set_lines(LINES)
            field.setAccessibleName(text.feature)
            field.set_value(explained.values.get(text.feature, ""))
            bar = ExplanationBar(self._studio.theme, field, text.feature, self)
            bar.changed.connect(self._show_note)
            self.fields.append((field, bar))
            self._texts.addWidget(bar, 0, Qt.AlignmentFlag.AlignRight)
            self._texts.addWidget(field)
            bar.show_explanation(found)
        self.show()
        self._show_note()
        QTimer.singleShot(0, self, self._keep_in_view)

    def _keep_in_view(self) -> None:
        """Scroll to the table with the row: the card leaves less room for it."""
        table = self.window().focusWidget()
        area = None if table is None else table.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if table is not None and area is not None:
            area.ensureWidgetVisible(table, 0, 0)

    def _remove_fields(self) -> None:
        for field, bar in self.fields:
            for each in (field, bar):
                self._texts.removeWidget(each)
                each.hide()
                each.deleteLater()
        self.fields = []

    def _show_note(self) -> None:
        said = [bar.text() for _field, bar in self.fields]
        self.note.set_text(" · ".join(filter(None, said)))

    def _refused(self, error: Exception) -> None:
        """Say nothing of what cannot be explained, such as a row of numbers."""
        if not isinstance(error, UserError):
            self._studio.notices.error(error, topic="evaluate")


def _about(found: TextExplanation) -> str:
    """ "negative (71.4 %)"."""
    if found.label:
        return f"{found.label} ({percent(found.value)})"
    return value_text(found.value)
