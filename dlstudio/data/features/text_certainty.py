"""Whether texts are free text: many words, and hardly any of them twice the same."""

from __future__ import annotations

import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.short_texts import FEW, joined, present
from dlstudio.data.features.text_tally import TextLengths, tally_texts, text_lengths

WORDS, CHARACTERS, SIGNS = 3.0, 30.0, 8.0
"""From so many on average a cell reads like text; signs are those of Chinese and such
scripts, which write no spaces."""
LONG = 2.0
"""Times as many words, characters or signs, and the texts are sentences."""


def cells_certainty(cells: Cells) -> float:
    """As `text_certainty`, of what is written in cells; of many, some at a time."""
    if len(cells) <= FEW:
        return text_certainty(cell_texts(cells))
    found = tally_texts(cells)
    return _certainty(found.lengths, found.distinct)


def text_certainty(texts: pl.Series) -> float:
    """How certainly the texts of a column are free text, 0 to 1; null where blank."""
    texts = present(texts)
    if not len(texts) or _are_short_words(texts):
        return 0.0
    return _certainty(text_lengths(texts), texts.n_unique())


def is_prose(texts: pl.Series) -> bool:
    """Whether texts are sentences rather than names or addresses; null where blank."""
    found = text_lengths(present(texts))
    return bool(found.count) and _length(found) >= LONG


def _certainty(lengths: TextLengths, distinct: int) -> float:
    if not lengths.count:
        return 0.0
    share = distinct / lengths.count
    return min(0.95, max(0.0, _length(lengths) - 0.5)) * share


def _length(found: TextLengths) -> float:
    """How long texts are on average; 1 where they begin to read like text."""
    return max(
        found.words / found.count / WORDS,
        found.signs / found.count / SIGNS,
        found.characters / found.count / CHARACTERS,
    )


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
