"""Verdicts on tagged tokens, language models and written texts."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tiny import tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import EvaluationReport, HeadReport
from dlstudio.document.sample_nouns import ROWS
from dlstudio.document.verdict import Verdict
from dlstudio.document.verdict_text import paragraph
from dlstudio.engine.evaluation.verdict.history import TrainingHistory
from dlstudio.engine.evaluation.verdict.judge import judge
from dlstudio.engine.evaluation.verdict.suggestions import Situation, suggestions
from dlstudio.engine.heads.head_evidence import HeadEvidence
from dlstudio.engine.heads.language_report import (
    TokenSums,
    language_report,
    with_unigram_comparison,
)
from dlstudio.engine.heads.paired_comparison import PairedSums, compare_sums
from dlstudio.engine.heads.text_comparison import ComparedTexts, with_text_comparison
from dlstudio.engine.heads.text_report import text_report
from dlstudio.engine.heads.token_classification import TOKEN_CLASSIFICATION, TOKENS

CATALOG = Catalog.load()
TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def judged(head: HeadReport, trained: float | None = None) -> Verdict:
    report = EvaluationReport.of(
        {"y": head},
        run="r",
        split="test",
        samples=40,
        fingerprint="f",
        training={} if trained is None else {"samples": 40, "value": trained},
    )
    rows = tuple({"loss": 1.0, "val_loss": 1.0} for _each in range(8))
    history = TrainingHistory(
        tiny_project(), "epochs", rows, splits={"train": 4000, "test": 40}
    )
    plain = json.loads(json.dumps(report.to_json()))
    found = judge(plain, history, CATALOG, ROWS)
    assert Verdict.from_json(json.loads(json.dumps(found.to_json()))) == found
    return found


def codes(verdict: Verdict) -> list[str]:
    return [each.code for each in verdict.causes]


def tagged(predicted: np.ndarray) -> HeadReport:
    """40 sentences "new{n} met Ann in Rome": a new person, a known one and a place."""
    truth = np.tile([1, 0, 1, 0, 3], (40, 1))
    texts = [f"new{number} met Ann in Rome" for number in range(40)]
    known = np.array(["he met Ann in town", "Ann met Ann in Rome"])
    outputs = np.eye(len(TAGS))[predicted]
    fitted: dict[str, Any] = {"tags": TAGS}
    ids = [str(number) for number in range(40)]
    report = TOKEN_CLASSIFICATION.evaluate(truth, outputs, ids, fitted, target="y")
    evidence = HeadEvidence(
        ids,
        {TOKENS: np.array(texts)},
        truth,
        {TOKENS: known},
        np.array([[0, 0, 1, 0, 0], [1, 0, 1, 0, 3]]),
        fitted,
        outputs,
        "test",
    )
    return TOKEN_CLASSIFICATION.with_evidence(report, evidence)


def test_tags_are_compared_with_the_most_frequent_one_of_each_token() -> None:
    perfect = judged(tagged(np.tile([1, 0, 1, 0, 3], (40, 1))))
    assert perfect.outcome == "learned" and perfect.comparison is not None
    assert perfect.comparison.value == 1
    assert perfect.comparison.baseline == pytest.approx(0.8), (
        "2 of 3 entities, no other"
    )
    assert "80.0 % for giving each token its most frequent tag" in paragraph(perfect)
    assert not perfect.causes, "where no entity is missed, new words explain nothing"
    nothing = judged(tagged(np.zeros((40, 5), int)), 0.0)
    assert nothing.outcome == "nothing" and "underfit" in codes(nothing)


def test_new_words_rare_types_and_overfitting_explain_missed_entities() -> None:
    found = judged(tagged(np.tile([0, 0, 1, 0, 0], (40, 1))), 0.99)
    assert codes(found) == ["overfit", "unseen_entities", "rare_types"]
    text = paragraph(found)
    assert "33 % of the entities in the held-out rows have a word that never" in text
    assert "“LOC”" in text and "99.0 % in training rows" in text
    named = suggestions(found, Situation(tiny_project(), CATALOG, samples=ROWS))
    assert "Add more rows" in [each.label for each in named]


def language(nats: float, *, unknown: bool = False, characters: int = 10**6) -> Any:
    """40 texts of 9 predicted tokens, for which a unigram model needs 3 nats each."""
    tokens = np.full((40, 10), 1 if unknown else 5)
    sums = TokenSums()
    drawn = np.random.default_rng(0).normal(nats, 0.1, (40, 9))
    sums.add(tokens, drawn, tokens[:, 1:], (), np.full((40, 9), 3.0))
    ids = [str(number) for number in range(40)]
    report = language_report(sums, ids, "text", 3, str)
    return with_unigram_comparison(report, sums, "test", characters)


def test_a_language_model_is_compared_with_the_frequencies_of_tokens() -> None:
    good = judged(language(1.0), 1.0 / np.log(2))
    assert good.outcome == "learned" and not good.causes
    assert "compared with 4.33 for the frequencies of tokens alone" in paragraph(good)
    slight = judged(language(2.95), 2.95 / np.log(2))
    assert slight.outcome == "partly" and slight.comparison is not None
    assert slight.comparison.p_value < 0.01, "not by chance, but hardly better"
    assert "hardly less than the 4.33" in paragraph(slight)
    poor = judged(language(3.2), 3.1 / np.log(2))
    assert poor.outcome == "nothing" and "underfit" in codes(poor)


def test_memorized_and_little_text_and_unknown_words_are_named() -> None:
    found = judged(language(2.0, unknown=True, characters=5000), 0.5)
    assert codes(found) == ["overfit", "unknown_tokens", "little_text"]
    text = paragraph(found)
    assert "0.50 bits per character for training rows, but 2.8" in text
    assert "5000 characters" in text and "100 % of the tokens" in text


def written(source: list[str], expected: list[str], predicted: list[str]) -> HeadReport:
    ids = [str(number) for number in range(len(expected))]
    report = text_report(expected, predicted, ids, "y", 3)
    return with_text_comparison(
        report, ComparedTexts(source, expected, predicted), "test"
    )


def test_written_texts_are_compared_with_a_copy_of_the_source() -> None:
    source = [f"the number {each} is odd" for each in range(40)]
    expected = [text.replace("odd", "even") for text in source]
    head = written(source, expected, expected)
    copied = head.baseline["copy_source"]
    assert copied["exact_match"] == 0 and 50 < copied["chrf"] < 100
    good = judged(head, 100.0)
    assert good.outcome == "learned" and not good.causes
    assert "for copying the source" in paragraph(good)
    assert judged(written(source, expected, source)).outcome == "nothing"


def test_one_text_for_all_is_named() -> None:
    expected = [f"{each} apples" for each in "abcdefghijklmnopqrst"]
    head = written([], expected, ["a apples"] * 20)
    assert "copy_source" not in head.baseline
    found = judged(head, 60.0)
    assert found.outcome == "nothing" and "one_text" in codes(found)
    text = paragraph(found)
    assert "always writing “a apples”" in text
    assert "writes “a apples” for 100 % of the held-out rows" in text


def test_guessing_is_rarely_mistaken_for_learning() -> None:
    learned = 0
    for seed in range(100):
        ours, theirs = np.random.default_rng(seed).random((2, 30, 1))
        pair = [np.hstack([each, np.ones((30, 1))]) for each in (ours, theirs)]
        sums = PairedSums(*pair, lambda each: each[..., 0] / each[..., 1])
        learned += compare_sums("entity_f1", sums, "test").p_value < 0.05
    assert learned <= 10


def test_many_samples_are_compared_in_little_time() -> None:
    one = np.ones((200_000, 2))
    sums = PairedSums(one, 2 * one, lambda each: each[..., 0])
    found = compare_sums("bits_per_character", sums, "test")
    assert (found.value, found.baseline, found.samples) == (200_000, 400_000, 200_000)
    assert found.better and found.p_value < 0.01
    few = PairedSums(one[:3], 2 * one[:3], lambda each: each[..., 0])
    assert compare_sums("bits_per_character", few, "test").p_value == 1
