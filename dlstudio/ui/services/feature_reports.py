"""What columns mean to the evaluated run, computed on demand; outlives the room."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal

from dlstudio.document.column_report import ColumnReport, ColumnSubject, ReportKind
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.feature_reports import (
    FeatureReport,
    ReportColumns,
    feature_report,
    kept_reports,
    report_columns,
)
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress


class FeatureReports(ProjectJob[FeatureReport, Progress]):
    """Computes reports about columns one after the other, and knows those of before.

    They are of one evaluation. Those that were computed for its run and data before,
    here or on the command line, are read from the run's folder.

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
        self._evaluated: EvaluationReport | None = None
        self._known: dict[ColumnSubject, ColumnReport] = {}
        self.columns: ReportColumns | None = None
        self.subject: ColumnSubject | None = None

    def set_evaluated(self, evaluated: EvaluationReport) -> None:
        """The evaluation that is shown; reports of another one are forgotten.

        Args:
            evaluated: Of a run's own data.
        """
        self.set_project(self._session.folder)
        before, self._evaluated = self._evaluated, evaluated
        if evaluated is before:
            return
        self.stop()
        self._forget_reports()
        if before is None or before.run != evaluated.run:
            self.columns = None
            self.columns_changed.emit()
        self._set_found(None)
        question = self._reference(evaluated.run)
        job = self._engine.text_job(kept_reports, question, evaluated.fingerprint)
        job.on_success(partial(self._take_kept, evaluated)).start()

    def find_columns(self) -> None:
        """Find the columns there are, unless they are known; `columns_changed`."""
        if not self._run or self.columns is not None:
            return
        question = self._reference(self._run)
        job = self._engine.question(report_columns, question)
        job.on_success(self._take_columns).on_failure(self._notices.error).start()

    def known(self, kind: ReportKind, column: str = "") -> ColumnReport | None:
        """A report that was computed before.

        Args:
            kind: Of the report.
            column: That it is about.
        """
        return self._known.get(self._subject(kind, column))

    def latest_column(self, kind: ReportKind) -> str:
        """The column of the newest report of a kind; "" if there is none."""
        columns = [each.column for each in self._known if each.kind == kind]
        return columns[-1] if columns else ""

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
            self._set_found(FeatureReport(self._run, known))
            return
        self.stop()
        question = self._reference(self._run)
        self.subject = subject
        self._begin(
            self._engine.question(feature_report, self._models, question, subject)
        )

    @property
    def _run(self) -> str:
        return "" if self._evaluated is None else self._evaluated.run

    def _subject(self, kind: ReportKind, column: str) -> ColumnSubject:
        split = "" if self._evaluated is None else self._evaluated.split
        return ColumnSubject(split, kind, column)

    def _forget(self) -> None:
        self._evaluated = None
        self.columns = None
        self._forget_reports()

    def _forget_reports(self) -> None:
        self._known.clear()
        self.subject = None

    def _take_columns(self, found: ReportColumns) -> None:
        if found.run == self._run:
            self.columns = found
            self.columns_changed.emit()

    def _take_kept(
        self, evaluated: EvaluationReport, found: tuple[ColumnReport, ...]
    ) -> None:
        if evaluated is not self._evaluated:
            return
        newer, self._known = self._known, {}
        for each in found:
            if each.subject.split == evaluated.split:
                self._known[each.subject] = each
        self._known |= newer
        if self._known:
            self.found_changed.emit()

    def _reported(self, event: Progress) -> None:
        self.progressed.emit(event)

    def _succeeded(self, found: FeatureReport | None) -> None:
        evaluated = self._evaluated
        if found is None or evaluated is None or found.run != evaluated.run:
            return
        if found.report.subject.split == evaluated.split:
            self._known.pop(found.report.subject, None)  # the newest one is last
            self._known[found.report.subject] = found.report
            self._set_found(found)
