"""Finding what was meant from a few letters: one order for every search. No Qt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum

# "MaxPooling2D" → Max, Pooling, 2D; "ConvLSTM2D" → Conv, LSTM, 2D; words of letters
# that know no case, as Chinese ones, stay whole.
_WORD = re.compile(r"\d+[A-Z]?(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")


class MatchRank(IntEnum):
    """How a name fits what was typed; smaller is better."""

    EXACT = 0
    PREFIX = 1
    WORD_START = 2
    SUBSTRING = 3
    INITIALS = 4
    """Beginnings of words that follow each other: "gap" of GlobalAveragePooling."""
    KEYWORDS = 5
    """Each word typed begins a word of the name, or of its keywords."""


def match_rank(query: str, name: str, keywords: str = "") -> MatchRank | None:
    """How well a name fits what was typed; None where it does not.

    Args:
        query: What was typed; letter case and width do not matter.
        keywords: More words it is found by: aliases, a summary, other languages.
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
    """Whether letters are beginnings of these words, one after the other."""
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
    """Whether each word begins one of the text's; Chinese ones may stand anywhere."""
    given = fold(text)
    words = [fold(each) for each in _WORD.findall(text)]
    words += given.split()
    return all(
        word in given if not word.isascii() else any(w.startswith(word) for w in words)
        for word in wanted
    )
