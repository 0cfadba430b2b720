"""Suggestions: project edits that can be undone, or another action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetData, SetPlan
from dlstudio.document.plan import EarlyStopping, Split
from dlstudio.document.project import Project
from dlstudio.document.sample_nouns import (
    FIRST_NOUN,
    add_more,
    check_samples,
    look_at,
    sample_noun,
)
from dlstudio.document.verdict import (
    EDIT,
    OPEN_DATA,
    TRAIN_LONGER,
    Cause,
    Suggestion,
    Verdict,
)
from dlstudio.engine.evaluation.verdict.augmentation import augmentation, can_move
from dlstudio.engine.evaluation.verdict.history import has_checkpoint
from dlstudio.engine.evaluation.verdict.pretrained import (
    UNKNOWN,
    TrainedOn,
    could_improve,
    pretrained_edits,
)
from dlstudio.engine.evaluation.verdict.regularization import dropout, more_units
from dlstudio.engine.problems.node_queries import number
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

MOST = 3
"""Maximum number of suggestions, shown as buttons: more would be confusing."""
AT_LEAST = 10
"""Additional epochs: fewer would hardly make a difference."""
MISTAKES = frozenset(
    ("diverged", "rate_too_high", "rate_too_low", "imbalanced", "nothing_held_out")
)
"""Causes that are removed before anything else is tried."""
MORE_TESTS = 0.3
"""Fraction to hold out for tests if there are too few test samples."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What suggestions depend on, besides the verdict.

    Attributes:
        project: The current project; what it already has is not suggested.
        run: Id of the run.
        epochs: Number of epochs trained.
        can_resume: It ended as planned, with a checkpoint to resume from.
        samples: What the samples are called.
        trained_on: What the run was trained on.
    """

    project: Project
    catalog: Catalog
    run: str = ""
    epochs: int = 0
    can_resume: bool = False
    samples: str = FIRST_NOUN
    trained_on: TrainedOn = UNKNOWN


def situation_of(run: Run, project: Project, catalog: Catalog) -> Situation:
    """The situation after a run.

    Args:
        project: The current project.
    """
    resumable = run.record.reason == "epochs" and has_checkpoint(run)
    noun = sample_noun(project, catalog)
    return Situation(
        *(project, catalog, run.id, run.record.epochs, resumable, noun),
        trained_on=TrainedOn.of(run),
    )


def suggestions(verdict: Verdict, now: Situation) -> tuple[Suggestion, ...]:
    """Suggestions, the most likely to help first; at most `MOST`.

    Each cause contributes one suggestion before any contributes a second.
    """
    ways = [_OF.get(each.code, _none)(each, now) for each in verdict.causes]
    mistaken = bool(verdict.causes) and verdict.causes[0].code in MISTAKES
    ways.insert(int(mistaken), _pretrained(verdict, now))
    found: list[Suggestion] = []
    for group in zip_longest(*ways):
        for each in group:
            if each is None or each.label in {known.label for known in found}:
                continue
            if _does_something(each, now.project):
                found.append(each)
    return tuple(found[:MOST])


def _pretrained(verdict: Verdict, now: Situation) -> Iterator[Suggestion]:
    """A pretrained network in place of one that was trained on few samples alone."""
    edits = pretrained_edits(now.project, now.catalog, now.trained_on)
    if edits and could_improve(verdict):
        yield _edit(_("Use a pretrained network"), *edits)


def _does_something(made: Suggestion, project: Project) -> bool:
    """Whether its edits fit the project and change it."""
    after = project
    try:
        for edit in made.edits:
            after = edit.apply(after)
    except UserError:
        return False
    return not made.edits or after != project


def _lower_rate(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    """A tenth of the rate that was too high, at most the optimizer's default."""
    usual, rate = _usual_rate(now), cause.facts.get("rate")
    if usual is not None:
        rate = rate if isinstance(rate, (int, float)) and rate > 0 else usual
        yield _set_rate(min(rate / 10, usual))


def _usual(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    usual = _usual_rate(now)
    if usual is not None:
        yield _set_rate(usual)


def _set_rate(rate: float) -> Suggestion:
    rate = float(f"{rate:.3g}")
    text = _("Set the learning rate to {usual:g}").format(usual=rate)
    return _edit(text, SetPlan("optimizer.learning_rate", rate))


def _usual_rate(now: Situation) -> float | None:
    optimizer = now.project.plan.optimizer
    described = now.catalog.search("optimizers", optimizer.kind)
    param = described.param("learning_rate") if described else None
    return number(param.default) if param else None


def _train_longer(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    more = max(now.epochs, AT_LEAST)
    if now.can_resume:
        text = ngettext(
            "Train {count} more epoch", "Train {count} more epochs", more
        ).format(count=more)
        yield Suggestion(TRAIN_LONGER, text, run=now.run, more=more)
        return
    text = ngettext(
        "Train for {count} epoch", "Train for {count} epochs", now.epochs + more
    ).format(count=now.epochs + more)
    yield _edit(text, SetPlan("epochs", now.epochs + more))


def _against_overfitting(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    yield from _augment(now)
    if now.project.plan.early_stopping is None:
        text = _("Stop when validation no longer improves")
        yield _edit(text, SetPlan("early_stopping", EarlyStopping()))
    yield from _more_samples(cause, now)


def _against_little_data(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    yield from _augment(now)
    yield from _more_samples(cause, now)


def _augment(now: Situation) -> Iterator[Suggestion]:
    """Noise that fits the samples: small movements, else Dropout."""
    if not can_move(now.samples):
        edits = dropout(now.project.model)
        if edits:
            yield _edit(_("Add Dropout before the output"), *edits)
        return
    edits = augmentation(now.project.model)
    if edits:
        yield _edit(_("Add rotation and translation"), *edits)


def _more_samples(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    yield Suggestion(OPEN_DATA, add_more(now.samples))


def _against_underfitting(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    if not can_move(now.samples):
        edits = more_units(now.project.model)
        if edits:
            yield _edit(_("Double the units of the hidden layers"), *edits)
    yield from _check_labels(cause, now)


def _check_labels(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    yield Suggestion(OPEN_DATA, check_samples(now.samples))


def _look_at(name: object, now: Situation) -> Suggestion:
    text = look_at(now.samples, str(name))
    return Suggestion(OPEN_DATA, text, name=str(name))


def _missed(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    """A single missed class may resemble another; for several, nothing is shown."""
    names = cause.facts.get("names")
    if isinstance(names, tuple) and len(names) == 1:
        yield _look_at(names[0], now)


def _balance(cause: Cause, now: Situation) -> Iterator[Suggestion]:
    if now.project.plan.class_weights == "none":
        text = _("Balance the classes")
        yield _edit(text, SetPlan("class_weights", "balanced"))
    if cause.facts.get("smallest"):
        yield _look_at(cause.facts["smallest"], now)


def _test_more(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    split = now.project.data.split
    if split.mode == "random" and split.test < MORE_TESTS:
        text = _("Hold out {share} for testing").format(share=percent(MORE_TESTS, 0))
        yield _edit(text, SetData("split.test", MORE_TESTS))


def _hold_out(_cause: Cause, now: Situation) -> Iterator[Suggestion]:
    usual = Split()
    text = _("Hold out {validation} for validation and {test} for testing")
    yield _edit(
        text.format(
            validation=percent(usual.validation, 0), test=percent(usual.test, 0)
        ),
        SetData("split.mode", usual.mode),
        SetData("split.validation", usual.validation),
        SetData("split.test", usual.test),
    )


def _edit(text: str, *edits: Edit) -> Suggestion:
    return Suggestion(EDIT, text, edits)


def _none(_cause: Cause, _now: Situation) -> Iterator[Suggestion]:
    yield from ()


_OF: dict[str, Callable[[Cause, Situation], Iterator[Suggestion]]] = {
    "diverged": _lower_rate,
    "rate_too_high": _lower_rate,
    "rate_too_low": _usual,
    "too_few_epochs": _train_longer,
    "underfit": _against_underfitting,
    "overfit": _against_overfitting,
    "overfit_later": _against_overfitting,
    "never_predicted": _missed,
    "imbalanced": _balance,
    "little_data": _against_little_data,
    "few_rows": _against_little_data,
    "one_number": _against_underfitting,
    "one_number_held_out": _check_labels,
    "one_text": _train_longer,
    "rare_types": _more_samples,
    "unseen_entities": _more_samples,
    "unknown_tokens": _more_samples,
    "little_text": _more_samples,
    "few_held_out": _test_more,
    "nothing_held_out": _hold_out,
    "one_class_held_out": _check_labels,
}
