"""Written texts against trivial ones: the most frequent text, or the source copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.verdict import CHRF, BaselineComparison, Cause
from dlstudio.engine.heads.head_causes import cause, with_causes
from dlstudio.engine.heads.paired_comparison import Numbers, PairedSums, compare_sums
from dlstudio.engine.heads.text_report import text_metrics
from dlstudio.engine.heads.text_scores import sentence_chrfs

MOST_FREQUENT, COPY = "most_frequent", "copy_source"
"""Trivial models in the baseline of a report."""
SHOWN = 60
"""Characters of a text in a sentence."""
ALIKE = 0.5
"""Share of the samples for which a model writes the same text, from which on that is
reported; and twice as many as the most frequent text that was wanted."""


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """The texts of some samples, all as long.

    Attributes:
        source: What the model was given; empty if that is no text.
        expected: What was wanted, at least one.
        predicted: What the model has written.
    """

    source: Sequence[str]
    expected: Sequence[str]
    predicted: Sequence[str]


def with_text_comparison(
    report: HeadReport, texts: ComparedTexts, split: str
) -> HeadReport:
    """The report compared with the better of two trivial models.

    Args:
        report: From `text_report`.
        texts: Of the same samples.
        split: Split that they belong to.

    Returns:
        With what copying the source reaches as "copy_source" of the baseline, if the
        source is a text, and the "comparison".
    """
    baseline: dict[str, Any] = dict(report.baseline)
    always = str(baseline[MOST_FREQUENT]["value"])
    trivial: Sequence[str] = [always] * len(texts.expected)
    answer: tuple[str, ...] = (always[:SHOWN],)
    value = float(baseline[MOST_FREQUENT][CHRF])
    if texts.source:
        copied = text_metrics(texts.expected, texts.source)
        baseline[COPY] = copied
        if (copied[CHRF] or 0.0) > value:
            trivial, answer = texts.source, ()
            value = float(copied[CHRF] or 0.0)
    own = float(report.metrics[CHRF] or 0.0)
    found = _compare(replace(texts, predicted=trivial), texts, split, answer)
    baseline["comparison"] = replace(
        found,
        value=own,
        baseline=value,
        low=found.low + own - found.value,
        high=found.high + own - found.value,
    ).to_json()
    return with_causes(replace(report, baseline=baseline), _causes(texts))


def _compare(
    trivial: ComparedTexts, model: ComparedTexts, split: str, answer: tuple[str, ...]
) -> BaselineComparison:
    """By the mean chrF of single texts, which spreads as that of all texts does."""
    ours, theirs = (
        _counted(sentence_chrfs(each.expected, each.predicted))
        for each in (model, trivial)
    )
    return compare_sums(CHRF, PairedSums(ours, theirs, _mean), split, answer)


def _counted(scores: Sequence[float]) -> Numbers:
    """Each score beside a 1, float64 (n, 2)."""
    return np.array([(each, 1.0) for each in scores], np.float64)


def _mean(sums: Numbers) -> Numbers:
    return sums[..., 0] / sums[..., 1]


def _causes(texts: ComparedTexts) -> list[Cause]:
    """One text for many samples."""
    ((text, count),) = Counter(texts.predicted).most_common(1)
    ((_wanted, usual),) = Counter(texts.expected).most_common(1)
    share = count / len(texts.predicted)
    if count < 2 or share < ALIKE or count < 2 * usual:
        return []
    return [cause("one_text", name=text[:SHOWN], share=share)]
