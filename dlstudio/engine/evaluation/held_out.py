"""The split that a run is judged on, and the verdict on its report."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.evaluation import VERDICT, EvaluationReport
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.engine.evaluation.verdict.judge import (
    HELD_OUT,
    can_judge,
    judge,
    judge_run,
)
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

ALL = "all"
"""All samples of other data, instead of a split."""


def held_out(prepared: PreparedSamples) -> str:
    """The held-out split: "test", else "validation".

    Raises:
        UserError: There is no held-out split.
    """
    for split in HELD_OUT:
        if len(prepared.splits.get(split, ())):
            return split
    raise UserError(
        _("No samples are held out, so the model cannot be evaluated."),
        _("Set data.split.test to a share of the data, and train again."),
    )


def with_verdict(
    report: EvaluationReport, run: Run, catalog: Catalog, *, own: bool = True
) -> EvaluationReport:
    """The report with a verdict on each output.

    Args:
        report: Of the run's model.
        run: The run.
        catalog: Describes what the run's project consists of.
        own: Whether it was evaluated on its own data; of other data no causes are
            searched.

    Returns:
        Without a verdict on an output that is compared with nothing.
    """
    outputs = dict(report.outputs)
    for name in list(outputs)[1:]:
        found = _verdict(report.alone(name), run, catalog, own)
        if found is not None:
            sections = {**outputs[name].sections, VERDICT: found}
            outputs[name] = replace(outputs[name], sections=sections)
    return replace(report, outputs=outputs, verdict=_verdict(report, run, catalog, own))


def _verdict(
    report: EvaluationReport, run: Run, catalog: Catalog, own: bool
) -> JsonObject | None:
    """The verdict on the first output; None if it is compared with nothing."""
    plain = report.to_json()
    if not can_judge(plain):
        return None
    if own:
        return judge_run(plain, run, catalog).to_json()
    noun = sample_noun(run.project(), catalog)
    return judge(plain, None, catalog, noun).to_json()


def is_held_out(prepared: PreparedSamples, split: str) -> bool:
    """Whether it is the split that a run is evaluated on."""
    there = any(len(prepared.splits.get(each, ())) for each in HELD_OUT)
    return there and split == held_out(prepared)
