"""Sections about features that `evaluate` adds: importance, dependence, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.prepare import Prepared
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.document.feature_sections import GroupMetrics
    from dlstudio.document.values import Spec
    from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
    from dlstudio.engine.evaluation.run_evaluation import EvaluatedModel
    from dlstudio.engine.prediction.feature_model import FeatureModel
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
    from dlstudio.engine.evaluation.evaluated_rows import evaluated_rows
    from dlstudio.engine.prediction.feature_model import (
        FeatureModel,
        load_feature_model,
    )

    model = evaluated.model
    if not isinstance(model, FeatureModel):
        model = load_feature_model(evaluated.run, evaluated.opened.catalog)
    rows = evaluated_rows(model, evaluated.prepared, report.split)
    found = _sections(request, model, rows, evaluated)
    outputs = {
        name: replace(each, sections={**each.sections, **found.get(name, {})})
        for name, each in report.outputs.items()
    }
    return replace(report, outputs=outputs)


def _sections(
    request: SectionRequest,
    model: FeatureModel,
    rows: EvaluatedRows,
    evaluated: EvaluatedRun,
) -> Sections:
    from dlstudio.engine.evaluation.feature_effects import (
        feature_dependence,
        feature_importance,
    )

    found: Sections = {}

    def add(sections: Mapping[str, Any]) -> None:
        for output, section in sections.items():
            found.setdefault(output, {})[section.NAME] = section.to_json()

    if request.by:
        add(_groups(request, model, rows, evaluated))
    if request.dependence:
        with evaluated.output.progress(_("Computing the effect")) as report:
            name = request.dependence
            add(feature_dependence(model, rows, name, report))
    if request.importance:
        with evaluated.output.progress(_("Computing the importance")) as report:
            importance = feature_importance(model, rows, report)
        if not importance:
            raise UserError(
                _("The importance of columns cannot be computed for this model."),
                _("It needs an output that predicts classes, or numbers that differ."),
            )
        add(importance)
    return found


def _groups(
    request: SectionRequest,
    model: FeatureModel,
    rows: EvaluatedRows,
    evaluated: EvaluatedRun,
) -> dict[str, GroupMetrics]:
    from dlstudio.engine.evaluation.metrics_by_group import metrics_by_group
    from dlstudio.engine.evaluation.run_groups import run_groups

    place = (evaluated.opened.folder, evaluated.opened.catalog)
    groups = run_groups(evaluated.run, *place, request.by, rows.ids, evaluated.source)
    found = metrics_by_group(model, rows, groups, request.by)
    known = sorted({metric for each in found.values() for metric in each})
    if request.metric and request.metric not in known:
        raise UserError(
            _("No output has the metric “{name}”.").format(name=request.metric),
            _("Choose one of: {names}.").format(names=", ".join(known)),
        )
    return {
        output: metrics.get(request.metric) or next(iter(metrics.values()))
        for output, metrics in found.items()
        if metrics
    }
