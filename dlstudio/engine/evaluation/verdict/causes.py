"""Likely causes of a poor result: heuristics, each with its reason.

A rule examines the evidence and returns a cause or None. The training samples come
first: a model that does not fit those has a different problem from one that fits only
those.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import UNCLEAR, Cause
from dlstudio.engine.evaluation.verdict.evidence import Evidence
from dlstudio.engine.evaluation.verdict.history import TrainingHistory
from dlstudio.engine.heads.base import short
from dlstudio.engine.problems.learning_rates import highest_rate
from dlstudio.engine.problems.node_queries import number

MOST = 3
"""Maximum number of reported causes: a longer list does not help."""
GOOD = 0.95
"""From this value on, little data and too few epochs are not reported."""
FULL_FIT = 0.9
"""From this fraction on, longer training does not improve the fit."""
GAP = 0.15
"""Points between training and held-out samples that count as overfitting, if the
training value is also outside the interval: a few points are usual.
"""
RISE = 1.15
"""A validation loss this many times its best has risen, not just fluctuated."""
FELL = 0.9
"""A training loss below this fraction of that at the best epoch kept falling."""
FALLING = 0.01
"""A training loss that falls by this fraction per epoch at the end has not converged.
"""
FEW_STEPS = 200
"""Fewer steps are few for any optimizer: Adam moves a weight by at most about its
rate in each, so 200 steps of 0.001 move it by 0.2."""
HIGH_FACTOR, LOW_FACTOR = 10.0, 0.1
"""Learning rates this far from the optimizer's default are suspicious; but only if
nothing was learned, since they may suit a small model or a schedule.
"""
LITTLE = 100
"""Samples per class below which a network trained from scratch seldom does well; the
usual small data sets (CIFAR-10, Fashion-MNIST) have 5,000 and more.
"""
UNEVEN = 4.0
"""Ratio of the largest to the smallest class from which always predicting the largest
reduces the loss, while the smallest is hardly seen.
"""
LEAST_SUPPORT = 3
"""A class with fewer held-out samples may be missed by chance."""

Rule = Callable[[Evidence], Cause | None]


def find_causes(evidence: Evidence, outcome: str) -> tuple[Cause, ...]:
    """The likely causes, most likely first; at most `MOST`."""
    first = NOT_LEARNED if evidence.is_fitted_poorly else LEARNED_THOSE
    found = [cause for rule in first if (cause := rule(evidence)) is not None]
    found[1:1] = evidence.seen_by_head
    if outcome == UNCLEAR:
        count = evidence.comparison.samples
        found[MOST - 1 :] = [_cause("few_held_out", count=count)]
    return tuple(found[:MOST])


def diverged(history: TrainingHistory) -> Cause:
    """The loss became NaN, or exploded."""
    rate = rate_of(history)
    return _cause("diverged", epoch=len(history.epochs) + 1, rate=rate or 0.0)


def rate_of(history: TrainingHistory) -> float | None:
    """The learning rate that was set; None for the optimizer's default."""
    return number(history.project.plan.optimizer.params.get("learning_rate"))


def usual_rate(evidence: Evidence) -> float | None:
    """The optimizer's default."""
    optimizer = evidence.history.project.plan.optimizer
    described = evidence.catalog.search("optimizers", optimizer.kind)
    param = described.param("learning_rate") if described else None
    return number(param.default) if param else None


def rate_too_high(evidence: Evidence) -> Cause | None:
    """Steps so large that they overshoot every minimum."""
    rate, usual = rate_of(evidence.history), usual_rate(evidence)
    if rate is None or not usual:
        return None
    name = short(evidence.history.project.plan.optimizer.kind)
    highest = min(HIGH_FACTOR * usual, highest_rate(name))
    if rate < highest:
        return None
    return _cause("rate_too_high", rate=rate, **_trained(evidence))


def rate_too_low(evidence: Evidence) -> Cause | None:
    """Steps so small that the weights hardly move."""
    rate, usual = rate_of(evidence.history), usual_rate(evidence)
    if rate is None or not usual or rate > LOW_FACTOR * usual:
        return None
    return _cause("rate_too_low", rate=rate, **_trained(evidence))


def too_few_epochs(evidence: Evidence) -> Cause | None:
    """Training ended while the model was still improving."""
    history, fit = evidence.history, evidence.best_fit
    if history.reason != "epochs" or evidence.held_out_quality >= GOOD:
        return None
    if overfit(evidence) is not None:
        return None
    if fit is not None and fit >= FULL_FIT:
        return None
    few = evidence.is_fitted_poorly and history.steps < FEW_STEPS
    if not (still_falling(history) or few):
        return None
    return _cause("too_few_epochs", epochs=len(history.epochs))


def still_falling(history: TrainingHistory) -> bool:
    """The training loss fell to the end, and validation did not get worse.

    A single epoch counts as falling: hardly any model has converged by then.
    """
    loss, validation = history.curve("loss"), history.curve("val_loss")
    last = max(len(loss) // 4, 1)
    if len(loss) < 2 or loss[-1 - last] <= 0:
        return len(loss) == 1
    fall = 1 - loss[-1] / loss[-1 - last]
    return fall >= FALLING * last and not _has_risen(validation)


def underfit(evidence: Evidence) -> Cause | None:
    """The training samples are not fitted either, and nothing else explains it."""
    others = (rate_too_high, rate_too_low, too_few_epochs)
    if any(rule(evidence) is not None for rule in others):
        return None
    return _cause("underfit", **_trained(evidence))


def overfit(evidence: Evidence) -> Cause | None:
    """The training samples are memorized, the others are not predicted well."""
    trained, comparison = evidence.trained, evidence.comparison
    value = evidence.held_out_quality
    if trained is not None:
        far = evidence.quality(trained) - value >= GAP
        outside = trained > comparison.high
        if comparison.less_is_better:
            outside = trained < comparison.low
        if far and outside:
            return _cause("overfit", trained=trained, value=comparison.value)
    history = evidence.history
    loss, validation = history.curve("loss"), history.curve("val_loss")
    best = validation.index(min(validation)) if validation else 0
    stopped = history.reason == "early_stopping" or _has_risen(validation)
    parted = bool(loss and validation) and stopped and loss[-1] < FELL * loss[best]
    if value < GOOD and parted:
        return _cause("overfit_later", epoch=best + 1)
    return None


def one_answer(evidence: Evidence) -> Cause | None:
    """All samples get the same prediction, or a class is never predicted."""
    if evidence.of_numbers:
        constant = evidence.constant
        return None if constant is None else _cause("one_number", number=constant)
    answers = evidence.answers
    predicted = [name for name, (_there, count) in answers.items() if count]
    several = sum(there > 0 for there, _count in answers.values()) > 1
    if len(predicted) == 1 and several and not evidence.report.get(SEVERAL_LABELS):
        return _cause("one_answer", name=predicted[0])
    missed = [
        name
        for name, (there, count) in answers.items()
        if there >= LEAST_SUPPORT and not count
    ]
    return _cause("never_predicted", names=tuple(missed)) if missed else None


def imbalanced(evidence: Evidence) -> Cause | None:
    """Rare classes have few samples, and do worse than frequent ones."""
    counts = {name: count for name, count in evidence.counts.items() if count}
    if len(counts) < 2:
        return None
    count_of = counts.__getitem__
    most, least = max(counts, key=count_of), min(counts, key=count_of)
    if counts[most] < UNEVEN * counts[least]:
        return None
    recall = _recalls(evidence)
    if recall.get(least, 1.0) >= 0.5 * recall.get(most, 0.0) > 0:
        return None
    return _cause(
        "imbalanced",
        largest=most,
        most=counts[most],
        smallest=least,
        least=counts[least],
    )


def little_data(evidence: Evidence) -> Cause | None:
    """Few samples of each class, or few at all."""
    if evidence.held_out_quality >= GOOD:
        return None
    if not evidence.classes:
        rows = (evidence.history.splits or {}).get("train", LITTLE)
        return _cause("few_rows", count=rows) if rows < LITTLE else None
    counts = [count for count in evidence.counts.values() if count]
    if not counts:
        return None
    typical = int(statistics.median(counts))
    return _cause("little_data", count=typical) if typical < LITTLE else None


NOT_LEARNED: tuple[Rule, ...] = (
    *(rate_too_high, rate_too_low, too_few_epochs, underfit),
    *(one_answer, imbalanced, little_data),
)
"""Rules for a model that has not fitted its training samples."""

LEARNED_THOSE: tuple[Rule, ...] = (
    *(imbalanced, overfit, one_answer, little_data, too_few_epochs),
)
"""Rules for a model that has fitted them, or if that is unknown."""


def _cause(code: str, **facts: object) -> Cause:
    return Cause(code, FrozenMap(facts))


def _trained(evidence: Evidence) -> dict[str, float]:
    return {} if evidence.trained is None else {"trained": evidence.trained}


def _recalls(evidence: Evidence) -> dict[str, float]:
    return dict(_each_recall(evidence))


def _each_recall(evidence: Evidence) -> Iterator[tuple[str, float]]:
    for name, class_metrics in dict(evidence.report.get("per_class", {})).items():
        if class_metrics.get("support"):
            yield name, float(class_metrics.get("recall") or 0.0)


def _has_risen(validation: list[float]) -> bool:
    """Whether the mean of the last quarter is well above the best epoch."""
    if len(validation) < 4:
        return False
    last = validation[-(len(validation) // 4) :]
    best = min(validation)
    return best > 0 and statistics.fmean(last) > RISE * best
