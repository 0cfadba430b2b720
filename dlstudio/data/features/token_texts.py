"""Tokens, or tags, of a sentence in one text, with a single space between each two."""

from __future__ import annotations

import polars as pl

SPACES = r"[\t\n\x0b\f\r ]+"
"""What TensorFlow splits at, too; other spaces are part of a token."""
SEEN = 16
"""Characters of a token that a model sees."""
WIDTH = SEEN + 1
"""Characters that a token takes, with the space behind it."""


def single_spaced(texts: pl.Series) -> pl.Series:
    """Texts with a single space between tokens, and none around them."""
    return texts.str.replace_all(SPACES, " ").str.strip_chars(" ")


def token_counts(texts: pl.Series) -> pl.Series:
    """How many tokens texts have, uint32 (n,); 0 where there is none."""
    counts: pl.Series = texts.str.count_matches(" ") + 1
    return counts.set(texts == "", 0).fill_null(0)


def padded_tokens(texts: pl.Series) -> pl.Series:
    """Sentences in which each token takes `WIDTH` characters.

    Longer tokens are cut, shorter ones filled up with spaces, so that layers that split
    at spaces find the tokens, and others the characters of each.

    Args:
        texts: Sentences with a single space between tokens; none is null.
    """
    token = pl.element().str.slice(0, SEEN).str.pad_end(WIDTH, " ")
    joined: pl.Series = texts.str.split(" ").list.eval(token).list.join("")
    return joined.set(texts == "", "")
