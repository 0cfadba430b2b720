"""Cells as texts: stripped, and null where nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.short_texts import has_any_of
from dlstudio.data.tables.null_marks import AMONG_NUMBERS, EVERYWHERE
from dlstudio.data.tables.thinned_rows import LOOK, step_of

COUNTED_BLANKS = [
    *(mark for mark in EVERYWHERE if mark.lower().strip() != "nan"),
    *AMONG_NUMBERS,
    "–",
]
"""Words among numbers or dates that mean that there is no value."""
_PYTHON = (pl.Binary, pl.Duration, pl.Object)
"""Types whose texts Python writes."""
SAMPLE = LOOK
_SCRIPTS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९")
PLAIN = {
    digit: str(value) for script in _SCRIPTS for value, digit in enumerate(script)
} | {
    **{"．": ".", "，": ",", "＋": "+", "－": "-", "％": "%", "￥": "¥", "＄": "$"},
    **{
        "−": "-",
        "–": "-",
        "’": "'",
        "٫": ".",
        "٬": "'",
        "٪": "%",
        "（": "(",
        "）": ")",
    },
    # Spaces: no-break, thin, narrow no-break, figure, of full width.
    **dict.fromkeys("\u00a0\u2009\u202f\u2007\u3000", " "),
}
"""Digits and signs of other scripts, and those of ASCII that mean the same."""


class SampledCells(Cells):
    """Some cells of a column, whose texts are made once.

    All feature types look at the same few cells; of a table of thousands of columns,
    making their texts again would take most of the time.
    """

    @cached_property
    def texts(self) -> pl.Series:
        """As `cell_texts`."""
        return _texts(self.values)

    @cached_property
    def named(self) -> pl.Series:
        """As `named_texts`."""
        return without(self.texts, EVERYWHERE)

    @cached_property
    def counted(self) -> pl.Series:
        """As `counted_texts`."""
        return without(self.texts, COUNTED_BLANKS)


def cell_texts(cells: Cells) -> pl.Series:
    """What is written in each cell, without spaces around; null where it is blank.

    Whole numbers are written without a fraction, dates as in ISO 8601, lists with “|”
    between their items.
    """
    return cells.texts if isinstance(cells, SampledCells) else _texts(cells.values)


def _texts(values: pl.Series) -> pl.Series:
    if values.dtype.is_float():
        return _float_texts(values)
    if has_lists(values):
        values = values.cast(pl.List(pl.String)).list.join("|", ignore_nulls=True)
    elif values.dtype.is_nested() or values.dtype in _PYTHON:
        values = pl.Series(values.name, map(_text, values), pl.String)
    elif values.dtype == pl.Datetime:
        values = values.dt.to_string("iso").str.replace(r"\.0+$", "")
    elif values.dtype != pl.String:
        values = values.cast(pl.String, strict=False)
    values = values.str.strip_chars()
    return _null_where(values, values == "")


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return None if value is None else str(value)


def has_lists(values: pl.Series) -> bool:
    """Whether cells are lists of plain values."""
    inner = getattr(values.dtype, "inner", None)
    return values.dtype == pl.List and inner is not None and not inner.is_nested()


def named_texts(cells: Cells) -> pl.Series:
    """As `cell_texts`, but null also where a word such as “null” says so."""
    if isinstance(cells, SampledCells):
        return cells.named
    return without(cell_texts(cells), EVERYWHERE)


def counted_texts(cells: Cells) -> pl.Series:
    """As `named_texts`, but of numbers or dates: among them “?” says so, too.

    NaN stays: it is written, and no number.
    """
    if isinstance(cells, SampledCells):
        return cells.counted
    return without(cell_texts(cells), COUNTED_BLANKS)


def without(texts: pl.Series, marks: Sequence[str]) -> pl.Series:
    """Texts, null where they are one of some marks."""
    return _null_where(texts, texts.is_in(marks)) if has_any_of(texts, marks) else texts


def sampled(cells: Cells) -> SampledCells:
    """A fair part of many cells, always the same: every so many of them."""
    some = cells.every(step_of(len(cells)))
    return SampledCells(some.values, cells.folder)


def _float_texts(values: pl.Series) -> pl.Series:
    values = values.fill_nan(None)
    texts: pl.Series = values.cast(pl.String)
    whole = values.is_finite() & (values == values.round()) & (values.abs() < 2**53)
    if not whole.fill_null(False).any():
        return texts
    integers: pl.Series = values.cast(pl.Int64, strict=False).cast(pl.String)
    found: pl.Series = integers.zip_with(whole.fill_null(False), texts)
    return found


def _null_where(texts: pl.Series, mask: pl.Series) -> pl.Series:
    if not mask.any():
        return texts
    return texts.set(mask.fill_null(False), None)


def plain_characters(texts: pl.Series) -> pl.Series:
    """Digits and signs of other scripts as those of ASCII."""
    if texts.str.len_bytes().sum() == texts.str.len_chars().sum():
        return texts
    replaced = texts.str.replace_many(list(PLAIN), list(PLAIN.values()))
    return replaced.str.strip_chars()
