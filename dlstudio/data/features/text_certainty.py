"""Whether texts are free text: many words, and hardly any of them twice the same."""

from __future__ import annotations

import polars as pl

from dlstudio.data.features.short_texts import FEW, joined, present

WORDS, CHARACTERS, SIGNS = 3.0, 30.0, 8.0
"""From so many on average a cell reads like text; signs are those of Chinese and such
scripts, which write no spaces."""
LONG = 2.0
"""Times as many words, characters or signs, and the texts are sentences."""
_SIGN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"


def text_certainty(texts: pl.Series) -> float:
    """How certainly the texts of a column are free text, 0 to 1; null where blank."""
    texts = present(texts)
    if not len(texts) or _are_short_words(texts):
        return 0.0
    long = _length(texts)
    distinct = texts.n_unique() / len(texts)
    return min(0.95, max(0.0, long - 0.5)) * distinct


def is_prose(texts: pl.Series) -> bool:
    """Whether texts are sentences rather than names or addresses; null where blank."""
    texts = present(texts)
    return bool(len(texts)) and _length(texts) >= LONG


def _length(texts: pl.Series) -> float:
    """How long texts are on average; 1 where they begin to read like text."""
    words = texts.str.count_matches(r"\S+").to_numpy().mean() / WORDS
    signs = texts.str.count_matches(_SIGN).to_numpy().mean() / SIGNS
    length = texts.str.len_chars().to_numpy().mean() / CHARACTERS
    return float(max(words, signs, length))


def _are_short_words(texts: pl.Series) -> bool:
    """Whether a look is enough to see that the texts are single, short words."""
    if len(texts) > FEW:
        return False
    every = joined(texts)
    return (
        every.isascii()
        and len(every) <= len(texts) * CHARACTERS / 2
        and len(every.split()) <= len(texts)
    )
