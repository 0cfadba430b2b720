"""Tokens: a row is a sentence, with a single space between its tokens."""

from __future__ import annotations

from typing import cast

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells, Column, Indices, Texts
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
)
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.statistics import number_statistics
from dlstudio.data.features.token_texts import single_spaced, token_counts
from dlstudio.data.tables.token_lists import TOKEN_NAMES
from dlstudio.data.text_rows import TextRows
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject


class _TokensType:
    """The data part of tokens."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Several words in a column that says that they are tokens."""
        if name.strip().lower() not in TOKEN_NAMES:
            return 0.0
        several = cell_texts(cells).str.contains(r"\S[ \t]+\S").any()
        return 0.97 if several else 0.0

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing: a sentence is read alike alone and in its column."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Sentences with a single space between tokens; everything written is one."""
        del feature
        texts = single_spaced(cell_texts(cells))
        return ParsedColumn(Texts(texts), np.zeros(len(cells), bool))

    def statistics(self, column: Column) -> ColumnStatistics:
        """How many tokens the sentences have."""
        texts = _texts(column)
        counts = token_counts(texts).cast(pl.Float64).to_numpy()
        return number_statistics(np.where(texts.is_null().to_numpy(), np.nan, counts))

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One sentence."""
        del feature, distinct
        return InputForm((1,), "string")

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """Nothing: the layers behind the input learn the words."""
        del column, training, feature
        return {}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The sentences, `TextRows` (n,); a missing one has no tokens."""
        del fitted, feature
        return cast("Rows", TextRows(_texts(column).fill_null("").rechunk()))

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The sentences; null for one without tokens."""
        del fitted, feature
        if isinstance(rows, TextRows):
            texts = rows.values
        else:
            texts = pl.Series([str(each) for each in rows], dtype=pl.String)
        return Cells(texts.set(texts == "", None))


def _texts(column: Column) -> pl.Series:
    assert isinstance(column, Texts)
    return column.values


TOKENS = _TokensType()
