"""Lists in cells that are the tokens of a sentence, or their tags, as one text each.

JSON Lines and Parquet files of sequence labelling have them. A token file of lines
becomes the same columns.
"""

from __future__ import annotations

import polars as pl

from dlstudio.document.entity_spans import TAG

TOKEN_NAMES = ("tokens", "words")
"""What a column of tokens is called."""
BLANK = "␣"
"""Stands for spaces within a token, and for an empty one, as each has its tag."""
_TAG = f"^{TAG}$"
_ENTITY = r"^[BIESLUM]-"


def may_be_tokens(kind: pl.DataType) -> bool:
    """Whether cells of a type are lists of texts; or only empty ones."""
    return kind in (pl.List(pl.String), pl.List(pl.Null))


def joined_tokens(lists: pl.Series) -> pl.Series:
    """Lists of texts as sentences with a single space between tokens.

    Args:
        lists: Of a type that `may_be_tokens`; null where there is no list.
    """
    token = pl.element().str.replace_all(r"\s+", BLANK).fill_null("")
    filled = pl.when(token == "").then(pl.lit(BLANK)).otherwise(token)
    found: pl.Series = lists.cast(pl.List(pl.String)).list.eval(filled).list.join(" ")
    return found


def are_tokens(name: str, sentences: pl.Series) -> bool:
    """Whether joined lists are tokens, which their column says, or tags.

    Args:
        name: Of the column.
        sentences: From `joined_tokens`.
    """
    if name.strip().lower() in TOKEN_NAMES:
        return True
    tags = sentences.drop_nulls().str.split(" ").explode().unique()
    tags = tags.filter(tags != "")
    return bool(tags.str.contains(_ENTITY).any() and tags.str.contains(_TAG).all())
