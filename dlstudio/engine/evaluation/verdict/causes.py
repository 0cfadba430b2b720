"""Why a run has not learned more: rules of thumb, each with its reason.

A rule looks at the evidence and gives a cause or none. What the training samples
themselves show comes first: a model that has not learned those has another ailment
than one that has learned them alone.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import UNCLEAR, Cause
from dlstudio.engine.evaluation.verdict.evidence import Evidence
from dlstudio.engine.evaluation.verdict.history import TrainingHistory
from dlstudio.engine.problems.learning_rates import highest_rate
from dlstudio.engine.problems.node_queries import number
from dlstudio.engine.tasks.base import short

MOST = 3
"""Causes that are told: a longer list is no help."""
GOOD = 0.95
"""From this value on, nothing is said of little data or too few epochs."""
POOR_FIT = 0.25
"""Below this share of the way from the baseline to 1 on its own training samples, a
model has not learned even those; noise alone reaches about 0.1 on 100 samples."""
FULL_FIT = 0.9
"""From this share on, longer training has nothing left to learn."""
GAP = 0.15
"""Points between training and held-out samples that count as over-fitting, if the
training value also lies outside of the interval: a few points are usual."""
RISE = 1.15
"""A validation loss this many times its best one has risen, not merely wavered."""
FELL = 0.9
"""A training loss below this share of the one at the best epoch went on falling."""
FALLING = 0.01
"""A training loss that falls by this share an epoch at the end has not settled."""
FEW_STEPS = 200
"""Fewer steps are few for any optimizer: Adam moves a weight by at most about its
rate in each, so 200 steps of 0.001 move it by 0.2."""
HIGH_FACTOR, LOW_FACTOR = 10.0, 0.1
"""Learning rates this far from the optimizer's usual one are suspects; but only if
nothing was learned, since a small model or a schedule may bear them."""
LITTLE = 100
"""Images of a class below which a network trained from nothing seldom does well; the
usual small sets (CIFAR-10, Fashion-MNIST) have 5,000 and more."""
UNEVEN = 4.0
"""The largest class has this many times the samples of the smallest: then always
naming the largest pays in the loss while the smallest is hardly seen."""
LEAST_SUPPORT = 3
"""A class with fewer held-out samples may be missed by chance."""

Rule = Callable[[Evidence], Cause | None]


def find_causes(evidence: Evidence, outcome: str) -> tuple[Cause, ...]:
    """The likely causes, the first one first; at most `MOST`."""
    fit = evidence.best_fit
    first = NOT_LEARNED if fit is not None and fit < POOR_FIT else LEARNED_THOSE
    found = [cause for rule in first if (cause := rule(evidence)) is not None]
    if outcome == UNCLEAR:
        count = evidence.comparison.samples
        found[MOST - 1 :] = [_cause("few_held_out", count=count)]
    return tuple(found[:MOST])


def diverged(history: TrainingHistory) -> Cause:
    """The loss became NaN, or exploded."""
    rate = rate_of(history)
    return _cause("diverged", epoch=len(history.epochs) + 1, rate=rate or 0.0)


def rate_of(history: TrainingHistory) -> float | None:
    """The learning rate that was set; None where the optimizer's own one was taken."""
    return number(history.project.plan.optimizer.params.get("learning_rate"))


def usual_rate(evidence: Evidence) -> float | None:
    """The optimizer's default."""
    optimizer = evidence.history.project.plan.optimizer
    described = evidence.catalog.search("optimizers", optimizer.kind)
    param = described.param("learning_rate") if described else None
    return number(param.default) if param else None


def rate_too_high(evidence: Evidence) -> Cause | None:
    """Steps so large that they jump over every minimum."""
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
    """It ended while there was still something to gain."""
    history, fit = evidence.history, evidence.best_fit
    if history.reason != "epochs" or evidence.comparison.value >= GOOD:
        return None
    if overfit(evidence) is not None:
        return None
    if fit is not None and fit >= FULL_FIT:
        return None
    poor = fit is not None and fit < POOR_FIT
    if not (still_falling(history) or (poor and history.steps < FEW_STEPS)):
        return None
    return _cause("too_few_epochs", epochs=len(history.epochs))


def still_falling(history: TrainingHistory) -> bool:
    """The training loss fell to the end, and validation did not suffer from it.

    A single epoch is taken for one of a fall: hardly any model is done by then.
    """
    loss, validation = history.curve("loss"), history.curve("val_loss")
    last = max(len(loss) // 4, 1)
    if len(loss) < 2 or loss[-1 - last] <= 0:
        return len(loss) == 1
    fall = 1 - loss[-1] / loss[-1 - last]
    return fall >= FALLING * last and not _has_risen(validation)


def underfit(evidence: Evidence) -> Cause | None:
    """Not even the training samples are learned, and nothing else explains it."""
    others = (rate_too_high, rate_too_low, too_few_epochs)
    if any(rule(evidence) is not None for rule in others):
        return None
    return _cause("underfit", **_trained(evidence))


def overfit(evidence: Evidence) -> Cause | None:
    """The training samples are known by heart, the others are not."""
    trained, comparison = evidence.trained, evidence.comparison
    if trained is not None:
        far = trained - comparison.value >= GAP
        if far and trained > comparison.high:
            return _cause("overfit", trained=trained, value=comparison.value)
    history = evidence.history
    loss, validation = history.curve("loss"), history.curve("val_loss")
    best = validation.index(min(validation)) if validation else 0
    stopped = history.reason == "early_stopping" or _has_risen(validation)
    parted = bool(loss and validation) and stopped and loss[-1] < FELL * loss[best]
    if comparison.value < GOOD and parted:
        return _cause("overfit_later", epoch=best + 1)
    return None


def one_answer(evidence: Evidence) -> Cause | None:
    """All samples get the same answer, or a class is never one."""
    answers = evidence.answers
    predicted = [name for name, (_there, count) in answers.items() if count]
    several = sum(there > 0 for there, _count in answers.values()) > 1
    if len(predicted) == 1 and several and not evidence.report.get("multi_label"):
        return _cause("one_answer", name=predicted[0])
    missed = [
        name
        for name, (there, count) in answers.items()
        if there >= LEAST_SUPPORT and not count
    ]
    return _cause("never_predicted", names=tuple(missed)) if missed else None


def imbalanced(evidence: Evidence) -> Cause | None:
    """The rare classes are seen too seldom, and do worse than the common ones."""
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
    """Few images of each class."""
    counts = [count for count in evidence.counts.values() if count]
    if not counts or evidence.comparison.value >= GOOD:
        return None
    typical = int(statistics.median(counts))
    return _cause("little_data", count=typical) if typical < LITTLE else None


NOT_LEARNED: tuple[Rule, ...] = (
    *(rate_too_high, rate_too_low, too_few_epochs, underfit),
    *(one_answer, imbalanced, little_data),
)
"""For a model that has not learned even its training samples."""

LEARNED_THOSE: tuple[Rule, ...] = (
    *(imbalanced, overfit, one_answer, little_data, too_few_epochs),
)
"""For one that has learned them, or where it is not known."""


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
    """The mean of the last quarter lies well above the best epoch's."""
    if len(validation) < 4:
        return False
    last = validation[-(len(validation) // 4) :]
    best = min(validation)
    return best > 0 and statistics.fmean(last) > RISE * best
