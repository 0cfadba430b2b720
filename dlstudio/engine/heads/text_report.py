"""How good predicted texts are, against trivial baselines, as plain JSON data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    WorstRow,
    WorstRows,
)
from dlstudio.engine.heads.text_scores import bleu, chrf, sentence_chrfs

EXACT, BLEU, CHRF = "exact_match", "bleu", "chrf"


def text_report(
    expected: Sequence[str],
    predicted: Sequence[str],
    ids: Sequence[str],
    target: str,
    worst: int,
) -> HeadReport:
    """Evaluate predicted texts.

    Args:
        expected: The right text of each sample, at least one.
        predicted: What the model gives.
        ids: Name of each sample.
        target: Name of the feature that is predicted.
        worst: Maximum number of rows of "worst".

    Returns:
        metrics: "exact_match" (share of the samples), "bleu" and "chrf" (0 to 100, of
            all samples at once).
        baseline: "most_frequent", with the "value" that is always predicted and these
            metrics.
        sections: "metrics" and "worst", the texts that are least like the right ones
            by chrF, if any is unlike; see `dlstudio.document.report_sections`.

    Raises:
        UserError: sacrebleu is not installed.
    """
    metrics = text_metrics(expected, predicted)
    ((always, _count),) = Counter(expected).most_common(1)
    trivial = text_metrics(expected, [always] * len(expected))
    cards = (
        MetricValue(EXACT, metrics[EXACT], "up", trivial[EXACT], samples=len(expected)),
        *(
            MetricValue(name, metrics[name], "up", trivial[name])
            for name in (BLEU, CHRF)
        ),
    )
    rows = _worst(expected, predicted, ids, worst)
    sections = {MetricsOfReport.NAME: MetricsOfReport(cards).to_json()}
    if rows:
        sections[WorstRows.NAME] = WorstRows(target, rows).to_json()
    return HeadReport(
        metrics=metrics,
        baseline={"most_frequent": {"value": always, **trivial}},
        sections=sections,
    )


def text_metrics(
    expected: Sequence[str], predicted: Sequence[str]
) -> dict[str, float | None]:
    """The metrics of `text_report` alone.

    Args:
        expected: The right text of each sample, at least one.
        predicted: What the model gives.

    Raises:
        UserError: sacrebleu is not installed.
    """
    right = sum(a == b for a, b in zip(expected, predicted, strict=True))
    return {
        EXACT: right / len(expected),
        BLEU: bleu(expected, predicted),
        CHRF: chrf(expected, predicted),
    }


def _worst(
    expected: Sequence[str], predicted: Sequence[str], ids: Sequence[str], most: int
) -> tuple[WorstRow, ...]:
    """Samples whose text is wrong, the least like the right one first."""
    wrong = [n for n in range(len(ids)) if expected[n] != predicted[n]]
    scores = sentence_chrfs([expected[n] for n in wrong], [predicted[n] for n in wrong])
    order = np.argsort(scores, kind="stable")[:most].tolist()
    return tuple(
        WorstRow(
            str(ids[wrong[place]]),
            expected[wrong[place]],
            predicted[wrong[place]],
        )
        for place in order
    )
