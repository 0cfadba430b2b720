"""Sections about features that `evaluate` adds: importance, dependence, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.document.feature_sections import (
    GroupMetrics,
    Importance,
    PartialDependence,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.data.prepared import Prepared
    from dlstudio.document.column_report import ColumnReport
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.document.values import Spec
    from dlstudio.engine.evaluation.column_reports import ReportedRun
    from dlstudio.engine.evaluation.run_evaluation import EvaluatedModel
    from dlstudio.engine.runs.store import Run

Sections = dict[str, dict[str, Any]]
"""Sections by name, of each output."""


@dataclass(frozen=True, slots=True)
class SectionRequest:
    """The sections that are wanted.

    Attributes:
        importance: Whether the importance of each input is wanted.
        dependence: An input whose effect is wanted; "" for none.
        by: A column by which results are grouped; "" for none.
        metric: The metric of the groups; "" for the most important one.
    """

    importance: bool = False
    dependence: str = ""
    by: str = ""
    metric: str = ""

    def __bool__(self) -> bool:
        return self.importance or bool(self.dependence or self.by)


@dataclass(frozen=True, slots=True)
class EvaluatedRun:
    """The run that is evaluated.

    Attributes:
        opened: Its project.
        run: The run.
        model: Its model, as it was evaluated.
        prepared: Its data, or other data.
        source: The other data; None for its own.
        output: Gets the progress.
    """

    opened: OpenedProject
    run: Run
    model: EvaluatedModel
    prepared: Prepared
    source: Spec | None
    output: Output


def with_sections(
    report: EvaluationReport, request: SectionRequest, evaluated: EvaluatedRun
) -> EvaluationReport:
    """The report with the sections that are wanted.

    Args:
        report: Of the run.
        request: What is wanted.
        evaluated: The run.

    Raises:
        UserError: There is no such column or metric.
    """
    from dlstudio.engine.evaluation.column_reports import ReportedRun
    from dlstudio.engine.prediction.feature_model import (
        FeatureModel,
        load_feature_model,
    )

    model, opened = evaluated.model, evaluated.opened
    if not isinstance(model, FeatureModel):
        model = load_feature_model(evaluated.run, opened.catalog)
    place = (opened.folder, opened.catalog)
    data = (evaluated.prepared, *place, evaluated.source)
    reported = ReportedRun(evaluated.run, model, *data)
    found = _sections(request, reported, report.split, evaluated.output)
    outputs = {
        name: replace(each, sections={**each.sections, **found.get(name, {})})
        for name, each in report.outputs.items()
    }
    return replace(report, outputs=outputs)


def _sections(
    request: SectionRequest, reported: ReportedRun, split: str, output: Output
) -> Sections:
    from dlstudio.document.column_report import ColumnSubject
    from dlstudio.engine.evaluation.column_reports import column_report

    found: Sections = {}

    def add(name: str, sections: Mapping[str, JsonObject]) -> None:
        for each, section in sections.items():
            found.setdefault(each, {})[name] = section

    if request.by:
        report = column_report(reported, ColumnSubject(split, "groups", request.by))
        add(GroupMetrics.NAME, _chosen_metric(request, report))
    if request.dependence:
        subject = ColumnSubject(split, "dependence", request.dependence)
        with output.progress(_("Computing the effect")) as progress:
            report = column_report(reported, subject, progress)
        add(PartialDependence.NAME, report.sections)
    if request.importance:
        with output.progress(_("Computing the importance")) as progress:
            report = column_report(
                reported, ColumnSubject(split, "importance"), progress
            )
        add(Importance.NAME, report.sections)
    return found


def _chosen_metric(
    request: SectionRequest, report: ColumnReport
) -> dict[str, JsonObject]:
    """The wanted metric of each output by group, else its most important one."""
    known = sorted({metric for each in report.groups.values() for metric in each})
    if request.metric and request.metric not in known:
        raise UserError(
            _("No output has the metric “{name}”.").format(name=request.metric),
            _("Choose one of: {names}.").format(names=", ".join(known)),
        )
    return {
        output: metrics.get(request.metric) or next(iter(metrics.values()))
        for output, metrics in report.groups.items()
        if metrics
    }
