"""With how many decimals the numbers of a column are shown, all of them alike."""

from __future__ import annotations

import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.cell_text import counted_texts
from dlstudio.value_text import decimals_for

SAMPLED = 10_000
"""Cells of a longer column that are looked at, spread over it."""
KEPT = 4
"""So many decimals of a file are shown as they are."""
PLAIN = r"^-?[0-9]+(\.[0-9]+)?$"
SMALLEST, LARGEST = 1e-4, 1e12
"""Beyond these sizes numbers are written with an exponent."""


def predicted_decimals(values: pl.Series) -> int | None:
    """The decimals of predictions: of one of usual size about five digits are shown.

    Args:
        values: Floats; null or not finite where there is no prediction.

    Returns:
        None if each number is shown for itself, as there are none or they are too
        small or too large for decimals.
    """
    some = _some(values)
    return _needed(some.filter(some.is_finite()))


def given_decimals(values: pl.Series) -> int | None:
    """The decimals of a table's own numbers: as many as are in the file, if few.

    Args:
        values: Cells, as they were read.

    Returns:
        None if no cell has any, or some are no plain numbers.
    """
    if values.dtype.is_integer():
        return None
    texts = counted_texts(Cells(_some(values))).drop_nulls()
    if not len(texts) or not texts.str.contains(PLAIN).all():
        return None
    found = texts.str.extract(r"\.([0-9]+)$").str.len_chars().max()
    most = int(found) if isinstance(found, int) else 0
    if most <= KEPT:
        return most or None
    return _needed(texts.cast(pl.Float64))


def _some(values: pl.Series) -> pl.Series:
    return values.gather_every(max(1, len(values) // SAMPLED)).drop_nulls()


def _needed(values: pl.Series) -> int | None:
    """Decimals for a number of usual size, without those that are zero everywhere."""
    sizes = values.abs()
    usual = sizes.filter(sizes > 0).median()
    if not isinstance(usual, float) or not SMALLEST <= usual < LARGEST:
        return None
    decimals = decimals_for(usual)
    while decimals and (values.round(decimals) == values.round(decimals - 1)).all():
        decimals -= 1
    return decimals
