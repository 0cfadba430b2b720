"""From a run's report, record and journal to its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.catalog.store import Catalog
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
from dlstudio.engine.evaluation.verdict.baselines import compare_classes
from dlstudio.engine.evaluation.verdict.causes import diverged, find_causes
from dlstudio.engine.evaluation.verdict.evidence import Evidence
from dlstudio.engine.evaluation.verdict.history import TrainingHistory, history_of
from dlstudio.engine.runs.record import RUNNING
from dlstudio.engine.runs.store import INTERRUPTED, Run
from dlstudio.errors import UserError

ALPHA = 0.05
"""More than chance: in fewer than one of twenty runs that learn nothing is such a
result seen (one-sided)."""
STRICT = 0.01
"""For the second look at the scores, which must not find something in everything."""
HELD_OUT = ("test", "validation")


def outcome_of(comparison: BaselineComparison) -> str:
    """What a comparison says, whatever the causes."""
    if comparison.split == "train":
        return SEEN
    if comparison.value > comparison.baseline and comparison.p_value < ALPHA:
        return LEARNED
    if comparison.association is not None and comparison.association < STRICT:
        return PARTLY
    return UNCLEAR if comparison.value > comparison.baseline else NOTHING


def judge(
    report: Mapping[str, object], history: TrainingHistory | None, catalog: Catalog
) -> Verdict:
    """The verdict on a report.

    Args:
        report: In its JSON form.
        history: Of its run; None for samples of other data, or a run that goes on:
            then no causes are looked for.

    Raises:
        ValueError: The report holds too little for a verdict, or is damaged.
    """
    comparison = comparison_of(report)
    if comparison is None:
        return Verdict(UNTESTED, None, (Cause("one_class_held_out"),))
    outcome = outcome_of(comparison)
    if history is None or outcome == SEEN or comparison.split not in HELD_OUT:
        return Verdict(outcome, comparison)
    evidence = Evidence(report, comparison, history, catalog)
    return Verdict(outcome, comparison, find_causes(evidence, outcome))


def comparison_of(report: Mapping[str, Any]) -> BaselineComparison | None:
    """A report's comparison; of an older report without one, from its matrix.

    Returns:
        None where the samples give nothing to compare.

    Raises:
        ValueError: It is not known: the report is damaged, or an older one of samples
            with several labels.
    """
    if "comparison" in report:
        kept = report["comparison"]
        found = BaselineComparison.from_json(kept)
        if kept is not None and found is None:
            raise ValueError("damaged comparison")
        return found
    if report.get("multi_label"):
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
        catalog: Knows which metrics should rise.
    """
    ended = run.outcome not in (RUNNING, INTERRUPTED)
    try:
        history = history_of(run) if ended else None
    except UserError:
        history = None
    return judge(report, history, catalog)


def unevaluated(run: Run) -> Verdict | None:
    """What can be said of a run without a report: that it failed, or has no samples
    to be tested on; None where it must be evaluated first."""
    record = run.record
    if record.reason == "diverged":
        try:
            return Verdict(FAILED, None, (diverged(history_of(run)),))
        except UserError:
            return Verdict(FAILED)
    splits = record.data.get("splits")
    if run.model_path is None or not isinstance(splits, Mapping):
        return None
    if not any(splits.get(split) for split in HELD_OUT):
        return Verdict(UNTESTED, None, (Cause("nothing_held_out"),))
    return None


def verdict_of(
    run: Run,
    report: Mapping[str, object] | None,
    catalog: Catalog,
    *,
    quick: bool = False,
) -> Verdict | None:
    """The verdict on a run as it is known now; None before it is evaluated.

    Args:
        report: What the run's `report.json` says, if it is there.
        quick: Of an older report without a verdict, look for no causes: they are in
            the run's journal, which may be long.
    """
    if report is None or run.record.reason == "diverged":
        return unevaluated(run)
    kept = Verdict.from_json(report.get("verdict"))
    if kept is not None:
        return kept
    try:
        if quick:
            return judge(report, None, catalog)
        return judge_run(report, run, catalog)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None  # a report that somebody changed by hand
