"""Likely causes of a verdict as sentences, in the current language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.sample_nouns import (
    counted_held_out,
    counted_training,
    imbalanced_text,
    sample_words,
)
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import MAE, BaselineComparison, Cause, Verdict
from dlstudio.document.verdict_metrics import TEXTS_OF, metric_text
from dlstudio.i18n import _, marked, ngettext
from dlstudio.percent_text import percent
from dlstudio.value_text import value_text

MOST_NAMES = 3


def causes(verdict: Verdict) -> tuple[str, ...]:
    """Each likely cause as a sentence."""
    found = (cause_text(each, verdict) for each in verdict.causes)
    return tuple(text for text in found if text)


def listed(names: Sequence[str]) -> str:
    """ "“cat”, “dog”, “ship” and 4 more"."""
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
    left = len(names) - MOST_NAMES
    if left <= 0:
        return shown
    text = ngettext("{names} and {count} more", "{names} and {count} more", left)
    return text.format(names=shown, count=left)


def cause_text(cause: Cause, verdict: Verdict) -> str:
    """One likely cause of a verdict as a sentence; "" for an unknown code."""
    comparison = verdict.comparison
    numbers = comparison is not None and comparison.metric == MAE
    known = _CAUSES.get(cause.code, "")
    if numbers:
        known = _NUMBERS.get(cause.code, known)
    texts = TEXTS_OF.get(comparison.metric) if comparison is not None else None
    if texts is not None:
        known = texts.causes.get(cause.code, known)
    if cause.code == "imbalanced":
        known = imbalanced_text(verdict.samples)
    text = _(known) if known else _counted(cause, verdict)
    facts = _facts(cause.facts, comparison)
    try:
        return text.format(**{"trained": "–", **facts, **sample_words(verdict.samples)})
    except (KeyError, ValueError, TypeError):
        return ""  # facts of a report that was edited by hand


def _counted(cause: Cause, verdict: Verdict) -> str:
    """The sentence of a cause with a number, in its plural form."""
    count = cause.facts.get("count", cause.facts.get("epochs"))
    if not isinstance(count, int):
        return ""
    noun = verdict.samples
    if cause.code == "little_data":
        text = _("There is little data: about {training} per class.")
        return text.format(training=counted_training(noun, count))
    if cause.code == "few_rows":
        text = _("There is little data: only {training}.")
        return text.format(training=counted_training(noun, count))
    if cause.code == "few_held_out":
        text = _("With only {unseen}, small differences may be due to chance.")
        return text.format(unseen=counted_held_out(noun, count))
    if cause.code == "too_few_epochs":
        return ngettext(
            "It was still improving after {epochs} epoch.",
            "It was still improving after {epochs} epochs.",
            count,
        )
    return ""


def _facts(
    facts: Mapping[str, object], comparison: BaselineComparison | None
) -> dict[str, object]:
    made = dict(facts)
    for name in ("trained", "value"):
        value = made.get(name)
        if isinstance(value, (int, float)):
            made[name] = metric_text(comparison, value)
    share = made.get("share")
    if isinstance(share, (int, float)):
        made["share"] = percent(share, 0)
    number = made.get("number")
    if isinstance(number, (int, float)):
        made["number"] = value_text(number)
    names = made.get("names")
    if isinstance(names, tuple):
        made["names"] = listed([str(each) for each in names])
    return made


_CAUSES: FrozenMap[str, str] = FrozenMap(
    {
        "diverged": marked(
            "The loss diverged or became NaN in epoch {epoch}; the learning "
            "rate is probably too high."
        ),
        "rate_too_high": marked(
            "The model does not even fit the {training} ({trained}): the "
            "learning rate of {rate:g} is too high."
        ),
        "rate_too_low": marked(
            "The model does not even fit the {training} ({trained}): the "
            "learning rate of {rate:g} is too low."
        ),
        "underfit": marked(
            "The model does not even fit the {training} ({trained}): it "
            "is too small for the task, or the labels do not match the {samples}."
        ),
        "overfit": marked(
            "The model overfits: {trained} on {training}, but only {value} on {unseen}."
        ),
        "overfit_later": marked(
            "The model overfits: after epoch {epoch} the training loss kept "
            "falling, but the validation loss no longer improved."
        ),
        "one_answer": marked("The model always predicts “{name}”."),
        "one_number": marked("The model always predicts about {number}."),
        "one_text": marked("The model writes “{name}” for {share} of the {unseen}."),
        "rare_types": marked(
            "It hardly finds entities of {names}, which are rare in the {training}."
        ),
        "unseen_entities": marked(
            "{share} of the entities in the {unseen} have a word that never occurs in "
            "the {training}."
        ),
        "unknown_tokens": marked(
            "{share} of the tokens in the {unseen} are unknown to the model."
        ),
        "little_text": marked(
            "There is little text to learn from: {number} characters."
        ),
        "never_predicted": marked("The model never predicts {names}."),
        "nothing_held_out": marked(
            "No {samples} are held out for validation or testing, so the "
            "performance on {new} is unknown."
        ),
        "one_class_held_out": marked(
            "The {unseen} all have the same labels, so the model cannot "
            "be compared with chance."
        ),
        "one_number_held_out": marked(
            "The {unseen} all have the same number, so the model cannot be compared "
            "with chance."
        ),
    }
)
_NUMBERS: FrozenMap[str, str] = FrozenMap(
    {
        "rate_too_high": marked(
            "The model does not even fit the {training}, where it is {trained} off on "
            "average: the learning rate of {rate:g} is too high."
        ),
        "rate_too_low": marked(
            "The model does not even fit the {training}, where it is {trained} off on "
            "average: the learning rate of {rate:g} is too low."
        ),
        "underfit": marked(
            "The model does not even fit the {training}, where it is {trained} off on "
            "average: it is too small for the task, or its inputs say little about the "
            "target."
        ),
        "overfit": marked(
            "The model overfits: {trained} off on {training}, but {value} on {unseen}."
        ),
    }
)
"""Causes whose metric is an error of numbers."""
