"""The running and the latest export; outlives the room."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from dlstudio.document.export import ExportResult
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.model_export import WHOLE, ExportStep, export_model
from dlstudio.workers.progress import Progress


class ExportJob(ProjectJob[ExportResult, Progress | ExportStep]):
    """Exports runs of a project with verification and keeps the latest result.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        notices: Reports failures.

    Attributes:
        note: How the last export ended if there is no result; "" otherwise.
        tone: Tone of the note: "muted" or "bad".
        step: The running or the last step; "" for none.

    Signals:
        progressed: Emitted with a `Progress`.
    """

    progressed = Signal(object)

    def __init__(self, session: Session, engine: Engine, notices: Notices) -> None:
        super().__init__(session, engine, notices, "export")
        self.note = ""
        self.tone = "muted"
        self.step = ""

    def start(
        self, run: str, format: str, out: Path, replace: bool, part: str = WHOLE
    ) -> None:
        """Export and verify a run, unless an export is running.

        Args:
            run: Id of the run.
            format: Kind of a description of family "formats".
            out: File or folder; the format's suffix is added if missing.
            replace: Whether an earlier, unmodified export may be replaced.
            part: Of the model.
        """
        if self.running:
            return
        question = self._reference(run)
        self.note, self.tone, self.step = "", "muted", "read"
        self._set_found(None)
        self._begin(
            self._engine.question(export_model, question, format, out, replace, part)
        )

    def _forget(self) -> None:
        self.note, self.tone, self.step = "", "muted", ""

    def _reported(self, event: Progress | ExportStep) -> None:
        if isinstance(event, ExportStep):
            self.step = event.name
            self.changed.emit()
        else:
            self.progressed.emit(event)

    def _succeeded(self, found: ExportResult | None) -> None:
        self.note = self.step = ""
        super()._succeeded(found)
        self._notices.good(_("Exported and verified."))

    def _failed(self, error: Exception) -> None:
        self.note, self.tone = str(error), "bad"
        super()._failed(error)

    def _cancelled(self, _nothing: None) -> None:
        self.note, self.tone = _("Stopped. No files were written."), "muted"
        self.step = ""
