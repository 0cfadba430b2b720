"""Splits texts into subwords as layers do that learn them, without TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

PADDING, UNKNOWN = "[PAD]", "[UNK]"
SPECIAL = (PADDING, UNKNOWN)
"""Tokens 0 and 1."""
WITHIN = "##"
"""How a piece of WordPiece begins that does not begin a word."""
END = "</w>"
"""How a subword of BytePair ends that ends a word."""
LONGEST_WORD = 100
"""A longer word, in characters, is unknown, as for the library of WordPiece."""
BLANKS = r"[\t-\r \x{85}\p{Z}]+"
ALONE = r"([\p{P}\p{S}\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}])"
"""What is a word by itself."""


@dataclass(frozen=True, slots=True)
class WordPieces:
    """What a token is for a WordPiece layer.

    Attributes:
        vocabulary: What it has learned, special pieces first.
        lowercase: Whether capital letters are read as small ones.
    """

    vocabulary: tuple[str, ...]
    lowercase: bool = True

    def tokens(self, texts: Iterable[str]) -> Iterator[list[bytes]]:
        """The pieces of each text, in UTF-8; a word of unknown ones is one itself."""
        known = {each: each.encode() for each in self.vocabulary[len(SPECIAL) :]}
        longest = max(map(len, known), default=1)
        return _split(texts, self.lowercase, lambda word: _pieces(word, known, longest))


@dataclass(frozen=True, slots=True)
class BytePairs:
    """What a token is for a BytePair layer.

    Attributes:
        merges: Pairs of subwords with a blank between, in the order of their merges.
        lowercase: Whether capital letters are read as small ones.
    """

    merges: tuple[str, ...]
    lowercase: bool = True

    def tokens(self, texts: Iterable[str]) -> Iterator[list[bytes]]:
        """The subwords of each text, in UTF-8; unknown characters are themselves."""
        ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        return _split(texts, self.lowercase, lambda word: _merged(word, ranks))


def _split(
    texts: Iterable[str], lowercase: bool, parts_of: Callable[[str], list[bytes]]
) -> Iterator[list[bytes]]:
    """The subwords of each text.

    Args:
        texts: As they are.
        lowercase: Whether capital letters are read as small ones.
        parts_of: Splits a word.
    """
    import polars as pl

    plain = pl.Series(list(texts), dtype=pl.String)
    if lowercase:
        plain = plain.str.to_lowercase()
    plain = plain.str.replace_all(ALONE, " ${1} ").str.replace_all(BLANKS, " ")
    found: dict[str, list[bytes]] = {}
    for text in plain:
        parts: list[bytes] = []
        for word in filter(None, text.split(" ")):
            if word not in found:
                found[word] = parts_of(word)
            parts += found[word]
        yield parts


def _merged(word: str, ranks: Mapping[str, int]) -> list[bytes]:
    """The subwords of a word; a very long one is one itself.

    Args:
        word: Without blanks.
        ranks: Rank of each pair that is merged.
    """
    if len(word) > LONGEST_WORD:
        return [word.encode()]
    parts = [*word[:-1], word[-1] + END]
    while True:
        pairs = [f"{first} {second}" for first, second in pairwise(parts)]
        best = min(pairs, key=lambda pair: ranks.get(pair, len(ranks)), default="")
        if best not in ranks:
            return [each.encode() for each in parts]
        place = pairs.index(best)
        parts[place : place + 2] = ["".join(parts[place : place + 2])]


def _pieces(word: str, known: Mapping[str, bytes], longest: int) -> list[bytes]:
    """The longest pieces of a word from its beginning on; the word if there are none.

    Args:
        word: Without blanks.
        known: The pieces.
        longest: Characters of the longest one.
    """
    whole = [word.encode()]
    found: list[bytes] = []
    start = 0
    while start < len(word):
        before = WITHIN if start else ""
        ends = range(min(len(word), start + longest), start, -1)
        end = next((end for end in ends if before + word[start:end] in known), 0)
        if not end or len(word) > LONGEST_WORD:
            return whole
        found.append(known[before + word[start:end]])
        start = end
    return found
