"""The page for language models: a beginning, and the text that they go on with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.explanation_text import MOST_NAMES
from dlstudio.i18n import _, ngettext
from dlstudio.ui.predict.generation_form import GenerationForm
from dlstudio.ui.predict.page import PredictPage
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.dropped_files import Drop
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference
from dlstudio.workers.text_jobs import WrittenText, write_text

PROMPT_HEIGHT = 96


class TextPage(PredictPage):
    """Text appears as it is written; what was written stays when it is stopped."""

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, picker, parent)
        theme = studio.theme
        self._job: Job[int] | None = None
        self.prompt = QPlainTextEdit(self)
        self.prompt.setProperty("role", "field")
        self.prompt.setPlaceholderText(_("Beginning of a text; may be empty"))
        self.prompt.setToolTip(_("Ctrl+Enter generates."))
        self.prompt.installEventFilter(self)
        self.prompt.setAccessibleName(_("Beginning of a text"))
        self.prompt.setFixedHeight(PROMPT_HEIGHT)
        self.prompt.setTabChangesFocus(True)
        self.settings = GenerationForm(self)
        icon = "mdi6.creation-outline"
        self.generate = button(theme, _("Generate"), "primary", icon)
        self.stop = button(theme, _("Stop"), "", "mdi6.stop")
        self.copy = button(theme, _("Copy"), "", "mdi6.content-copy")
        self.note = label("", "muted")
        self.remark = label("", "warning", wrap=True)
        self.remark.hide()
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setPlaceholderText(_("The text appears here as it is written."))
        self.text.setAccessibleName(_("Generated text"))
        self._written = ""
        self._build()
        self.generate.clicked.connect(self.write)
        self.stop.clicked.connect(self._stop)
        self.copy.clicked.connect(self._copy)
        self._refresh()

    @property
    def is_filled(self) -> bool:
        """Whether there is a text, or a job that writes one."""
        return self._job is not None or bool(self._written)

    @property
    def nothing_pasted(self) -> str:
        """See `PredictPage`."""
        return _("There is no text on the clipboard.")

    def recognize(self, mime: QMimeData) -> Drop | None:
        """See `PredictPage`; the window opens files."""
        del mime
        return None

    def files_in(self, mime: QMimeData) -> list[Path]:
        """See `PredictPage`; no file is predicted."""
        del mime
        return []

    def take_text(self, text: str) -> bool:
        """See `PredictPage`; a text that is pasted becomes the beginning."""
        self.prompt.insertPlainText(text)
        return True

    def predict(self, run: str, inputs: Sequence[Path]) -> None:
        """See `PredictPage`; no file is predicted."""
        del run, inputs

    def opened(self) -> None:
        """See `PredictPage`."""
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter in the field of the beginning generates."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.write()
            return True
        return super().eventFilter(watched, event)

    def write(self) -> None:
        """Continue the text in the field with the selected run's model."""
        folder, run = self._studio.session.folder, self._picker.run
        if folder is None or not run or self._job is not None:
            return
        prompt = self.prompt.toPlainText()
        self._written = ""
        self._show_unknown(())
        self.text.clear()
        self._append(prompt, self._studio.theme.colors.text_muted)
        question = RunReference(self._studio.session.catalog, folder, run)
        job = self._studio.engine.question(
            write_text,
            self._studio.services.models,
            question,
            prompt,
            self.settings.decoding,
        )
        job.on_progress(self._show_piece).on_failure(self._failed)
        self._job = job.on_end(partial(self._ended, job)).start()
        self.note.setText(_("Loading the model…"))
        self._refresh()

    def _build(self) -> None:
        card = Card(self, margin=12)
        card.body.addWidget(heading(self._studio.theme, _("Generate text")))
        card.body.addWidget(self.prompt)
        card.body.addWidget(self.settings)
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.generate, self.stop, self.copy):
            row.addWidget(each)
        row.addWidget(self.note, 1)
        card.body.addLayout(row)
        card.body.addWidget(self.remark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(card)
        column.addWidget(self.text, 1)

    def _show_piece(self, found: WrittenText) -> None:
        if found.unknown:
            self._show_unknown(found.unknown)
        self._written += found.piece
        text = ngettext("{count} token written", "{count} tokens written", found.count)
        row = self._picker.row
        unfinished = row is not None and not row.has_model
        parts = [text.format(count=f"{found.count:,}")]
        parts += [_("From the last checkpoint.")] * unfinished
        self.note.setText(" · ".join(parts))
        self._append(found.piece, self._studio.theme.colors.text)
        self.changed.emit()

    def _show_unknown(self, pieces: Sequence[str]) -> None:
        """Say which pieces of the beginning the model does not know."""
        more = ["…"] * (len(pieces) > MOST_NAMES)
        text = ngettext(
            "{names} is not in the model's vocabulary and counts as unknown.",
            "{names} are not in the model's vocabulary and count as unknown.",
            len(pieces),
        )
        names = _(", ").join([*pieces[:MOST_NAMES], *more])
        self.remark.setText(text.format(names=names) if pieces else "")
        self.remark.setVisible(bool(pieces))

    def _append(self, text: str, color: str) -> None:
        """Add text at the end; the view follows unless the user has scrolled up."""
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        style = QTextCharFormat()
        style.setForeground(QColor(color))
        cursor.insertText(text, style)
        if at_end:
            bar.setValue(bar.maximum())

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.note.setText(_("Copied."))

    def _failed(self, error: Exception) -> None:
        self.note.setText(str(error))
        self._studio.notices.error(error, topic="predict")

    def _ended(self, job: Job[int], _outcome: str) -> None:
        if job is self._job:
            self._job = None
            self._refresh()

    def _refresh(self) -> None:
        busy = self._job is not None
        self.generate.setVisible(not busy)
        self.generate.setEnabled(bool(self._picker.run))
        self.stop.setVisible(busy)
        self.copy.setEnabled(bool(self._written))
        self.changed.emit()
