"""Entities are counted as by conlleval: by hand, by a reference, and on the device."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from dlstudio.document.entity_spans import entity_spans, iob2, with_entity
from dlstudio.engine.heads.entity_counts import count_entities, scores_of
from dlstudio.engine.heads.entity_metrics import entity_f1
from dlstudio.engine.heads.entity_report import entity_report, most_frequent_tags

TAGS = ["O", "B-A", "I-A", "B-B", "I-B"]
Numbers = npt.NDArray[np.int64]


def numbers(*sentences: str) -> Numbers:
    rows = np.full((len(sentences), 8), -1, np.int64)
    for row, text in zip(rows, sentences, strict=True):
        tags = text.split()
        row[: len(tags)] = [TAGS.index(tag) for tag in tags]
    return rows


def reference(tags: list[str]) -> set[tuple[str, int, int]]:
    """The chunks of conlleval.pl, token by token as it reads them."""
    found, start, last = set(), 0, "O"
    for place, tag in enumerate([*tags, "O"]):
        kind, before = tag[2:], last[2:]
        ends = last != "O" and (tag == "O" or tag[0] == "B" or kind != before)
        begins = tag != "O" and (last == "O" or tag[0] == "B" or kind != before)
        if ends:
            found.add((before, start, place))
        if begins:
            start = place
        last = tag
    return found


def test_counts_are_those_by_hand() -> None:
    truth = numbers("B-A I-A O B-B", "O O B-A", "B-A B-A")
    guess = numbers("B-A I-A O B-A", "O B-A I-A", "I-A B-A")
    counts = count_entities(truth, guess, 2)
    assert counts.correct.tolist() == [3, 0]
    assert counts.predicted.tolist() == [5, 0]
    assert counts.actual.tolist() == [4, 1]
    assert scores_of(3, 5, 5) == {"precision": 0.6, "recall": 0.6, "f1": 0.6}
    assert scores_of(0, 0, 0) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_counts_are_those_of_the_reference_and_of_the_device() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(0, 5, (400, 8))
    guess = np.where(
        random.random((400, 8)) < 0.3, random.integers(0, 5, (400, 8)), truth
    )
    lengths = random.integers(1, 9, 400)
    padding = np.arange(8)[None, :] >= lengths[:, None]
    truth[padding] = guess[padding] = -1
    sums = [0, 0, 0]
    for row, other in zip(truth.tolist(), guess.tolist(), strict=True):
        actual, found = (
            reference([TAGS[each] for each in tags if each >= 0])
            for tags in (row, other)
        )
        spans = entity_spans([TAGS[each] for each in other if each >= 0])
        assert {(each.type, each.start, each.end) for each in spans} == found
        sums = [
            sums[0] + len(actual & found),
            sums[1] + len(found),
            sums[2] + len(actual),
        ]
    counts = count_entities(truth, guess, 2)
    columns = (counts.correct, counts.predicted, counts.actual)
    assert [int(each.sum()) for each in columns] == sums
    metric = entity_f1()
    scores = tf.one_hot(np.maximum(guess, 0), 5)
    for start in range(0, 400, 100):
        metric.update_state(truth[start : start + 100], scores[start : start + 100])
    assert float(metric.result()) == pytest.approx(scores_of(*sums)["f1"], abs=1e-6)


def test_a_report_has_types_confusion_and_the_worst_sentences() -> None:
    truth = numbers("B-A I-A O B-B", "O O B-A")
    guess = numbers("B-A I-A O B-A", "O O B-A")
    report = entity_report(truth, guess, ["1", "2"], TAGS, "tags", 9)
    entities = report.to_json()["entities"]
    assert entities["types"]["A"]["precision"] == pytest.approx(2 / 3)  # type: ignore[index, call-overload]
    assert report.sections["type_confusion"]["counts"] == [
        [3, 0, 0],
        [0, 3, 0],
        [0, 1, 0],
    ]
    (worst,) = report.sections["worst_sentences"]["rows"]
    assert worst["id"] == "1" and worst["predicted"] == ["B-A", "I-A", "O", "B-A"]
    assert worst["wrong"] == 2


def test_the_baseline_knows_each_token_by_its_most_frequent_tag() -> None:
    known = ["Paris is Paris", "Paris"]
    tags = numbers("B-A O B-B", "B-A")
    guess = most_frequent_tags(known, tags, ["is Paris new", ""], 4)
    assert guess.tolist() == [[0, 1, 0, -1], [-1] * 4]


def test_tokens_become_an_entity_or_none() -> None:
    tags = ["B-A", "I-A", "I-A", "O"]
    assert with_entity(tags, 1, 2, "") == ["B-A", "O", "B-A", "O"]
    assert with_entity(tags, 2, 4, "B") == ["B-A", "I-A", "B-B", "I-B"]
    other = ["I-A", "I-A", "B-A", "E-B", "S-B"]
    assert iob2(other) == ["B-A", "I-A", "B-A", "B-B", "B-B"]
