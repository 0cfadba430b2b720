"""Looks at few texts, for which a call of Polars takes longer than the look itself.

Each call of Polars takes some 50 µs, however few the texts are: of ten thousand short
columns that is most of the time. So a few texts are looked at in Python, and many by
Polars, with the same results.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

FEW = 20_000
"""Of more texts, what is asked is not whether any has something."""
FAST = 1_000
"""From so many texts on Polars is faster."""
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")


def has_any_of(texts: pl.Series, words: Sequence[str]) -> bool:
    """Whether some texts are words of a list; of many, whether some are as short."""
    if len(texts) > FAST:
        return bool((texts.str.len_bytes() <= _longest(tuple(words))).any())
    return not _set(tuple(words)).isdisjoint(texts.to_list())


@cache
def _longest(words: tuple[str, ...]) -> int:
    return max((len(word.encode()) for word in words), default=0)


@cache
def _set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def count_matching(texts: pl.Series, pattern: str) -> int:
    """How many texts match a pattern as a whole.

    Args:
        texts: Null where there is nothing.
        pattern: Of a syntax that Python and Rust share, without ^ and $.
    """
    if len(texts) > FAST:
        return int(texts.str.contains(f"^(?:{pattern})$").sum())
    whole = re.compile(pattern).fullmatch
    return sum(1 for text in texts.to_list() if text and whole(text))


def has_digit(texts: pl.Series) -> bool:
    """Whether a digit of any script is in some of the texts; True where many are."""
    return _has(texts, _DIGIT)


def has_letter(texts: pl.Series) -> bool:
    """Whether a letter of any script is in some of the texts; True where many are."""
    return _has(texts, _LETTER)


def _has(texts: pl.Series, pattern: re.Pattern[str]) -> bool:
    if len(texts) > FEW:
        return True
    if len(texts) > FAST:
        return bool(texts.str.contains(pattern.pattern).any())
    return bool(pattern.search(joined(texts)))


def joined(texts: pl.Series) -> str:
    """All texts with line ends between them."""
    if len(texts) > FAST:
        return str(texts.filter(texts != "").str.join("\n").item())
    return "\n".join(text for text in texts.to_list() if text)


def present(texts: pl.Series) -> pl.Series:
    """Texts without those that are null."""
    return texts.drop_nulls() if texts.null_count() else texts


def different(texts: pl.Series) -> pl.Series:
    """The different texts, in any order; null is none of them."""
    if len(texts) > FEW:
        return present(texts.unique())
    return present(texts.value_counts(name="\0").to_series())
