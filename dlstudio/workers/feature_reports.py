"""Jobs that report what columns mean to a trained model."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.column_report import ColumnReport, ColumnSubject
from dlstudio.document.sample_nouns import cell_inputs
from dlstudio.workers.jobs import JobContext, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress, ThrottledProgress


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """A report that was computed.

    Attributes:
        run: Id of the run.
        report: What columns mean to it.
    """

    run: str
    report: ColumnReport


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """The columns that a report can be about.

    Attributes:
        run: Id of the run.
        inputs: Inputs whose values can be named.
        groups: Columns by which results can be grouped, the most suitable first.
    """

    run: str
    inputs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def report_columns(
    _context: ReportingContext[Progress], question: RunReference
) -> ReportColumns:
    """The columns of a run's data.

    Args:
        question: The run and the project's folder.

    Raises:
        UserError: The run or its data cannot be read.
    """
    from dlstudio.engine.evaluation.run_groups import group_columns
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    inputs = cell_inputs(run.project(), question.catalog)
    groups = group_columns(run, question.folder, question.catalog)
    return ReportColumns(question.run, inputs, groups)


def kept_reports(
    _context: JobContext, question: RunReference, fingerprint: str
) -> tuple[ColumnReport, ...]:
    """The reports that were computed for a run before; needs no TensorFlow.

    Args:
        question: The run and the project's folder.
        fingerprint: Of the data; reports on other data do not count.
    """
    from dlstudio.engine.runs.column_reports import kept_column_reports
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.errors import UserError

    try:
        run = RunStore(question.folder).find(question.run)
    except UserError:  # removed in the meantime
        return ()
    return kept_column_reports(run, fingerprint)


def feature_report(
    context: ReportingContext[Progress],
    models: ModelCache,
    question: RunReference,
    subject: ColumnSubject,
) -> FeatureReport:
    """Compute what columns mean to the outputs of a run; on the prediction thread.

    Args:
        context: Of the job; gets `Progress`.
        models: Caches the model and its data.
        question: The run and the project's folder.
        subject: What is computed.

    Raises:
        UserError: There is no model, no data, or no such column.
        Stopped: The job was cancelled.
    """
    from dlstudio.engine.evaluation.column_reports import ReportedRun, column_report
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    model = models.features(run, question.catalog)
    prepared = models.prepared(run, question, context)
    place = (question.folder, question.catalog)
    progress, stop = ThrottledProgress(context), StopToken(context.cancel_event)
    reported = ReportedRun(run, model, prepared, *place)
    return FeatureReport(run.id, column_report(reported, subject, progress, stop))
