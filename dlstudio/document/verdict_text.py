"""Text of a verdict, in the current language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import (
    FAILED,
    LEARNED,
    MICRO_F1,
    NOTHING,
    PARTLY,
    SEEN,
    UNCLEAR,
    UNTESTED,
    BaselineComparison,
    Cause,
    Verdict,
)
from dlstudio.i18n import _, marked, ngettext
from dlstudio.percent_text import percent

MOST_NAMES = 3

TITLES: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked("The model has learned."),
        PARTLY: marked("The model has learned a little."),
        UNCLEAR: marked("It is unclear whether the model has learned."),
        NOTHING: marked("The model has learned nothing useful yet."),
        FAILED: marked("Training failed."),
        UNTESTED: marked("The model could not be tested."),
        SEEN: marked("The model was trained on these images."),
    }
)
SHORT: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked("yes"),
        PARTLY: marked("a little"),
        UNCLEAR: marked("unclear"),
        NOTHING: marked("no"),
        FAILED: marked("no"),
        UNTESTED: marked("not tested"),
        SEEN: marked("not tested"),
    }
)


def title(verdict: Verdict) -> str:
    """The outcome in a few words."""
    return _(TITLES[verdict.outcome])


def short_word(verdict: Verdict | None) -> str:
    """The outcome in one word, for a table; "–" while unknown."""
    return "–" if verdict is None else _(SHORT[verdict.outcome])


def finding(verdict: Verdict) -> str:
    """The metric and the baseline's, in one sentence; "" without a comparison."""
    comparison = verdict.comparison
    if comparison is None:
        return ""
    numbers = _numbers(comparison)
    if verdict.outcome == SEEN:
        return _("Evaluate it on the validation or test split instead.")
    several = comparison.metric == MICRO_F1
    known = _SEVERAL if several else _SINGLE
    if verdict.outcome not in known:
        return ""
    text = _(known[verdict.outcome]).format(**numbers)
    if verdict.outcome == PARTLY:
        return _joined([text, _partly(comparison)])
    return text


def summary(verdict: Verdict) -> str:
    """The metrics and the most likely cause, in brief."""
    comparison, parts = verdict.comparison, []
    if comparison is not None and verdict.outcome != SEEN:
        several = comparison.metric == MICRO_F1
        text = (
            _("F1 score {value}; always predicting {answer}: {baseline}.")
            if several
            else _("Accuracy {value}; always predicting {answer}: {baseline}.")
        )
        parts.append(text.format(**_numbers(comparison)))
    return _joined([*parts, *causes(verdict)[:1]])


def causes(verdict: Verdict) -> tuple[str, ...]:
    """Each likely cause as a sentence."""
    found = (cause_text(each) for each in verdict.causes)
    return tuple(text for text in found if text)


def paragraph(verdict: Verdict) -> str:
    """The whole verdict as one paragraph."""
    return _joined([title(verdict), details(verdict)])


def details(verdict: Verdict) -> str:
    """The whole verdict without the title."""
    return _joined([finding(verdict), *causes(verdict)])


def cause_text(cause: Cause) -> str:
    """One likely cause as a sentence; "" for an unknown code."""
    known = _CAUSES.get(cause.code, "")
    text = _(known) if known else _counted(cause)
    try:
        return text.format(**{"trained": "–", **_facts(cause.facts)})
    except (KeyError, ValueError, TypeError):
        return ""  # facts of a report that was edited by hand


def _joined(sentences: Sequence[str]) -> str:
    """Join sentences; Chinese ones without spaces in between."""
    text = ""
    for each in sentences:
        if each:
            text += (" " if text and not text.endswith("。") else "") + each
    return text


def listed(names: Sequence[str]) -> str:
    """ "“cat”, “dog”, “ship” and 4 more"."""
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
    left = len(names) - MOST_NAMES
    if left <= 0:
        return shown
    text = ngettext("{names} and {count} more", "{names} and {count} more", left)
    return text.format(names=shown, count=left)


def _numbers(comparison: BaselineComparison) -> dict[str, str]:
    return {
        "value": percent(comparison.value),
        "baseline": percent(comparison.baseline),
        "answer": listed(comparison.answer),
        "low": percent(comparison.low),
        "high": percent(comparison.high),
        "count": f"{comparison.samples:,}",
    }


def _partly(comparison: BaselineComparison) -> str:
    area = comparison.roc_auc
    if area is None:
        return _("Its scores separate the classes better than chance.")
    text = _(
        "Its scores separate the classes better than chance (area under the "
        "ROC curve {area}; chance is 50 %)."
    )
    return text.format(area=percent(area))


def _counted(cause: Cause) -> str:
    """The sentence of a cause with a number, in its plural form."""
    count = cause.facts.get("count", cause.facts.get("epochs"))
    if not isinstance(count, int):
        return ""
    sentences = {
        "little_data": ngettext(
            "There is little data: about {count} training image per class.",
            "There is little data: about {count} training images per class.",
            count,
        ),
        "few_held_out": ngettext(
            "With only {count} held-out image, small differences may be due to chance.",
            "With only {count} held-out images, small differences may be due "
            "to chance.",
            count,
        ),
        "too_few_epochs": ngettext(
            "It was still improving after {epochs} epoch.",
            "It was still improving after {epochs} epochs.",
            count,
        ),
    }
    return sentences.get(cause.code, "")


def _facts(facts: Mapping[str, object]) -> dict[str, object]:
    made = dict(facts)
    for name in ("trained", "value"):
        share = made.get(name)
        if isinstance(share, (int, float)):
            made[name] = percent(share)
    names = made.get("names")
    if isinstance(names, tuple):
        made["names"] = listed([str(each) for each in names])
    return made


_SINGLE: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked(
            "{value} of {count} held-out images are classified correctly (95 %"
            " confidence interval {low}–{high}), compared with {baseline} for always"
            " predicting {answer}."
        ),
        PARTLY: marked(
            "{value} of {count} held-out images are classified correctly (95 %"
            " confidence interval {low}–{high}), not clearly more than the"
            " {baseline} for always predicting {answer}."
        ),
        UNCLEAR: marked(
            "{value} of {count} held-out images are classified correctly (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}; the difference may be due to chance."
        ),
        NOTHING: marked(
            "{value} of {count} held-out images are classified correctly (95 %"
            " confidence interval {low}–{high}), no more than the {baseline} for"
            " always predicting {answer}."
        ),
    }
)
_SEVERAL: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked(
            "The F1 score on {count} held-out images is {value} (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}."
        ),
        PARTLY: marked(
            "The F1 score on {count} held-out images is {value} (95 % "
            "confidence interval {low}–{high}), not clearly more than the "
            "{baseline} for always predicting {answer}."
        ),
        UNCLEAR: marked(
            "The F1 score on {count} held-out images is {value} (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}; the difference may be due to chance."
        ),
        NOTHING: marked(
            "The F1 score on {count} held-out images is {value} (95 % "
            "confidence interval {low}–{high}), no more than the {baseline} "
            "for always predicting {answer}."
        ),
    }
)


_CAUSES: FrozenMap[str, str] = FrozenMap(
    {
        "diverged": marked(
            "The loss diverged or became NaN in epoch {epoch}; the learning "
            "rate is probably too high."
        ),
        "rate_too_high": marked(
            "The model does not even fit the training images ({trained}): the "
            "learning rate of {rate:g} is too high."
        ),
        "rate_too_low": marked(
            "The model does not even fit the training images ({trained}): the "
            "learning rate of {rate:g} is too low."
        ),
        "underfit": marked(
            "The model does not even fit the training images ({trained}): it "
            "is too small for the task, or the labels do not match the images."
        ),
        "overfit": marked(
            "The model overfits: {trained} on training images, but only "
            "{value} on held-out images."
        ),
        "overfit_later": marked(
            "The model overfits: after epoch {epoch} the training loss kept "
            "falling, but the validation loss no longer improved."
        ),
        "one_answer": marked("The model always predicts “{name}”."),
        "never_predicted": marked("The model never predicts {names}."),
        "imbalanced": marked(
            "The classes are imbalanced: {most} training images of "
            "“{largest}”, but only {least} of “{smallest}”."
        ),
        "nothing_held_out": marked(
            "No images are held out for validation or testing, so the "
            "performance on new images is unknown."
        ),
        "one_class_held_out": marked(
            "The held-out images all have the same labels, so the model cannot "
            "be compared with chance."
        ),
    }
)
