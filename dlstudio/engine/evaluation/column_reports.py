"""Computes what columns mean to the outputs of a run's model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.prepared import Prepared
from dlstudio.document.column_report import ColumnReport, ColumnSubject
from dlstudio.document.feature_sections import Importance, PartialDependence
from dlstudio.document.values import Spec
from dlstudio.engine.evaluation.batched import Progress
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows, evaluated_rows
from dlstudio.engine.evaluation.feature_effects import (
    feature_dependence,
    feature_importance,
)
from dlstudio.engine.evaluation.metrics_by_group import metrics_by_group
from dlstudio.engine.evaluation.run_groups import run_groups
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.runs.column_reports import keep_column_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """A run whose columns are reported on.

    Attributes:
        run: The run.
        model: Its model.
        prepared: Its data, or other data.
        folder: The project's folder.
        catalog: Describes feature types and sources.
        source: The other data; None for its own.
    """

    run: Run
    model: FeatureModel
    prepared: Prepared
    folder: Path
    catalog: Catalog
    source: Spec | None = None


def column_report(
    reported: ReportedRun,
    subject: ColumnSubject,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> ColumnReport:
    """Compute a report; one on the run's own data is kept with the run.

    Args:
        reported: The run with its model and data.
        subject: What is computed.
        progress: Called with what is done and the total.
        stop: Checked before each batch.

    Raises:
        UserError: There is no such column, nothing to say about it, or the report
            cannot be written.
        Stopped: `stop` was set.
    """
    model, fingerprint = reported.model, reported.prepared.fingerprint
    rows = evaluated_rows(model, reported.prepared, subject.split)
    if subject.kind == "groups":
        made = _grouped(reported, subject, rows, progress, stop)
    else:
        found: Mapping[str, Importance | PartialDependence]
        if subject.kind == "importance":
            found = feature_importance(model, rows, progress, stop)
            _check_importance(found)
        else:
            found = feature_dependence(model, rows, subject.column, progress, stop)
        sections = {output: each.to_json() for output, each in found.items()}
        made = ColumnReport(subject, fingerprint, sections)
    if reported.source is None:
        keep_column_report(reported.run, made)
    return made


def _check_importance(found: Mapping[str, object]) -> None:
    if not found:
        raise UserError(
            _("The importance of columns cannot be computed for this model."),
            _("It needs an output that predicts classes, or numbers that differ."),
        )


def _grouped(
    reported: ReportedRun,
    subject: ColumnSubject,
    rows: EvaluatedRows,
    progress: Progress | None,
    stop: StopToken | None,
) -> ColumnReport:
    """Every metric of every output by the values of a column."""
    place = (reported.folder, reported.catalog)
    column = subject.column
    groups = run_groups(reported.run, *place, column, rows.ids, reported.source)
    found = metrics_by_group(reported.model, rows, groups, column, progress, stop)
    sections = {
        output: {metric: each.to_json() for metric, each in metrics.items()}
        for output, metrics in found.items()
    }
    return ColumnReport(subject, reported.prepared.fingerprint, groups=sections)
