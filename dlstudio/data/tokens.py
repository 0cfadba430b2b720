"""Splits texts into tokens as TextVectorization does, and counts them.

Keras splits with TensorFlow's string operations, which lower ASCII letters alone and
know ASCII punctuation and blanks alone. Bytes of Python do the same.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars as pl

AT_ONCE = 10_000
"""Texts that are split at once."""
_LOWER = bytes(range(256)).lower()
_PUNCTUATION = string.punctuation.encode()


class TextSplitter(Protocol):
    """Splits texts into tokens."""

    def tokens(self, texts: Iterable[str]) -> Iterator[list[bytes]]:
        """The tokens of each text, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Tokenization:
    """The settings of a TextVectorization that say what a token is.

    Attributes:
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation" or "".
        split: "whitespace", "character", or "" for texts as they are.
        ngrams: How many words in a row make a token; () for single words.
    """

    standardize: str = ""
    split: str = ""
    ngrams: tuple[int, ...] = ()

    def tokens(self, texts: Iterable[str]) -> Iterator[list[bytes]]:
        """The tokens of each text, in UTF-8."""
        table = _LOWER if "lower" in self.standardize else None
        gone = _PUNCTUATION if "strip" in self.standardize else b""
        for text in texts:
            tokens = self._split(text.encode().translate(table, gone))
            yield self._joined(tokens) if self.ngrams and self.split else tokens

    def _split(self, text: bytes) -> list[bytes]:
        if self.split == "whitespace":
            return text.split()
        if self.split == "character":
            return [each.encode() for each in text.decode("utf-8", "replace")]
        return [text]

    def _joined(self, tokens: list[bytes]) -> list[bytes]:
        return [
            b" ".join(tokens[start : start + width])
            for width in self.ngrams
            for start in range(len(tokens) - width + 1)
        ]


@dataclass(slots=True)
class TokenCounts:
    """How often tokens occur in texts.

    Attributes:
        texts: How many texts were split.
        empty: How many of them have no token.
        counts: By token.
    """

    texts: int = 0
    empty: int = 0
    counts: Counter[bytes] = field(default_factory=Counter)

    def add(self, texts: list[str], how: TextSplitter) -> None:
        """Count the tokens of further texts."""
        self.texts += len(texts)
        for tokens in how.tokens(texts):
            self.counts.update(tokens)
            self.empty += not any(tokens)

    def ranked(self) -> list[tuple[str, int]]:
        """Tokens with their counts, in the order of a vocabulary that Keras learns."""
        counts = self.counts.items()
        found = sorted(((n, token) for token, n in counts if token), reverse=True)
        return [(token.decode("utf-8", "replace"), n) for n, token in found]


def count_tokens(
    texts: pl.Series,
    how: TextSplitter,
    should_stop: Callable[[], bool] = lambda: False,
) -> TokenCounts:
    """Count the tokens of texts.

    Args:
        texts: Strings; null counts as an empty text.
        how: What a token is.
        should_stop: Asked now and then; the counts are those so far if it says so.
    """
    found = TokenCounts()
    for some in _pieces(texts, 0):
        if should_stop():
            break
        found.add(some, how)
    return found


def _pieces(texts: pl.Series, start: int) -> Iterator[list[str]]:
    for place in range(start, len(texts), AT_ONCE):
        yield texts[place : place + AT_ONCE].fill_null("").to_list()


@dataclass(frozen=True, eq=False, slots=True)
class TrainingTexts:
    """The texts of the training split, whose tokens are counted as far as is needed.

    Attributes:
        load: Gives the texts, a series of strings.
    """

    load: Callable[[], pl.Series]
    _loaded: list[pl.Series] = field(default_factory=list, init=False)
    _found: dict[Tokenization, TokenCounts] = field(default_factory=dict, init=False)

    def vocabulary(self, how: Tokenization, enough: int, most: int) -> Vocabulary:
        """How many different tokens there are.

        Args:
            how: What a token is.
            enough: No more texts are looked at once there are more tokens than this.
            most: Texts that are looked at, at most.
        """
        found = self._found.setdefault(how, TokenCounts())
        if not self._loaded:
            self._loaded.append(self.load())
        (texts,) = self._loaded
        for some in islice(_pieces(texts, found.texts), -(-most // AT_ONCE)):
            if len(found.counts) > enough or found.texts >= most:
                break
            found.add(some, how)
        once = sum(1 for count in found.counts.values() if count == 1)
        complete = found.texts == len(texts)
        return Vocabulary(len(found.counts), len(found.counts) - once, complete)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The size of a vocabulary.

    Attributes:
        tokens: Different tokens.
        repeated: Those of them that occur more than once.
        complete: Whether all texts were looked at.
    """

    tokens: int
    repeated: int
    complete: bool
