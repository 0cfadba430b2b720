"""How many texts a column has, how many of them differ, and how long they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.cell_text import cell_texts, without
from dlstudio.data.features.hashes import count_different
from dlstudio.data.features.short_texts import joined, present
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.data.tables.null_marks import EVERYWHERE

_CONTROL_BLANKS = 5
"""Tab, line feed, vertical tab, form feed, carriage return follow each other."""
_SIGN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"


@dataclass(frozen=True, slots=True)
class TextLengths:
    """How long some texts are in all.

    Attributes:
        count: Of the texts.
        words: What is between blanks.
        signs: Of Chinese and such scripts, which write no blanks.
        characters: All of them.
    """

    count: int = 0
    words: int = 0
    signs: int = 0
    characters: int = 0

    def __add__(self, other: TextLengths) -> TextLengths:
        return TextLengths(
            self.count + other.count,
            self.words + other.words,
            self.signs + other.signs,
            self.characters + other.characters,
        )


@dataclass(frozen=True, slots=True)
class TextTally:
    """The texts in all cells of a column.

    Attributes:
        lengths: Of those in cells that are not blank.
        distinct: How many of them are different.
        names: How many are left without words such as “null”.
        distinct_names: How many of these are different.
    """

    lengths: TextLengths
    distinct: int
    names: int
    distinct_names: int


def text_lengths(texts: pl.Series) -> TextLengths:
    """How long texts are; without blanks around them, and none is null."""
    every = joined(texts)
    if not every:
        return TextLengths(len(texts))
    if not every.isascii():
        words = int(texts.str.count_matches(r"\S+").sum())
        signs = int(texts.str.count_matches(_SIGN).sum())
        characters = int(texts.str.len_chars().sum())
        return TextLengths(len(texts), words, signs, characters)
    written = np.frombuffer(every.encode(), np.uint8)
    blank = (written == ord(" ")) | (written - np.uint8(ord("\t")) < _CONTROL_BLANKS)
    words = int(np.count_nonzero(blank[:-1] > blank[1:])) + (not blank[0])
    return TextLengths(len(texts), words, 0, len(every) - len(texts) + 1)


def tally_texts(cells: Cells) -> TextTally:
    """Look at all cells of a column; at those in a file only once.

    Two of millions of texts have the same hash of 64 bits less often than once in a
    million.
    """
    if not isinstance(cells, StoredCells) or cells.key is None:
        return _tally(cells)
    key, kept = (cells.key, TextTally), cells.store.kept
    found = kept.get(key)
    if not isinstance(found, TextTally):
        found = kept[key] = _tally(cells)
    return found


def _tally(cells: Cells) -> TextTally:
    lengths, hashes, others = TextLengths(), [], []
    named = False
    for each in cells.pieces():
        texts = cell_texts(each)
        names = without(texts, EVERYWHERE)
        there = present(texts)
        lengths += text_lengths(there)
        hashes.append(there.hash().to_numpy())
        same = names.null_count() == texts.null_count()
        named = named or not same
        others.append(hashes[-1] if same else present(names).hash().to_numpy())
    distinct = count_different(np.concatenate(hashes))
    if not named:
        return TextTally(lengths, distinct, lengths.count, distinct)
    count = sum(map(len, others))
    return TextTally(lengths, distinct, count, count_different(np.concatenate(others)))
