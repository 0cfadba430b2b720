"""What is being exported and what came out; it outlives the room's widgets."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.document.export import ExportResult
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_export import ExportStep, export_model
from dlstudio.workers.prediction import RunReference
from dlstudio.workers.progress import Progress


class ExportJob(QObject):
    """The last export of one project, and the job that makes the next.

    Attributes:
        found: The last certified export.
        note: What is going on, or how it ended.
        tone: Of the note: "muted" or "bad".
        step: Which step of the export runs, or was the last one; "" for none.

    Signals:
        found_changed: There is another export, or none any more.
        running_changed: One began or ended, or the note differs.
        progressed: A `Progress`.
    """

    found_changed = Signal()
    running_changed = Signal()
    progressed = Signal(object)

    def __init__(self, session: Session, engine: Engine, notices: Notices) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        self.found: ExportResult | None = None
        self.note = ""
        self.tone = "muted"
        self.step = ""
        self._folder: Path | None = None
        self._job: Job[ExportResult] | None = None

    @property
    def running(self) -> bool:
        """Whether an export is being made."""
        return self._job is not None

    def set_project(self, folder: Path | None) -> None:
        """What was exported in another project is forgotten."""
        if folder != self._folder:
            self._folder = folder
            self.stop()
            self._job = None
            self.found = None
            self.step = ""
            self._set_note("")
            self.found_changed.emit()

    def start(self, run: str, format: str, out: Path, replace: bool) -> None:
        """Export and certify a run, unless one is being exported.

        Args:
            run: The run's id.
            format: The format's kind in the catalog.
            out: File or folder.
            replace: An earlier export of ours may be replaced.
        """
        folder = self._session.folder
        assert folder is not None, "there is no run without a project"
        if self._job is not None:
            return
        self.set_project(folder)
        question = RunReference(self._session.catalog, folder, run)
        job = self._engine.question(export_model, question, format, out, replace)
        job.on_success(partial(self._done, job)).on_failure(partial(self._failed, job))
        job.on_cancelled(partial(self._cancelled, job))
        job.on_progress(partial(self._progress, job)).on_end(partial(self._ended, job))
        self._job = job.start()
        self._notices.resolve("export")
        self.found = None
        self.step = "read"
        self.found_changed.emit()
        self._set_note("")

    def stop(self) -> None:
        """Export no further; nothing is left behind."""
        if self._job is not None:
            self._job.cancel()

    def _set_note(self, note: str, tone: str = "muted") -> None:
        self.note, self.tone = note, tone
        self.running_changed.emit()

    # A job that is not the one of now is about a project that was left.

    def _progress(
        self, job: Job[ExportResult], progress: Progress | ExportStep
    ) -> None:
        if job is not self._job:
            return
        if isinstance(progress, ExportStep):
            self.step = progress.name
            self.running_changed.emit()
        else:
            self.progressed.emit(progress)

    def _done(self, job: Job[ExportResult], found: ExportResult) -> None:
        if job is not self._job:
            return
        self.found = found
        self.note = self.step = ""
        self.found_changed.emit()
        self._notices.good(_("Exported and verified."))

    def _failed(self, job: Job[ExportResult], error: BaseException) -> None:
        if job is not self._job:
            return
        self.note, self.tone = str(error), "bad"
        self._notices.error(error, topic="export")

    def _cancelled(self, job: Job[ExportResult], _nothing: object) -> None:
        if job is not self._job:
            return
        self.note, self.tone = _("Stopped. No files were written."), "muted"
        self.step = ""

    def _ended(self, job: Job[ExportResult], _outcome: str) -> None:
        if job is not self._job:
            return
        self._job = None
        self.running_changed.emit()
