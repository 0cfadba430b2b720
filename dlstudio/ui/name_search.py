"""Ranking of names by a search query, shared by all searches. No Qt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum

# "MaxPooling2D" → Max, Pooling, 2D; "ConvLSTM2D" → Conv, LSTM, 2D; words in caseless
# scripts, such as Chinese, stay whole.
_WORD = re.compile(r"\d+[A-Z]?(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")


class MatchRank(IntEnum):
    """How well a name matches a query; smaller is better."""

    EXACT = 0
    PREFIX = 1
    WORD_START = 2
    SUBSTRING = 3
    INITIALS = 4
    """Initials of consecutive words: "gap" for GlobalAveragePooling."""
    KEYWORDS = 5
    """Each query word is a prefix of a word in the name or its keywords."""


def match_rank(query: str, name: str, keywords: str = "") -> MatchRank | None:
    """The rank of a name for a query; None if it does not match.

    Args:
        query: Search text; case and character width are ignored.
        keywords: Additional search terms: aliases, a summary, other languages.
    """
    wanted = fold(query).strip()
    found = _rank_name(wanted, name)
    if found is None and _has_words(wanted.split(), f"{name} {keywords}"):
        return MatchRank.KEYWORDS
    return found


def fold(text: str) -> str:
    """Lower case, full-width letters as plain ones, no accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _rank_name(wanted: str, name: str) -> MatchRank | None:
    name = unicodedata.normalize("NFKC", name)
    given = fold(name)
    if given == wanted:
        return MatchRank.EXACT
    if given.startswith(wanted):
        return MatchRank.PREFIX
    words = list(_WORD.finditer(name))
    if any(fold(name[each.start() :]).startswith(wanted) for each in words):
        return MatchRank.WORD_START
    if wanted in given:
        return MatchRank.SUBSTRING
    initials = [fold(each[0]) for each in words]
    squeezed = wanted.replace(" ", "")
    if any(_matches_initials(squeezed, initials[i:]) for i in range(len(initials))):
        return MatchRank.INITIALS
    return None


def _matches_initials(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are initials of these words, in order."""
    if not letters:
        return True
    if not words:
        return False
    return any(
        words[0].startswith(letters[:count])
        and _matches_initials(letters[count:], words[1:])
        for count in range(min(len(letters), len(words[0])), 0, -1)
    )


def _has_words(wanted: Sequence[str], text: str) -> bool:
    """Whether each query word starts a word of the text; Chinese matches anywhere."""
    given = fold(text)
    words = [fold(each) for each in _WORD.findall(text)]
    words += given.split()
    return all(
        word in given if not word.isascii() else any(w.startswith(word) for w in words)
        for word in wanted
    )
