"""Derives the verdict from a run's report, record and journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import VERDICT, outputs_of
from dlstudio.document.sample_nouns import FIRST_NOUN, sample_noun
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.verdict import (
    FAILED,
    LEARNED,
    NOTHING,
    PARTLY,
    SEEN,
    UNCLEAR,
    UNTESTED,
    BaselineComparison,
    Cause,
    Verdict,
)
from dlstudio.document.verdict_metrics import is_slight
from dlstudio.engine.evaluation.verdict.causes import diverged, find_causes
from dlstudio.engine.evaluation.verdict.evidence import Evidence
from dlstudio.engine.evaluation.verdict.history import TrainingHistory, history_of
from dlstudio.engine.heads.class_baselines import compare_classes
from dlstudio.engine.runs.record import RUNNING
from dlstudio.engine.runs.store import INTERRUPTED, Run
from dlstudio.errors import UserError

ALPHA = 0.05
"""Significance level: fewer than one of twenty runs that learn nothing have such a
result (one-sided).
"""
STRICT = 0.01
"""Significance level of the additional test of the scores, which limits false
positives.
"""
HELD_OUT = ("test", "validation")


def outcome_of(comparison: BaselineComparison) -> str:
    """The outcome of a comparison, regardless of causes."""
    if comparison.split == "train":
        return SEEN
    if comparison.better and comparison.p_value < ALPHA:
        return PARTLY if is_slight(comparison) else LEARNED
    if comparison.association is not None and comparison.association < STRICT:
        return PARTLY
    return UNCLEAR if comparison.better else NOTHING


def can_judge(report: Mapping[str, Any]) -> bool:
    """Whether the first output of a report is compared with a baseline.

    Where that was not possible, it says so; some heads know of no baseline at all.
    """
    if report.get("classes"):
        return True
    outputs = report.get("outputs")
    first = next(iter(outputs.values()), None) if isinstance(outputs, Mapping) else None
    return isinstance(first, Mapping) and "comparison" in (first.get("baseline") or {})


def judge(
    report: Mapping[str, object],
    history: TrainingHistory | None,
    catalog: Catalog,
    noun: str = FIRST_NOUN,
) -> Verdict:
    """The verdict on a report.

    Args:
        report: The report in its JSON form.
        history: The run's history; None for other data or a run that is still training:
            then no causes are searched.
        catalog: Has the direction of each metric.
        noun: What the samples are called.

    Raises:
        ValueError: The report has too little data for a verdict, or is damaged.
    """
    comparison = comparison_of(report)
    if comparison is None:
        alike = "one_class_held_out" if report.get("classes") else "one_number_held_out"
        return Verdict(UNTESTED, None, (Cause(alike),), noun)
    outcome = outcome_of(comparison)
    if history is None or outcome == SEEN or comparison.split not in HELD_OUT:
        return Verdict(outcome, comparison, (), noun)
    evidence = Evidence(report, comparison, history, catalog)
    return Verdict(outcome, comparison, find_causes(evidence, outcome), noun)


def comparison_of(report: Mapping[str, Any]) -> BaselineComparison | None:
    """A report's comparison; for an older report, from its confusion matrix.

    Returns:
        None if the samples allow no comparison.

    Raises:
        ValueError: The report is damaged, or an older multi-label one.
    """
    if "comparison" in report:
        kept = report["comparison"]
        found = BaselineComparison.from_json(kept)
        if kept is not None and found is None:
            raise ValueError("damaged comparison")
        return found
    if report.get(SEVERAL_LABELS):
        raise ValueError("no comparison")
    try:
        classes = [str(each) for each in report["classes"]]
        matrix, split = report["confusion_matrix"], str(report["split"])
        return compare_classes(matrix, classes, split)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("damaged report") from error


def judge_run(report: Mapping[str, object], run: Run, catalog: Catalog) -> Verdict:
    """The verdict on an evaluation of a run's own data; see `judge`.

    Args:
        report: The evaluation as plain JSON data, as in "report.json".
        run: Its journal is read for causes, once it has ended.
        catalog: Has the direction of each metric.
    """
    ended = run.outcome not in (RUNNING, INTERRUPTED)
    try:
        history = history_of(run) if ended else None
    except UserError:
        history = None
    return judge(report, history, catalog, noun_of(run, catalog))


def noun_of(run: Run, catalog: Catalog) -> str:
    """What the samples of a run are called; as at first if its project is damaged."""
    try:
        return sample_noun(run.project(), catalog)
    except UserError:
        return FIRST_NOUN


def unevaluated(run: Run, catalog: Catalog) -> Verdict | None:
    """The verdict on a run without a report: failed, or without held-out samples.

    None if it must be evaluated first.
    """
    record, noun = run.record, noun_of(run, catalog)
    if record.reason == "diverged":
        try:
            return Verdict(FAILED, None, (diverged(history_of(run)),), noun)
        except UserError:
            return Verdict(FAILED, samples=noun)
    splits = record.data.get("splits")
    if run.model_path is None or not isinstance(splits, Mapping):
        return None
    if not any(splits.get(split) for split in HELD_OUT):
        return Verdict(UNTESTED, None, (Cause("nothing_held_out"),), noun)
    return None


def verdict_of(
    run: Run,
    report: Mapping[str, object] | None,
    catalog: Catalog,
    *,
    quick: bool = False,
) -> Verdict | None:
    """The current verdict on a run; None before it is evaluated, or if it cannot be.

    Args:
        report: The content of the run's `report.json`, if it exists.
        quick: For an older report without a verdict, skip the causes: they need the
            run's journal, which may be long.
    """
    if report is None or run.record.reason == "diverged":
        return unevaluated(run, catalog)
    kept = Verdict.from_json(report.get("verdict"))
    if kept is not None or not can_judge(report):
        return kept
    try:
        if quick:
            return judge(report, None, catalog, noun_of(run, catalog))
        return judge_run(report, run, catalog)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None  # a report that was edited by hand


def other_verdicts(report: Mapping[str, Any] | None) -> dict[str, Verdict]:
    """The verdicts on all outputs but the first one, by what they predict.

    Args:
        report: The content of the run's `report.json`, if it exists.
    """
    if report is None:
        return {}
    found = {
        name: Verdict.from_json(each.sections.get(VERDICT))
        for name, each in outputs_of(report).items()
    }
    return {name: each for name, each in found.items() if each is not None}
