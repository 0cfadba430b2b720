"""Texts become numbers of words, as a TextVectorization would split them."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import polars as pl
import pytest

from dlstudio.engine.words import corpus
from dlstudio.engine.words.corpus import Corpus, WordCounts
from dlstudio.engine.words.tokens import split_texts
from dlstudio.errors import UserError

TEXTS = pl.Series(["The cat, the dog.", None, "", "A cat\n\n sat -- THE cat!"])


def test_words_are_lower_case_and_without_punctuation() -> None:
    assert split_texts(TEXTS, "words").to_list() == [
        ["the", "cat", "the", "dog"],
        [],
        [],
        ["a", "cat", "sat", "the", "cat"],
    ]
    assert split_texts(pl.Series(["Ab c"]), "characters").to_list() == [["a", "b", "c"]]


def test_chinese_is_segmented_into_words() -> None:
    found = split_texts(pl.Series(["我喜欢吃苹果，很好吃！"]), "jieba").to_list()[0]
    assert "苹果" in found and "喜欢" in found
    assert "，" not in found


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *given: Any, **named: Any) -> Any:
        if name == "rjieba":
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setitem(sys.modules, "rjieba", None)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UserError, match="rjieba") as caught:
        split_texts(pl.Series(["我"]), "jieba")
    assert 'pip install "dlstudio[text]"' in caught.value.hint


@pytest.mark.parametrize("at_once", [1, 100])
def test_the_most_frequent_word_comes_first_and_rare_ones_are_left_out(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "AT_ONCE", at_once)
    known = WordCounts.of(TEXTS, "words", 2)
    assert known == WordCounts(("cat", "the"), (3, 3))
    assert WordCounts.from_json(known.to_json()) == known
    found = Corpus.of(TEXTS, "words", known)
    texts = [found.text(place).tolist() for place in range(len(found))]
    assert texts == [[1, 0, 1], [], [], [0, 1, 0]]
