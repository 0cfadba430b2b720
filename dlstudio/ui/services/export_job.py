"""The export that runs and the last one; they outlive the room's widgets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from dlstudio.document.export import ExportResult
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.model_export import ExportStep, export_model
from dlstudio.workers.progress import Progress


class ExportJob(ProjectJob[ExportResult, Progress | ExportStep]):
    """The last verified export of one project, and the job that makes the next.

    Attributes:
        note: How the last one ended, where there is no result; "" for nothing.
        tone: Of the note: "muted" or "bad".
        step: Which step of the export runs, or was the last one; "" for none.

    Signals:
        progressed: A `Progress`.
    """

    progressed = Signal(object)

    def __init__(self, session: Session, engine: Engine, notices: Notices) -> None:
        super().__init__(session, engine, notices, "export")
        self.note = ""
        self.tone = "muted"
        self.step = ""

    def start(self, run: str, format: str, out: Path, replace: bool) -> None:
        """Export and verify a run, unless one is being exported.

        Args:
            run: Id of the run.
            format: A description of family "formats".
            out: File or folder; a format's suffix is added where it is missing.
            replace: An earlier export of ours, unchanged since, may be replaced.
        """
        if self.running:
            return
        question = self._reference(run)
        self.note, self.tone, self.step = "", "muted", "read"
        self._set_found(None)
        self._begin(self._engine.question(export_model, question, format, out, replace))

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
