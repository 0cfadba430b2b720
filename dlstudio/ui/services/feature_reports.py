"""What columns mean to the evaluated run, computed on demand; outlives the room."""

from __future__ import annotations

from PySide6.QtCore import Signal

from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.feature_reports import (
    FeatureReport,
    ReportColumns,
    ReportKind,
    ReportSubject,
    feature_report,
    report_columns,
)
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress


class FeatureReports(ProjectJob[FeatureReport, Progress]):
    """Computes reports about columns one after the other, and keeps them.

    They are of one run and split; those of another one are forgotten.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        notices: Reports failures.
        models: Caches recently used models and their data.

    Attributes:
        columns: The columns that there are; None while unknown.
        subject: What is computed, or was computed last; None for nothing.

    Signals:
        progressed: Emitted with a `Progress`.
        columns_changed: Emitted when `columns` is known or forgotten.
    """

    progressed = Signal(object)
    columns_changed = Signal()

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__(session, engine, notices, "feature_reports")
        self._models = models
        self._run = self._split = ""
        self._known: dict[ReportSubject, FeatureReport] = {}
        self.columns: ReportColumns | None = None
        self.subject: ReportSubject | None = None

    def set_evaluated(self, run: str, split: str) -> None:
        """The evaluation that is shown; reports of another one are forgotten.

        Args:
            run: Id of the run; "" for none.
            split: The split that was evaluated.
        """
        self.set_project(self._session.folder)
        if (run, split) == (self._run, self._split):
            return
        other = run != self._run
        self._run, self._split = run, split
        self.stop()
        self._forget_reports()
        if other:
            self.columns = None
            self.columns_changed.emit()
        self._set_found(None)

    def find_columns(self) -> None:
        """Find the columns there are, unless they are known; `columns_changed`."""
        if not self._run or self.columns is not None:
            return
        question = self._reference(self._run)
        job = self._engine.question(report_columns, question)
        job.on_success(self._take_columns).on_failure(self._notices.error).start()

    def known(self, kind: ReportKind, column: str = "") -> FeatureReport | None:
        """A report that was computed before.

        Args:
            kind: Of the report.
            column: That it is about.
        """
        return self._known.get(self._subject(kind, column))

    def request(self, kind: ReportKind, column: str = "") -> None:
        """Compute a report, unless it is known; another one that runs is stopped.

        Args:
            kind: Of the report.
            column: That it is about.
        """
        subject = self._subject(kind, column)
        if not self._run or (self.running and subject == self.subject):
            return
        known = self._known.get(subject)
        if known is not None:
            self.subject = subject
            self._set_found(known)
            return
        self.stop()
        question = self._reference(self._run)
        self.subject = subject
        self._begin(
            self._engine.question(feature_report, self._models, question, subject)
        )

    def _subject(self, kind: ReportKind, column: str) -> ReportSubject:
        return ReportSubject(self._run, self._split, kind, column)

    def _forget(self) -> None:
        self._run = self._split = ""
        self.columns = None
        self._forget_reports()

    def _forget_reports(self) -> None:
        self._known.clear()
        self.subject = None

    def _take_columns(self, found: ReportColumns) -> None:
        if found.run == self._run:
            self.columns = found
            self.columns_changed.emit()

    def _reported(self, event: Progress) -> None:
        self.progressed.emit(event)

    def _succeeded(self, found: FeatureReport | None) -> None:
        subject = None if found is None else found.subject
        if found is None or subject is None:
            return
        if (subject.run, subject.split) == (self._run, self._split):
            self._known[subject] = found
            self._set_found(found)
