"""Tokens of texts: the same as Keras finds, with how often they occur."""

from __future__ import annotations

from typing import Any

import keras
import polars as pl
import pytest

from dlstudio.data.tokens import Tokenization, TrainingTexts, count_tokens

TEXTS = [
    "The film is GOOD, the film is fine!",
    "ÉTÉ été -- état_d'urgence (2) [3] {4} a/b",
    "很好，味道足。 很 快",
    "tab\tand\nline\u00a0and\u3000wide",
    "🙂 🙂👍🏽 ok",
    "",
    " .,! ",
]


@pytest.mark.parametrize(
    ("standardize", "split", "ngrams"),
    [
        ("lower_and_strip_punctuation", "whitespace", None),
        ("lower", "whitespace", 2),
        ("strip_punctuation", "character", None),
        (None, "whitespace", (2,)),
        (None, "character", 3),
        ("lower", None, None),
    ],
)
def test_tokens_and_their_order_are_those_of_keras(
    standardize: str | None, split: str | None, ngrams: Any
) -> None:
    layer = keras.layers.TextVectorization(
        standardize=standardize, split=split, ngrams=ngrams
    )
    layer.adapt(TEXTS)
    widths = tuple(range(1, ngrams + 1)) if isinstance(ngrams, int) else ngrams or ()
    how = Tokenization(standardize or "", split or "", widths)
    found = count_tokens(pl.Series(TEXTS), how)
    assert [word for word, _count in found.ranked()] == layer.get_vocabulary()[2:]
    assert found.texts == len(TEXTS)


def test_empty_texts_and_counts() -> None:
    how = Tokenization("lower_and_strip_punctuation", "whitespace")
    found = count_tokens(pl.Series([*TEXTS, None]), how)
    assert found.empty == 3
    assert found.ranked()[:3] == [("the", 2), ("is", 2), ("film", 2)]


def test_no_more_is_counted_than_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlstudio.data.tokens.AT_ONCE", 2)
    texts = TrainingTexts(lambda: pl.Series([f"a b{n}" for n in range(9)]))
    how = Tokenization("", "whitespace")
    few = texts.vocabulary(how, 3, 100)
    assert (few.tokens, few.repeated, few.complete) == (5, 1, False)
    assert texts.vocabulary(how, 3, 100) == few
    every = texts.vocabulary(how, 99, 100)
    assert (every.tokens, every.repeated, every.complete) == (10, 1, True)
    assert not TrainingTexts(texts.load).vocabulary(how, 99, 4).complete
