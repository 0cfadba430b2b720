"""Whether a column only numbers or names its rows, and so says nothing about them."""

from __future__ import annotations

import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.column_names import names_identifier, names_time
from dlstudio.data.features.date_forms import read_dates
from dlstudio.data.features.number_forms import NumberForm, read_numbers
from dlstudio.data.features.short_texts import present as without_null

FEWEST = 20
"""Rows; of fewer, all can be different by chance."""
DIGITS, WORDS, LENGTH = 9, 2.5, 48
"""From so many digits a whole number is long; up to so many words and characters a text
is short."""
LOOK = 1000
"""So many rows are looked at first."""


def identifier_certainty(cells: Cells, name: str) -> float:
    """How certainly all rows have a value of their own that means nothing, 0 to 1.

    Fractions and dates are never identifiers; whole numbers only if the name of the
    column says so, if they count up from row to row, or if they are long.

    Args:
        cells: All of the column, or every so many of them.
        name: Of the column.
    """
    texts = cells.values
    if texts.dtype.is_temporal() or texts.dtype.is_float():
        return 0.0
    if not _mostly_distinct(without_null(texts)):
        return 0.0
    if not texts.dtype.is_integer():
        texts = named_texts(cells)
    present = without_null(texts)
    count = len(present)
    if count < FEWEST or 2 * count < len(cells):
        return 0.0
    named = names_identifier(name)
    if present.n_unique() < count:
        return 0.8 if named and present.n_unique() > 0.99 * count else 0.0
    numbers = present.cast(pl.Int64, strict=False)
    if numbers.null_count():
        return _of_texts(present, named)
    return _of_numbers(numbers, named, names_time(name))


def _mostly_distinct(present: pl.Series) -> bool:
    """A look at some of the rows, which spares most columns the look at all."""
    some = present.head(LOOK)
    return some.n_unique() > 0.9 * len(some)


def _of_texts(present: pl.Series, named: bool) -> float:
    some = present.head(LOOK)
    half = len(some) / 2
    if read_numbers(some, NumberForm()).count() > half:
        return 0.0
    if read_dates(some, "auto").count() > half:
        return 0.0
    if named:
        return 0.97
    short = some.str.len_chars().to_numpy().mean() < LENGTH
    # Neither an address of mail is several words, nor a telephone number.
    words = min(
        some.str.count_matches(pattern).to_numpy().mean()
        for pattern in (r"\S+", r"\p{L}{2,}")
    )
    if not short or words > WORDS:
        return 0.0
    return 0.93 if some.str.contains(r"\d").sum() > half else 0.85


def _of_numbers(numbers: pl.Series, named: bool, time: bool) -> float:
    if named:
        return 0.97
    # Some rows of a column that counts up are equally far apart.
    steps = numbers.diff().drop_nulls()
    if steps[0] > 0 and steps.n_unique() == 1:
        return 0.0 if time else 0.97
    least = numbers.min()
    assert isinstance(least, int)
    return 0.7 if least >= 10 ** (DIGITS - 1) else 0.0
