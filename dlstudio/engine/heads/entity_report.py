"""How well the entities of tagged tokens are found, as plain JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dlstudio.document.entity_sections import (
    EntityScores,
    EntityTable,
    TaggedSentence,
    TypeMatrix,
    WorstTaggedRows,
)
from dlstudio.document.entity_spans import OUTSIDE, type_of
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import MetricsOfReport, MetricValue
from dlstudio.engine.heads.entity_counts import (
    Numbers,
    count_entities,
    find_entities,
    scores_of,
)

F1, PRECISION, RECALL = "entity_f1", "entity_precision", "entity_recall"
ACCURACY = "tag_accuracy"
BASELINE = "most_frequent_tag"
"""The trivial model: each token has the tag that it has most often."""


def entity_report(
    truth: Numbers,
    predicted: Numbers,
    ids: Sequence[str],
    tags: Sequence[str],
    target: str,
    worst: int,
) -> HeadReport:
    """Evaluate predicted tags.

    Args:
        truth: Numbers of tags (n, length), -1 behind the last token.
        predicted: Likewise.
        ids: Name of each sentence.
        tags: By number.
        target: Name of the feature that is predicted.
        worst: Maximum number of sentences in the list of the worst.

    Returns:
        metrics: entity_f1, entity_precision, entity_recall, tag_accuracy.
        sections: "metrics", "entities", "type_confusion" and "worst_sentences".
    """
    table = entity_table(truth, predicted, tags)
    metrics = tag_metrics(truth, predicted, tags)
    cards = tuple(MetricValue(name, each, "up") for name, each in metrics.items())
    return HeadReport(
        metrics,
        {},
        {
            "metrics": MetricsOfReport(cards).to_json(),
            EntityTable.NAME: table.to_json(),
            TypeMatrix.NAME: type_confusion(truth, predicted, tags).to_json(),
            WorstTaggedRows.NAME: WorstTaggedRows(
                target, worst_sentences(truth, predicted, ids, tags, worst)
            ).to_json(),
        },
    )


def tag_metrics(
    truth: Numbers, predicted: Numbers, tags: Sequence[str]
) -> dict[str, float | None]:
    """The metrics of `entity_report` alone.

    Args:
        truth, predicted, tags: As there.
    """
    counts = count_entities(truth, predicted, len(types_of(tags)))
    sums = (counts.correct, counts.predicted, counts.actual)
    found = scores_of(*(int(each.sum()) for each in sums))
    known = truth >= 0
    right = int((truth == predicted)[known].sum())
    return {
        F1: found["f1"],
        PRECISION: found["precision"],
        RECALL: found["recall"],
        ACCURACY: right / max(1, int(known.sum())),
    }


def types_of(tags: Sequence[str]) -> tuple[str, ...]:
    """The types of entities in the order of their numbers."""
    return tuple(dict.fromkeys(type_of(tag) for tag in tags if tag != OUTSIDE))


def entity_table(
    truth: Numbers, predicted: Numbers, tags: Sequence[str]
) -> EntityTable:
    """Precision, recall and F1 over all types and of each.

    Args:
        truth, predicted, tags: As for `entity_report`.
    """
    types = types_of(tags)
    counts = count_entities(truth, predicted, len(types))

    def scores(correct: int, guessed: int, actual: int) -> EntityScores:
        found = scores_of(correct, guessed, actual)
        return EntityScores(**found, support=actual, predicted=guessed)

    columns = (counts.correct, counts.predicted, counts.actual)
    return EntityTable(
        scores(*(int(each.sum()) for each in columns)),
        {
            name: scores(*(int(each[place]) for each in columns))
            for place, name in enumerate(types)
        },
    )


def type_confusion(
    truth: Numbers, predicted: Numbers, tags: Sequence[str]
) -> TypeMatrix:
    """Which types tokens have, and which are predicted.

    Args:
        truth, predicted, tags: As for `entity_report`.
    """
    names = (OUTSIDE, *types_of(tags))
    known = truth >= 0
    pairs = ((np.maximum(each[known], 0) + 1) // 2 for each in (truth, predicted))
    actual, guess = (each.astype(np.int64) for each in pairs)
    counts = np.bincount(actual * len(names) + guess, minlength=len(names) ** 2)
    rows = counts.reshape(len(names), -1).tolist()
    return TypeMatrix(names, tuple(map(tuple, rows)))


def worst_sentences(
    truth: Numbers,
    predicted: Numbers,
    ids: Sequence[str],
    tags: Sequence[str],
    most: int,
) -> tuple[TaggedSentence, ...]:
    """The sentences with the most wrong entities.

    Args:
        truth, predicted, ids, tags: As for `entity_report`.
        most: Maximum number returned.
    """
    actual, found = find_entities(truth), find_entities(predicted)
    length, types = truth.shape[1], len(types_of(tags))
    keys = (actual.keys(length, types), found.keys(length, types))
    missed = actual.row[~np.isin(*keys)]
    invented = found.row[~np.isin(*keys[::-1])]
    wrong = np.bincount(np.concatenate([missed, invented]), minlength=len(truth))
    order = np.argsort(-wrong, kind="stable")[:most]
    return tuple(
        TaggedSentence(
            ids[row],
            (),
            _names(truth[row], truth[row], tags),
            _names(predicted[row], truth[row], tags),
            int(wrong[row]),
        )
        for row in order.tolist()
        if wrong[row]
    )


def _names(row: Numbers, truth: Numbers, tags: Sequence[str]) -> tuple[str, ...]:
    """The tags of the tokens of a sentence."""
    return tuple(tags[max(0, number)] for number in row[truth >= 0].tolist())


def with_tokens(report: HeadReport, sentences: dict[str, str]) -> HeadReport:
    """The report, whose worst sentences have their tokens.

    Args:
        report: From `entity_report`.
        sentences: By id, with a space between tokens.
    """
    section = WorstTaggedRows.from_json(report.sections[WorstTaggedRows.NAME])
    rows = tuple(
        replace(each, tokens=tuple(sentences.get(each.id, "").split(" ")))
        for each in section.rows
    )
    shown = replace(section, rows=rows).to_json()
    sections = {**report.sections, WorstTaggedRows.NAME: shown}
    return replace(report, sections=sections)


def with_baseline(
    report: HeadReport, truth: Numbers, guess: Numbers, tags: Sequence[str]
) -> HeadReport:
    """The report beside what the most frequent tag of each token reaches.

    Args:
        report: From `entity_report`.
        truth: Numbers of tags (n, length), -1 behind the last token.
        guess: What the trivial model predicts, likewise.
        tags: By number.
    """
    found = tag_metrics(truth, guess, tags)
    cards = MetricsOfReport.from_json(report.sections["metrics"]).metrics
    beside = tuple(replace(each, baseline=found[each.name]) for each in cards)
    sections = {**report.sections, "metrics": MetricsOfReport(beside).to_json()}
    return replace(report, baseline={BASELINE: found}, sections=sections)


def most_frequent_tags(
    known: Sequence[str], tags: Numbers, asked: Sequence[str], length: int
) -> npt.NDArray[np.int64]:
    """The tag that each token has most often; "O" for one that is not known.

    Args:
        known: Sentences with a space between tokens.
        tags: Numbers of their tags, (n, any length).
        asked: Sentences to be tagged.
        length: Of the rows that are returned.

    Returns:
        Numbers of tags (asked, length), -1 behind the last token.
    """
    numbers: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    for text, row in zip(known, tags.tolist(), strict=True):
        for token, tag in zip(text.split(" "), row, strict=False):
            if tag >= 0:
                pairs.append((numbers.setdefault(token, len(numbers)), tag))
    most = np.zeros(len(numbers) + 1, np.int64)
    if pairs:
        places, found = np.array(pairs, np.int64).T
        kinds = int(found.max()) + 1
        counts = np.bincount(places * kinds + found, minlength=len(numbers) * kinds)
        most[:-1] = counts.reshape(len(numbers), kinds).argmax(axis=1)
    guess = np.full((len(asked), length), -1, np.int64)
    for row, text in enumerate(asked):
        words = text.split(" ")[:length] if text else []
        places = [numbers.get(token, len(numbers)) for token in words]
        guess[row, : len(words)] = most[places]
    return guess
