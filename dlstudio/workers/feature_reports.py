"""Jobs that compute what columns mean to a trained model; on the prediction thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dlstudio.document.feature_sections import GroupMetrics
from dlstudio.document.sample_nouns import cell_inputs
from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress, ThrottledProgress

if TYPE_CHECKING:
    from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
    from dlstudio.engine.prediction.feature_model import FeatureModel

ReportKind = Literal["importance", "dependence", "groups"]
Sections = Mapping[str, Mapping[str, Any]]
"""A section as JSON by output."""


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """What is computed.

    Attributes:
        run: Id of the run.
        split: "train", "validation" or "test".
        kind: "importance" of all inputs, "dependence" on one, or "groups" by a column.
        column: The input or the column; "" for the importance.
    """

    run: str
    split: str
    kind: ReportKind
    column: str = ""


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """The answer.

    Attributes:
        subject: What was computed.
        sections: Of each output.
        groups: Of each output the groups by metric, for "groups".
    """

    subject: ReportSubject
    sections: Sections
    groups: Mapping[str, Mapping[str, GroupMetrics]] | None = None


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


def feature_report(
    context: ReportingContext[Progress],
    models: ModelCache,
    question: RunReference,
    subject: ReportSubject,
) -> FeatureReport:
    """Compute what columns mean to the outputs of a run.

    Args:
        context: Of the job; gets `Progress`.
        models: Caches the model and its data.
        question: The run and the project's folder.
        subject: What is computed.

    Raises:
        UserError: There is no model, no data, or no such column.
        Stopped: The job was cancelled.
    """
    from dlstudio.engine.evaluation.evaluated_rows import evaluated_rows
    from dlstudio.engine.evaluation.feature_effects import (
        feature_dependence,
        feature_importance,
    )
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    model = models.features(run, question.catalog)
    prepared = models.prepared(run, question, context)
    rows = evaluated_rows(model, prepared, subject.split)
    progress, stop = ThrottledProgress(context), StopToken(context.cancel_event)
    if subject.kind == "groups":
        return _grouped(context, question, subject, model, rows)
    if subject.kind == "importance":
        found: Mapping[str, Any] = feature_importance(model, rows, progress, stop)
    else:
        found = feature_dependence(model, rows, subject.column, progress, stop)
    sections = {output: each.to_json() for output, each in found.items()}
    return FeatureReport(subject, sections)


def _grouped(
    context: ReportingContext[Progress],
    question: RunReference,
    subject: ReportSubject,
    model: FeatureModel,
    rows: EvaluatedRows,
) -> FeatureReport:
    from dlstudio.engine.evaluation.metrics_by_group import metrics_by_group
    from dlstudio.engine.evaluation.run_groups import run_groups
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    place = (question.folder, question.catalog)
    groups = run_groups(run, *place, subject.column, rows.ids)
    progress, stop = ThrottledProgress(context), StopToken(context.cancel_event)
    found = metrics_by_group(model, rows, groups, subject.column, progress, stop)
    return FeatureReport(subject, {}, found)
