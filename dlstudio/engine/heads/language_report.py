"""How well a language model predicts text, as plain JSON data."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    WorstRow,
    WorstRows,
)
from dlstudio.document.verdict import BITS, Cause
from dlstudio.engine.heads.head_causes import cause, with_causes
from dlstudio.engine.heads.paired_comparison import PairedSums, compare_sums

Tokens = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]
TextOf = Callable[[Sequence[int]], str]
EXCERPT = 60
"""Characters of a text in the list of the worst."""
TINY = 1e-12
MANY_UNKNOWN = 0.05
"""Share of the tokens from which on unknown ones are reported."""
LITTLE_TEXT = 100_000
"""Characters below which a language model seldom learns more than spelling."""


@dataclass(slots=True)
class TokenSums:
    """What adds up over the texts that were evaluated.

    Attributes:
        nats: Loss of each text, summed over its tokens.
        counts: Tokens of each text that were predicted.
        hits: Of these, the ones that were the likeliest.
        characters: That the predicted tokens of each text have, blanks included.
        unknown: Predicted tokens that stand for an unknown one.
        baseline: Loss of each text by the frequencies of tokens alone; empty if these
            are not known.
        first: Tokens of the first texts, and what was expected; see `texts`.
    """

    nats: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    characters: list[int] = field(default_factory=list)
    unknown: int = 0
    baseline: list[float] = field(default_factory=list)
    tokens: list[Tokens] = field(default_factory=list)
    likeliest: list[Tokens] = field(default_factory=list)

    def add_outputs(self, tokens: npt.ArrayLike, scores: npt.ArrayLike) -> None:
        """Add texts whose scores are at hand.

        Args:
            tokens: Whole numbers (n, length).
            scores: Probabilities (n, length, tokens).
        """
        given = np.asarray(tokens, np.int64)
        table = np.asarray(scores, np.float64)
        found = np.take_along_axis(table[:, :-1], given[:, 1:, None], axis=-1)[..., 0]
        losses = -np.log(np.maximum(found, TINY))
        self.add(given, losses, table[:, :-1].argmax(axis=-1))

    def add(
        self,
        tokens: Tokens,
        losses: npt.NDArray[Any],
        likeliest: Tokens,
        characters: Sequence[int] = (),
        baseline: npt.NDArray[Any] | None = None,
    ) -> None:
        """Add texts.

        Args:
            tokens: Whole numbers (n, length).
            losses: In nats, of each token but the first, (n, length - 1).
            likeliest: What the model has expected there, (n, length - 1).
            characters: Of the predicted tokens of each text; one each if empty.
            baseline: Losses by the frequencies of tokens alone, (n, length - 1).
        """
        asked = tokens[:, 1:] != 0
        counts = asked.sum(axis=1)
        self.nats += (np.asarray(losses, np.float64) * asked).sum(axis=1).tolist()
        self.counts += counts.tolist()
        self.hits += ((likeliest == tokens[:, 1:]) & asked).sum(axis=1).tolist()
        self.characters += list(characters) or counts.tolist()
        self.unknown += int(((tokens[:, 1:] == 1) & asked).sum())
        self.tokens += list(tokens)
        self.likeliest += list(likeliest)
        if baseline is not None:
            self.baseline += (baseline * asked).sum(axis=1).tolist()


def language_metrics(sums: TokenSums) -> dict[str, float | None]:
    """The metrics of `language_report` alone."""
    count, characters = sum(sums.counts), sum(sums.characters)
    if not count:
        names = ("bits_per_character", "perplexity", "loss", "token_accuracy")
        return dict.fromkeys((*names, "unknown_share"), None)
    loss = sum(sums.nats) / count
    return {
        "bits_per_character": sum(sums.nats) / math.log(2) / max(1, characters),
        "perplexity": math.exp(min(loss, 700.0)),
        "loss": loss,
        "token_accuracy": sum(sums.hits) / count,
        "unknown_share": sums.unknown / count,
    }


def language_report(
    sums: TokenSums, ids: Sequence[str], target: str, worst: int, text_of: TextOf
) -> HeadReport:
    """Evaluate predicted tokens.

    Args:
        sums: Of all texts, at least one.
        ids: Name of each text.
        target: Name of the feature.
        worst: Maximum number of rows of "worst".
        text_of: Writes tokens as text.

    Returns:
        metrics: bits_per_character, of the characters that the predicted tokens have;
            perplexity (of tokens), loss (nats per token), token_accuracy and
            unknown_share; None where nothing was predicted.
        baseline: "unigram", what the frequencies of tokens in the training split
            reach, with its bits_per_character and perplexity; empty if not known.
        sections: "metrics" and "worst", see `dlstudio.document.report_sections`.
    """
    metrics = language_metrics(sums)
    baseline = _unigram(sums)
    always = baseline.get("unigram", {})
    cards = MetricsOfReport(
        (
            *(
                MetricValue(name, metrics[name], "down", always.get(name))
                for name in ("bits_per_character", "perplexity")
            ),
            MetricValue("token_accuracy", metrics["token_accuracy"], "up"),
        )
    )
    rows = _worst(sums, ids, worst, text_of)
    return HeadReport(
        metrics=metrics,
        baseline=baseline,
        sections={
            MetricsOfReport.NAME: cards.to_json(),
            WorstRows.NAME: WorstRows(target, rows).to_json(),
        },
    )


def with_unigram_comparison(
    report: HeadReport, sums: TokenSums, split: str, characters: int
) -> HeadReport:
    """The report compared with the frequencies of tokens, and what may be the cause.

    Args:
        report: From `language_report`.
        sums: Of the same texts.
        split: Split that they belong to.
        characters: Of the training split.

    Returns:
        The same report if the frequencies are not known, or nothing was predicted.
    """
    if not sums.baseline or not sum(sums.characters):
        return report
    model, trivial = (
        np.stack([each, sums.characters], axis=1).astype(np.float64)
        for each in (sums.nats, sums.baseline)
    )
    found = compare_sums(BITS, PairedSums(model, trivial, _bits), split)
    baseline = {**report.baseline, "comparison": found.to_json()}
    return with_causes(replace(report, baseline=baseline), _causes(sums, characters))


def _bits(sums: Numbers) -> Numbers:
    """Bits per character of sums of nats and characters."""
    return np.asarray(sums[..., 0] / np.log(2) / np.maximum(1, sums[..., 1]))


def _causes(sums: TokenSums, characters: int) -> list[Cause]:
    """Little text, and many unknown tokens."""
    unknown, found = sums.unknown / max(1, sum(sums.counts)), []
    if unknown >= MANY_UNKNOWN:
        found.append(cause("unknown_tokens", share=unknown))
    if characters < LITTLE_TEXT:
        found.append(cause("little_text", number=characters))
    return found


def _unigram(sums: TokenSums) -> dict[str, Any]:
    count = sum(sums.counts)
    if not sums.baseline or not count:
        return {}
    nats = sum(sums.baseline)
    bits = nats / math.log(2) / max(1, sum(sums.characters))
    return {
        "unigram": {"bits_per_character": bits, "perplexity": math.exp(nats / count)}
    }


def _worst(
    sums: TokenSums, ids: Sequence[str], most: int, text_of: TextOf
) -> tuple[WorstRow, ...]:
    """The texts with the most bits per character, the worst first."""
    bits = [
        nats / math.log(2) / characters if characters else 0.0
        for nats, characters in zip(sums.nats, sums.characters, strict=True)
    ]
    order = np.argsort(-np.asarray(bits), kind="stable")[:most].tolist()
    return tuple(
        WorstRow(
            ids[row],
            text_of(sums.tokens[row].tolist())[:EXCERPT],
            text_of(sums.likeliest[row].tolist())[:EXCERPT],
            bits[row],
        )
        for row in order
    )
