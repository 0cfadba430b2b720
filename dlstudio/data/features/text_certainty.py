"""Whether texts are free text: many words, and hardly any of them twice the same."""

from __future__ import annotations

import polars as pl

WORDS, CHARACTERS, SIGNS = 3.0, 30.0, 8.0
"""From so many on average a cell reads like text; signs are those of Chinese and such
scripts, which write no spaces."""
_SIGN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"


def text_certainty(texts: pl.Series) -> float:
    """How certainly the texts of a column are free text, 0 to 1; null where blank."""
    texts = texts.drop_nulls()
    if not len(texts):
        return 0.0
    words = texts.str.count_matches(r"\S+").to_numpy().mean() / WORDS
    signs = texts.str.count_matches(_SIGN).to_numpy().mean() / SIGNS
    length = texts.str.len_chars().to_numpy().mean() / CHARACTERS
    long = float(max(words, signs, length))
    distinct = texts.n_unique() / len(texts)
    return min(0.95, max(0.0, long - 0.5)) * distinct
