"""Running text: a row is a window of a text, with all its blanks and line breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

import numpy as np
import polars as pl

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT as DESCRIPTION
from dlstudio.data.columns import Cells, Column, Indices, Texts
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    settings,
)
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.statistics import length_statistics, number_statistics
from dlstudio.data.text_rows import TextRows
from dlstudio.data.text_windows import TextWindows, WindowCells, WindowRows
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject


class _ContinuousTextType:
    """The data part of running text."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Never: a source says that its text goes on, see `WindowCells`."""
        del cells, name
        return 0.0

    def infer_params(self, cells: Cells) -> JsonObject:
        """Unit and size of the windows that a source has made."""
        if isinstance(cells, WindowCells):
            return {"unit": cells.unit, "window": cells.size}
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """The texts as they are; what is empty is none."""
        del feature
        nowhere = np.zeros(len(cells), bool)
        if isinstance(cells, WindowCells):
            return ParsedColumn(cells.windows, nowhere)
        values = cells.values
        if values.dtype != pl.String:
            return ParsedColumn(Texts(cell_texts(cells)), nowhere)
        return ParsedColumn(Texts(values.set(values == "", None)), nowhere)

    def statistics(self, column: Column) -> ColumnStatistics:
        """How long the texts are, in characters."""
        if isinstance(column, TextWindows):
            found = number_statistics(column.lengths().astype(np.float64))
            return replace(found, distinct=len(column))
        return length_statistics(Texts(_texts(column)))

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One text."""
        del feature, distinct
        return InputForm((1,), "string")

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """Nothing: the layers behind the input learn the tokens."""
        del column, training, feature
        return {}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The texts, `WindowRows` or `TextRows` (n,); a missing one is empty."""
        del fitted
        if isinstance(column, TextWindows):
            return cast("Rows", WindowRows(column))
        texts = shortened(_texts(column).fill_null(""), feature)
        return cast("Rows", TextRows(texts.rechunk()))

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The texts; null for an empty one."""
        del fitted, feature
        texts = pl.Series([str(each) for each in rows[:]], dtype=pl.String)
        return Cells(texts.set(texts == "", None))


def shortened(texts: pl.Series, feature: Feature) -> pl.Series:
    """The end of each text, as long as a window; all of it where there is none.

    Args:
        texts: Strings without null.
        feature: With the user's settings.
    """
    given = settings(feature, DESCRIPTION)
    size = int(given["window"])
    if not size:
        return texts
    if given["unit"] == "characters":
        return texts.str.tail(size)
    return pl.Series([_last_words(each, size) for each in texts], dtype=pl.String)


def _last_words(text: str, size: int) -> str:
    starts = [each.start() for each in re.finditer(r"[^\t-\r ]+", text)]
    return text[starts[-size] :] if len(starts) > size else text


def _texts(column: Column) -> pl.Series:
    assert isinstance(column, Texts)
    return column.values


CONTINUOUS_TEXT = _ContinuousTextType()
