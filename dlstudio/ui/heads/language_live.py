"""What the latest checkpoint of a language model writes, during training."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.studio import Studio
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference
from dlstudio.workers.text_jobs import live_text


class LiveText(LivePanel[str]):
    """Text of the newest checkpoint; of each one from the same random numbers."""

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, output, parent)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Sample text"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addWidget(self.text, 1)
        self._clear()

    def _question(self, question: RunReference) -> Job[str]:
        models = self._studio.services.models
        return self._studio.engine.question(live_text, models, question)

    def _show(self, found: str) -> None:
        _run, epoch = self._asked
        text = _("Written after epoch {epoch}, always from the same random numbers")
        self.note.setText(text.format(epoch=epoch))
        self.text.setPlainText(found)
        self.text.show()

    def _show_nothing(self) -> None:
        self.note.setText(_("A sample text appears after the first epoch."))
        self.text.hide()
