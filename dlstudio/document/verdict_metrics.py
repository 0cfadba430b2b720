"""What a verdict says of each metric by which outputs are compared with a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import (
    BITS,
    CHRF,
    ENTITY_F1,
    LEARNED,
    MAE,
    NOTHING,
    PARTLY,
    UNCLEAR,
    BaselineComparison,
)
from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.value_text import value_text

SLIGHT = 0.03
"""Quality that a model must have above a trivial one's to have learned; see `quality`.
"""
UNFITTED = marked(
    "The model does not even fit the {training} ({trained}): it is too small, or was "
    "not trained for long enough."
)


@dataclass(frozen=True, slots=True)
class MetricTexts:
    """Sentences about a metric, marked for translation.

    Attributes:
        findings: By outcome, with {value}, {low}, {high}, {baseline}, {answer} and
            {unseen}.
        summary: In brief.
        causes: By code, where the general sentence does not fit.
    """

    findings: FrozenMap[str, str]
    summary: str
    causes: FrozenMap[str, str]


def quality(comparison: BaselineComparison, value: float) -> float:
    """A value of the compared metric, 1 for perfect.

    Of an error the share that is explained. That of numbers is on the scale of R²:
    squares of errors against squares of the baseline's.

    Args:
        comparison: Names the metric.
        value: Of the metric.
    """
    if not comparison.less_is_better:
        return value / 100 if comparison.metric == CHRF else value
    share = value / max(comparison.baseline, 1e-300)
    return 1 - (share * share if comparison.metric == MAE else share)


def is_slight(comparison: BaselineComparison) -> bool:
    """Whether a model of texts is hardly better than a trivial one.

    Both see the same texts, of which there are many, so that a tiny difference is
    unlikely to be due to chance.

    Args:
        comparison: Of any metric; others than those of texts are never slight.
    """
    if comparison.metric not in TEXTS_OF:
        return False
    value, trivial = (
        quality(comparison, each) for each in (comparison.value, comparison.baseline)
    )
    return value - trivial < SLIGHT


def metric_text(comparison: BaselineComparison | None, value: float) -> str:
    """A value of the compared metric: a share, or in the unit of the target.

    Args:
        comparison: What is compared; None for a share.
        value: Of its metric.
    """
    shown = _SHOWN.get(comparison.metric, percent) if comparison else percent
    return shown(value)


def answer_text(comparison: BaselineComparison) -> str:
    """What a trivial model of texts does, in words.

    Args:
        comparison: Of written texts.
    """
    if not comparison.answer:
        return _("copying the source")
    return _("always writing “{text}”").format(text=comparison.answer[0])


def _bits(value: float) -> str:
    return f"{value:.2f}"


def _points(value: float) -> str:
    return f"{value:.1f}"


_SHOWN: Mapping[str, Callable[[float], str]] = {
    MAE: value_text,
    BITS: _bits,
    CHRF: _points,
}

ENTITIES = MetricTexts(
    FrozenMap(
        {
            LEARNED: marked(
                "The F1 score of entities in {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), compared with {baseline} for giving each "
                "token its most frequent tag."
            ),
            PARTLY: marked(
                "The F1 score of entities in {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), hardly more than the {baseline} for giving "
                "each token its most frequent tag."
            ),
            UNCLEAR: marked(
                "The F1 score of entities in {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), compared with {baseline} for giving each "
                "token its most frequent tag; the difference may be due to chance."
            ),
            NOTHING: marked(
                "The F1 score of entities in {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), no more than the {baseline} for giving each "
                "token its most frequent tag."
            ),
        }
    ),
    marked("F1 score of entities {value}; most frequent tags: {baseline}."),
    FrozenMap(
        {
            "underfit": UNFITTED,
            "overfit": marked(
                "The model overfits: it finds entities with an F1 score of {trained} "
                "in {training}, but only {value} in {unseen}."
            ),
        }
    ),
)
LANGUAGE = MetricTexts(
    FrozenMap(
        {
            LEARNED: marked(
                "The model needs {value} bits per character for {unseen} (95 % "
                "confidence interval {low}–{high}), compared with {baseline} for the "
                "frequencies of tokens alone."
            ),
            PARTLY: marked(
                "The model needs {value} bits per character for {unseen} (95 % "
                "confidence interval {low}–{high}), hardly less than the {baseline} "
                "for the frequencies of tokens alone."
            ),
            UNCLEAR: marked(
                "The model needs {value} bits per character for {unseen} (95 % "
                "confidence interval {low}–{high}), compared with {baseline} for the "
                "frequencies of tokens alone; the difference may be due to chance."
            ),
            NOTHING: marked(
                "The model needs {value} bits per character for {unseen} (95 % "
                "confidence interval {low}–{high}), no less than the {baseline} for "
                "the frequencies of tokens alone."
            ),
        }
    ),
    marked("{value} bits per character; frequencies of tokens: {baseline}."),
    FrozenMap(
        {
            "underfit": marked(
                "The model does not even fit the {training} ({trained} bits per "
                "character): it is too small, or was not trained for long enough."
            ),
            "overfit": marked(
                "The model overfits: it needs {trained} bits per character for "
                "{training}, but {value} for {unseen}."
            ),
        }
    ),
)
WRITTEN = MetricTexts(
    FrozenMap(
        {
            LEARNED: marked(
                "The chrF score of the texts for {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), compared with {baseline} for {answer}."
            ),
            PARTLY: marked(
                "The chrF score of the texts for {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), hardly more than the {baseline} for {answer}."
            ),
            UNCLEAR: marked(
                "The chrF score of the texts for {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), compared with {baseline} for {answer}; the "
                "difference may be due to chance."
            ),
            NOTHING: marked(
                "The chrF score of the texts for {unseen} is {value} (95 % confidence "
                "interval {low}–{high}), no more than the {baseline} for {answer}."
            ),
        }
    ),
    marked("chrF {value}; {answer}: {baseline}."),
    FrozenMap(
        {
            "underfit": UNFITTED,
            "overfit": marked(
                "The model overfits: the chrF score of its texts is {trained} for "
                "{training}, but only {value} for {unseen}."
            ),
        }
    ),
)
TEXTS_OF: Mapping[str, MetricTexts] = {
    ENTITY_F1: ENTITIES,
    BITS: LANGUAGE,
    CHRF: WRITTEN,
}
