"""Choosing the next token, and what is written of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlstudio.document.token_choice import Decoding
from dlstudio.engine.prediction.text_generation import choose_token, generate_text
from dlstudio.engine.runtime.stop_token import StopSource

LOGITS = np.log([0.3, 0.2, 0.4, 0.2, 0.1, 0.05, 0.25])
"""Padding and the unknown token first."""


def shares(decoding: Decoding, count: int = 4000) -> list[float]:
    random = np.random.default_rng(1)
    drawn = [choose_token(LOGITS, decoding, random) for _draw in range(count)]
    return [drawn.count(token) / count for token in range(len(LOGITS))]


def test_tokens_are_drawn_by_their_probabilities() -> None:
    found = shares(Decoding(temperature=1.0))
    assert found == pytest.approx([0, 0, 0.4, 0.2, 0.1, 0.05, 0.25], abs=0.03)
    squared = np.array([0.16, 0.04, 0.01, 0.0025, 0.0625])
    cold = shares(Decoding(temperature=0.5))
    assert cold[2:] == pytest.approx((squared / squared.sum()).tolist(), abs=0.03)
    assert shares(Decoding(temperature=0), 20)[2] == 1


@pytest.mark.parametrize(
    ("decoding", "kept"),
    [
        (Decoding(top_k=1), {2}),
        (Decoding(top_k=2), {2, 6}),
        (Decoding(temperature=1, top_p=0.0), {2}),
        (Decoding(temperature=1, top_p=0.5), {2, 6}),
        (Decoding(temperature=1, top_p=0.7), {2, 3, 6}),
        (Decoding(temperature=1, top_k=3, top_p=0.3), {2}),
        (Decoding(top_p=1.0), {2, 3, 4, 5, 6}),
    ],
)
def test_only_the_likeliest_are_drawn_from(decoding: Decoding, kept: set[int]) -> None:
    found = shares(decoding, 800)
    assert {token for token, share in enumerate(found) if share} == kept


class Counting:
    """A language model whose next token is the one after the last, in a circle."""

    def __init__(self, words: str, separator: str = "") -> None:
        self.vocabulary = ["", "[UNK]", *words.split()]
        self.separator, self.length = separator, 5
        self.asked: list[int] = []

    def prompt_tokens(self, text: str) -> list[int]:
        pieces = text.split() if self.separator else list(text)
        return [self.vocabulary.index(each) for each in pieces][-self.length :]

    def word(self, token: int) -> str:
        return self.vocabulary[token]

    def next_logits(self, tokens: Any) -> Any:
        self.asked.append(len(tokens))
        count = len(self.vocabulary) - 2
        wanted = 2 + (tokens[-1] - 2 + 1) % count
        return np.where(np.arange(count + 2) == wanted, 0.0, -50.0)


def written(model: Counting, prompt: str, decoding: Decoding, **more: Any) -> list[str]:
    return list(generate_text(model, prompt, decoding, **more))  # type: ignore[arg-type]


def test_text_comes_token_by_token_and_the_window_slides() -> None:
    model = Counting("a b c d")
    assert written(model, "abc", Decoding(length=6)) == list("dabcda")
    assert model.asked == [3, 4, 5, 5, 5, 5]
    assert "".join(written(model, "", Decoding(length=3, seed=5))) in "abcdabcd"
    words = Counting("the cat sat", " ")
    assert written(words, "the", Decoding(length=2)) == [" cat", " sat"]
    assert written(words, "the ", Decoding(length=2)) == ["cat", " sat"]


def test_it_stops_before_a_text_or_when_it_is_told() -> None:
    model = Counting("a b c d")
    assert "".join(written(model, "a", Decoding(length=9, stop="da"))) == "bc"
    assert "".join(written(model, "a", Decoding(length=3, stop="dx"))) == "bcd"
    source = StopSource()
    found = []
    for piece in generate_text(model, "a", Decoding(length=9), source.token):  # type: ignore[arg-type]
        found.append(piece)
        if len(found) == 2:
            source.stop()
    assert found == ["b", "c"]
