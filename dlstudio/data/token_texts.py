"""Columns and rows of texts or names, as series of strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Categories, Column, Fitted, Indices, Rows, Texts
from dlstudio.data.text_rows import TextRows

if TYPE_CHECKING:
    import polars as pl


def column_texts(column: Column) -> pl.Series:
    """The values of a column of texts or of names, as strings; names without blanks."""
    if isinstance(column, Texts):
        return column.values
    assert isinstance(column, Categories)
    return _names(column.names, column.codes)


def row_texts(rows: Rows, fitted: Fitted, chosen: Indices) -> pl.Series:
    """Encoded rows of texts or of names, as strings; names without blanks.

    Args:
        rows: Of all samples.
        fitted: What the feature has learned.
        chosen: The samples.
    """
    if isinstance(rows, TextRows):
        return rows.values.gather(chosen)
    return _names(fitted["names"], rows[chosen])


def _names(names: Sequence[str], codes: npt.NDArray[np.integer[Any]]) -> pl.Series:
    import polars as pl  # few trainings need it

    return pl.Series(names, dtype=pl.String).gather(codes[codes >= 0])
