"""Splits texts into pieces of words as a WordPiece layer does, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PADDING, UNKNOWN = "[PAD]", "[UNK]"
SPECIAL = (PADDING, UNKNOWN)
"""Tokens 0 and 1."""
WITHIN = "##"
"""How a piece begins that does not begin a word."""
LONGEST_WORD = 100
"""A longer word, in characters, is unknown, as for the library."""
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
        import polars as pl

        known = {each: each.encode() for each in self.vocabulary[len(SPECIAL) :]}
        longest = max(map(len, known), default=1)
        found: dict[str, list[bytes]] = {}
        for text in self._standardized(pl.Series(list(texts), dtype=pl.String)):
            pieces: list[bytes] = []
            for word in filter(None, text.split(" ")):
                if word not in found:
                    found[word] = _pieces(word, known, longest)
                pieces += found[word]
            yield pieces

    def _standardized(self, texts: pl.Series) -> pl.Series:
        """Texts with a blank between words."""
        if self.lowercase:
            texts = texts.str.to_lowercase()
        return texts.str.replace_all(ALONE, " ${1} ").str.replace_all(BLANKS, " ")


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
