"""Keeps a widget up to date with the verdict on a run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.project import Project
from dlstudio.ui.studio import Studio
from dlstudio.workers.jobs import Job
from dlstudio.workers.run_verdict import RunVerdict, read_verdict

DEBOUNCE_MS = 100  # delay after the last edit before suggestions are updated

VerdictRequest = tuple[Path, str, Project]


class VerdictReader(QObject):
    """Updates the verdict when the run, its report or the project changes.

    Signals:
        reported: Emitted with a `RunVerdict`, which may be empty.
    """

    reported = Signal(object)

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._run = ""
        self._job: Job[RunVerdict] | None = None
        self._request: VerdictRequest | None = None
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self.refresh)
        studio.session.changed.connect(self._debounce.start)

    def set_run(self, run: str) -> None:
        """Set the run; "" for none."""
        if run != self._run:
            self._run = run
            self.reported.emit(RunVerdict(run))
            self.refresh()

    def refresh(self) -> None:
        """Read the verdict again."""
        session = self._studio.session
        if session.folder is None or not self._run:
            self.reported.emit(RunVerdict(self._run))
            return
        if self._job is not None:
            self._debounce.start()
            return
        self._request = session.folder, self._run, session.project
        folder, run, project = self._request
        job = self._studio.engine.text_job(
            read_verdict, session.catalog, folder, run, project
        )
        job.on_success(self._report).on_failure(self._studio.notices.error)
        self._job = job.on_end(self._ended).start()

    def _report(self, reported: RunVerdict) -> None:
        session = self._studio.session
        if (session.folder, self._run, session.project) == self._request:
            self.reported.emit(reported)
        else:
            self._debounce.start()

    def _ended(self, _outcome: str) -> None:
        self._job = None
