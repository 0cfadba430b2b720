"""Text of a verdict, in the current language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.sample_nouns import held_out, sample_words
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import (
    ACCURACY,
    CHRF,
    FAILED,
    LEARNED,
    MAE,
    MICRO_F1,
    NOTHING,
    PARTLY,
    SEEN,
    UNCLEAR,
    UNTESTED,
    BaselineComparison,
    Verdict,
)
from dlstudio.document.verdict_causes import causes as causes
from dlstudio.document.verdict_causes import listed
from dlstudio.document.verdict_metrics import TEXTS_OF, answer_text, metric_text
from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.value_text import value_texts

TITLES: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked("The model has learned."),
        PARTLY: marked("The model has learned a little."),
        UNCLEAR: marked("It is unclear whether the model has learned."),
        NOTHING: marked("The model has learned nothing useful yet."),
        FAILED: marked("Training failed."),
        UNTESTED: marked("The model could not be tested."),
        SEEN: marked("The model was trained on {these}."),
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
    return _(TITLES[verdict.outcome]).format(**sample_words(verdict.samples))


def short_word(verdict: Verdict | None) -> str:
    """The outcome in one word, for a table; "–" while unknown."""
    return "–" if verdict is None else _(SHORT[verdict.outcome])


def finding(verdict: Verdict) -> str:
    """The metric and the baseline's, in one sentence; "" without a comparison."""
    comparison = verdict.comparison
    if comparison is None:
        return ""
    if verdict.outcome == SEEN:
        return _("Evaluate it on the validation or test split instead.")
    texts = TEXTS_OF.get(comparison.metric)
    known = texts.findings if texts else _FINDINGS.get(comparison.metric, _SINGLE)
    if verdict.outcome not in known:
        return ""
    unseen = held_out(verdict.samples, comparison.samples)
    text = _(known[verdict.outcome]).format(unseen=unseen, **_values(comparison))
    if verdict.outcome == PARTLY and texts is None:
        return _joined([text, _partly(comparison)])
    return text


def summary(verdict: Verdict) -> str:
    """The metrics and the most likely cause, in brief."""
    comparison, parts = verdict.comparison, []
    if comparison is not None and verdict.outcome != SEEN:
        texts = TEXTS_OF.get(comparison.metric)
        brief = _SUMMARIES.get(comparison.metric, _SUMMARIES[ACCURACY])
        text = _(texts.summary if texts else brief)
        parts.append(text.format(**_values(comparison)))
    return _joined([*parts, *causes(verdict)[:1]])


def paragraph(verdict: Verdict) -> str:
    """The whole verdict as one paragraph."""
    return _joined([title(verdict), details(verdict)])


def details(verdict: Verdict) -> str:
    """The whole verdict without the title."""
    return _joined([finding(verdict), *causes(verdict)])


def _joined(sentences: Sequence[str]) -> str:
    """Join sentences; Chinese ones without spaces in between."""
    text = ""
    for each in sentences:
        if each:
            text += (" " if text and not text.endswith("。") else "") + each
    return text


def _values(comparison: BaselineComparison) -> dict[str, str]:
    numbers = comparison.metric == MAE
    interval = comparison.low, comparison.high
    shown = [metric_text(comparison, each) for each in interval]
    low, high = value_texts(interval) if numbers else shown
    return {
        "value": metric_text(comparison, comparison.value),
        "baseline": metric_text(comparison, comparison.baseline),
        "low": low,
        "high": high,
        "answer": _answer(comparison),
    }


def _answer(comparison: BaselineComparison) -> str:
    """What the baseline always predicts."""
    if comparison.metric == CHRF:
        return answer_text(comparison)
    if comparison.metric == MAE:
        return ", ".join(comparison.answer)
    return listed(comparison.answer)


def _partly(comparison: BaselineComparison) -> str:
    area = comparison.roc_auc
    if comparison.metric == MAE:
        return _("Its predictions rise with the actual numbers, more than by chance.")
    if area is None:
        return _("Its scores separate the classes better than chance.")
    text = _(
        "Its scores separate the classes better than chance (area under the "
        "ROC curve {area}; chance is 50 %)."
    )
    return text.format(area=percent(area))


_SINGLE: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked(
            "{value} of {unseen} are classified correctly (95 %"
            " confidence interval {low}–{high}), compared with {baseline} for always"
            " predicting {answer}."
        ),
        PARTLY: marked(
            "{value} of {unseen} are classified correctly (95 %"
            " confidence interval {low}–{high}), not clearly more than the"
            " {baseline} for always predicting {answer}."
        ),
        UNCLEAR: marked(
            "{value} of {unseen} are classified correctly (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}; the difference may be due to chance."
        ),
        NOTHING: marked(
            "{value} of {unseen} are classified correctly (95 %"
            " confidence interval {low}–{high}), no more than the {baseline} for"
            " always predicting {answer}."
        ),
    }
)
_SEVERAL: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked(
            "The F1 score on {unseen} is {value} (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}."
        ),
        PARTLY: marked(
            "The F1 score on {unseen} is {value} (95 % "
            "confidence interval {low}–{high}), not clearly more than the "
            "{baseline} for always predicting {answer}."
        ),
        UNCLEAR: marked(
            "The F1 score on {unseen} is {value} (95 % "
            "confidence interval {low}–{high}), compared with {baseline} for "
            "always predicting {answer}; the difference may be due to chance."
        ),
        NOTHING: marked(
            "The F1 score on {unseen} is {value} (95 % "
            "confidence interval {low}–{high}), no more than the {baseline} "
            "for always predicting {answer}."
        ),
    }
)
_NUMBERS: FrozenMap[str, str] = FrozenMap(
    {
        LEARNED: marked(
            "Predictions for {unseen} are {value} off on average (95 % confidence "
            "interval {low}–{high}), compared with {baseline} for always predicting "
            "the median, {answer}."
        ),
        PARTLY: marked(
            "Predictions for {unseen} are {value} off on average (95 % confidence "
            "interval {low}–{high}), not clearly less than the {baseline} for always "
            "predicting the median, {answer}."
        ),
        UNCLEAR: marked(
            "Predictions for {unseen} are {value} off on average (95 % confidence "
            "interval {low}–{high}), compared with {baseline} for always predicting "
            "the median, {answer}; the difference may be due to chance."
        ),
        NOTHING: marked(
            "Predictions for {unseen} are {value} off on average (95 % confidence "
            "interval {low}–{high}), no less than the {baseline} for always predicting "
            "the median, {answer}."
        ),
    }
)
_FINDINGS: Mapping[str, FrozenMap[str, str]] = {
    ACCURACY: _SINGLE,
    MICRO_F1: _SEVERAL,
    MAE: _NUMBERS,
}
_SUMMARIES: Mapping[str, str] = {
    ACCURACY: marked("Accuracy {value}; always predicting {answer}: {baseline}."),
    MICRO_F1: marked("F1 score {value}; always predicting {answer}: {baseline}."),
    MAE: marked(
        "{value} off on average; always predicting the median {answer}: {baseline}."
    ),
}
