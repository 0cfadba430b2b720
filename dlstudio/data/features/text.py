"""Texts: a row is the text itself; layers of the model split it into words.

What the words are is learned by the layers, and not here: a missing text is an empty
one.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import polars as pl

from dlstudio.catalog.features.text import TEXT as DESCRIPTION
from dlstudio.data.columns import Cells, Column, Indices, Texts
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    missing_refused,
    settings,
)
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.chinese_words import with_words
from dlstudio.data.features.statistics import length_statistics
from dlstudio.data.features.stored_texts import StoredTexts
from dlstudio.data.features.text_certainty import cells_certainty
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.data.text_rows import TextRows
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject


class _TextType:
    """The data part of texts."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Whether cells have many words, and hardly any of them twice the same."""
        del name
        return cells_certainty(cells)

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing: a text is read alike alone and in its column."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """The texts without blanks around them; everything that is written is one.

        Raises:
            UserError: Chinese words are wanted, but the library for it is missing.
        """
        column: Texts
        if settings(feature, DESCRIPTION)["segmentation"] == "words":
            column = Texts(with_words(cell_texts(cells)))
        elif isinstance(cells, StoredCells):
            column = StoredTexts(cells)
        else:
            column = Texts(cell_texts(cells))
        return ParsedColumn(column, np.zeros(len(cells), bool))

    def statistics(self, column: Column) -> ColumnStatistics:
        """How long the texts are, in characters."""
        assert isinstance(column, Texts)
        return length_statistics(column)

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One text."""
        del feature, distinct
        return InputForm((1,), "string")

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """Nothing: the layers behind the input learn the words."""
        del column, training, feature
        return {}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The texts, `TextRows` (n,); a missing one is empty."""
        del fitted
        texts = _texts(column)
        drop = settings(feature, DESCRIPTION)["missing"] == "drop"
        if drop and texts.null_count():
            raise missing_refused()
        return cast("Rows", TextRows(texts.fill_null("").rechunk()))

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The texts; null for an empty one."""
        del fitted, feature
        if isinstance(rows, TextRows):
            texts = rows.values
        else:
            texts = pl.Series([str(each) for each in rows], dtype=pl.String)
        return Cells(texts.set(texts == "", None))


def _texts(column: Column) -> pl.Series:
    assert isinstance(column, Texts)
    return column.values


TEXT = _TextType()
