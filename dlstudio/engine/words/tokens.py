"""Splits texts into the words whose vectors are learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.engine.features.text_profile import PUNCTUATION
from dlstudio.engine.words.text_extra import text_library

if TYPE_CHECKING:
    import polars as pl

WORDS, CHARACTERS, JIEBA = "words", "characters", "jieba"
TOKENS = (WORDS, CHARACTERS, JIEBA)
"""What a word is: between blanks, a character, or as Jieba segments Chinese."""
_HAS_LETTERS = r"[\p{L}\p{N}]"


def split_texts(texts: pl.Series, tokens: str) -> pl.Series:
    """The words of each text: lower case, without ASCII punctuation.

    They are those of a TextVectorization with its usual standardization, so that a
    vocabulary of one has the words of the other.

    Args:
        texts: Strings, (n,); null counts as an empty text.
        tokens: One of `TOKENS`.

    Returns:
        A list of strings for each text, (n,).

    Raises:
        UserError: Jieba is not installed.
    """
    import polars as pl

    element = pl.element()
    plain = texts.fill_null("").str.to_lowercase()
    if tokens == JIEBA:
        cut = text_library("rjieba").cut
        words = pl.Series(
            [cut(text) for text in plain.to_list()], dtype=pl.List(pl.String)
        )
        return words.list.eval(element.filter(element.str.contains(_HAS_LETTERS)))
    plain = plain.str.replace_all(PUNCTUATION, "").str.replace_all(r"\s+", " ")
    if tokens == CHARACTERS:
        words = plain.str.replace_all(" ", "", literal=True).str.split("")
    else:
        words = plain.str.split(" ")
    return words.list.eval(element.filter(element != ""))
