"""Texts that are predicted token by token: targets, texts and reports."""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from sacrebleu.metrics import BLEU, CHRF

from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads import text_scores
from dlstudio.engine.heads.sequence_to_sequence import LOSS, SEQUENCE_TO_SEQUENCE
from dlstudio.engine.heads.text_report import text_report
from dlstudio.engine.heads.text_tokens import marked_tokens, plain_texts, texts_of
from dlstudio.errors import UserError

WORDS = {"words": ["", "[UNK]", "a", "b", "c"], "separator": " "}
TOKENS = tf.constant([[2, 3, 0], [4, 2, 3], [0, 0, 0]], tf.uint8)
EXPECTED = ["the red house", "a cat", "it is late now", "we go home now"]
PREDICTED = ["the red house", "a dog", "it is very late now", "we go home now"]


def test_the_token_behind_each_position_is_predicted_and_then_the_end() -> None:
    labels = marked_tokens(TOKENS, 4, 5).numpy().tolist()
    assert labels == [[2, 3, 5, 0], [4, 2, 3, 5], [5, 0, 0, 0]]
    assert marked_tokens(TOKENS, 3, 5).numpy().tolist() == [row[:3] for row in labels]


def test_loss_and_metrics_count_no_position_behind_the_end() -> None:
    fitted = {"positions": 4}
    outputs = np.full((3, 4, 6), 0.05, np.float32)
    outputs[..., 5] = 0.75
    loss = SEQUENCE_TO_SEQUENCE.loss()
    targets = SEQUENCE_TO_SEQUENCE.targets(loss, 6, fitted)(TOKENS)
    value = keras.losses.SparseCategoricalCrossentropy(ignore_class=0)(targets, outputs)
    mean = -(3 * np.log(0.75) + 5 * np.log(0.05)) / 8
    np.testing.assert_allclose(value, mean, rtol=1e-5)
    assert loss == Spec(LOSS, FrozenMap({"ignore_class": 0}))


def test_texts_are_made_of_tokens_and_compared_with_single_blanks() -> None:
    assert texts_of(TOKENS, WORDS) == ["a b", "c a b", ""]
    characters = {**WORDS, "separator": ""}
    assert texts_of(TOKENS, characters) == ["ab", "cab", ""]
    given = np.array(["  a   b ", "c"], object)
    assert plain_texts(given, WORDS) == ["a b", "c"]
    assert plain_texts(given, characters) == ["a   b", "c"]


def test_a_report_has_scores_of_sacrebleu_and_the_worst_texts_first() -> None:
    report = text_report(EXPECTED, PREDICTED, ["1", "2", "3", "4"], "reply", 25)
    bleu = BLEU(force=True).corpus_score(PREDICTED, [EXPECTED]).score
    assert report.metrics["exact_match"] == 0.5
    assert report.metrics["bleu"] == pytest.approx(bleu)
    chrf = CHRF().corpus_score(PREDICTED, [EXPECTED]).score
    assert report.metrics["chrf"] == pytest.approx(chrf)
    worst = report.sections["worst"]["rows"]
    assert [each["id"] for each in worst] == ["2", "3"]
    assert (worst[0]["actual"], worst[0]["predicted"]) == ("a cat", "a dog")
    assert report.baseline["most_frequent"]["value"] == EXPECTED[0]


def test_chinese_is_compared_character_by_character() -> None:
    expected, predicted = (
        ["今天天气很好啊", "我们去公园"],
        ["今天天气很好", "我们去公园"],
    )
    score = BLEU(tokenize="zh", force=True).corpus_score(predicted, [expected]).score
    assert text_scores.bleu(expected, predicted) == pytest.approx(score)
    assert text_scores.bleu(expected, expected) == pytest.approx(100)
    assert text_scores.bleu(["one two"], ["one two"]) is None


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    with pytest.raises(UserError) as caught:
        text_scores.chrf(["a"], ["a"])
    assert 'pip install "dlstudio[text]"' in caught.value.hint


@pytest.mark.parametrize("shape", [(5,), (None, 5), (4, 4, 4)])
def test_an_output_has_scores_of_tokens_at_each_position(shape: Any) -> None:
    SEQUENCE_TO_SEQUENCE.check_output((4, 9), {})
    with pytest.raises(UserError, match="each position"):
        SEQUENCE_TO_SEQUENCE.check_output(shape, {})
