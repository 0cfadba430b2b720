"""Several names in one cell: a row has a 0 or 1 for each of `fitted["names"]`, uint8.

A blank cell is one without names, which is a value like any other: nothing is missing.
Names that the training split does not have are not in the row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.data.columns import CategorySets, Cells, Column, Indices
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    settings,
)
from dlstudio.data.features.cell_text import has_lists, named_texts
from dlstudio.data.features.date_forms import read_dates
from dlstudio.data.features.names import ordered_names, places
from dlstudio.data.features.number_forms import NumberForm, read_numbers
from dlstudio.data.features.short_texts import FEW, joined, present
from dlstudio.data.features.statistics import name_statistics
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

SEPARATORS = ("|", ";", ",")
SURE = 0.96
WORDS, REPEATS, SHARE = 3.0, 0.7, 0.2
"""Names have few words and occur often, and not few cells have several."""
LARGEST = 2**31
"""Cells times names that fit into memory."""


class _Categories:
    """The data part of sets of names."""

    def certainty(self, cells: Cells, name: str) -> float:
        """How much separated names repeat, more than whole cells do."""
        if has_lists(cells.values):
            return SURE if cells.values.count() else 0.0
        texts = present(named_texts(cells))
        separator = usual_separator(texts)
        if not separator or _means_else(texts):
            return 0.0
        lists = _split(texts, separator)
        sizes = lists.list.len()
        names = lists.explode().drop_nulls()
        if (sizes > 1).sum() < SHARE * len(sizes) or not len(names):
            return 0.0
        distinct = names.n_unique()
        words = names.str.count_matches(r"\S+").to_numpy().mean()
        repeats = 1 - distinct / len(names)
        # The parts of an address vary as much as addresses; names are combined. A comma
        # may be within a name: few names make many combinations only if it is not.
        combinations = texts.n_unique()
        combined = sizes.n_unique() > 1 or distinct < combinations
        if separator == ",":
            combined = distinct < combinations
        if words > WORDS or repeats < REPEATS or not combined:
            return 0.0
        return SURE * (0.5 + repeats / 2) if repeats < 0.9 else SURE

    def infer_params(self, cells: Cells) -> JsonObject:
        """What separates names."""
        if cells.values.dtype != pl.String:
            return {}
        separator = usual_separator(named_texts(cells))
        return {"separator": separator} if separator else {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """A 0 or 1 for each name.

        Raises:
            UserError: There are too many names for so many cells.
        """
        lists, codes = _lists(cells, str(settings(feature, DESCRIPTION)["separator"]))
        rows = pl.Series(np.arange(len(lists)))
        parts = pl.DataFrame({"row": rows, "name": lists}).explode("name").drop_nulls()
        names = ordered_names(parts["name"])
        if len(names) * len(cells) > LARGEST:
            raise UserError(
                _("A column has {count} different names, which are too many.").format(
                    count=f"{len(names):,}"
                ),
                _("Choose another separator or another type, or ignore the column."),
            )
        values = np.zeros((len(lists) + 1, len(names)), np.uint8)  # the last is of -1
        values[parts["row"].to_numpy(), places(parts["name"], names, -1)] = 1
        column = CategorySets(values[codes], tuple(names.to_list()))
        return ParsedColumn(column, np.zeros(len(cells), bool))

    def statistics(self, column: Column) -> ColumnStatistics:
        """In how many cells the most frequent names are."""
        sets = _sets(column)
        return name_statistics(sets, sets.names, sets.counts())

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """A 0 or 1 for each name."""
        del feature
        return InputForm((None if distinct is None else max(1, distinct),), scaled=True)

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """The names that occur, in their order."""
        del feature
        sets = _sets(column)
        counts = sets.take(training).counts()
        return {"names": [sets.names[place] for place in np.flatnonzero(counts)]}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """A 0 or 1 for each learned name, uint8 (n, names)."""
        del feature
        sets = _sets(column)
        place = {name: number for number, name in enumerate(sets.names)}
        wanted = [place.get(name, -1) for name in fitted["names"]]
        none = np.zeros((len(sets), 1), np.uint8)
        padded = np.concatenate([sets.values, none], axis=1)  # -1 is its last
        return np.ascontiguousarray(padded[:, np.array(wanted, np.int64)])

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The names of each row as a list."""
        del feature
        names = fitted["names"]
        found = [[names[place] for place in np.flatnonzero(row)] for row in rows]
        return Cells(pl.Series(found, dtype=pl.List(pl.String)))


def _lists(cells: Cells, separator: str) -> tuple[pl.Series, npt.NDArray[np.int32]]:
    """The names in different cells, and which of them each cell is; -1 where blank."""
    values = cells.values
    if has_lists(values):
        codes = np.arange(len(values), dtype=np.int32)
        return _stripped(values.cast(pl.List(pl.String))), codes
    texts = named_texts(cells)
    if separator == "auto":
        separator = usual_separator(texts) or SEPARATORS[0]
    distinct = texts.drop_nulls().unique()
    return _split(distinct, separator), places(texts, distinct, -1)


def _split(texts: pl.Series, separator: str) -> pl.Series:
    return _stripped(texts.str.split(separator))


def _stripped(lists: pl.Series) -> pl.Series:
    """Names without spaces around; those without a character are none."""
    element = pl.element().str.strip_chars()
    found: pl.Series = lists.list.eval(element.filter(element != ""))
    return found


def usual_separator(texts: pl.Series) -> str:
    """The separator in most cells; "" where no cell has one."""
    if len(texts) <= FEW:
        every = joined(texts)
        if not any(mark in every for mark in SEPARATORS):
            return ""
    counts = [int(texts.str.contains(mark, literal=True).sum()) for mark in SEPARATORS]
    return SEPARATORS[int(np.argmax(counts))] if any(counts) else ""


def _means_else(texts: pl.Series) -> bool:
    """Whether cells with commas are numbers or dates."""
    half = len(texts) / 2
    return (
        read_numbers(texts, NumberForm()).count() > half
        or read_dates(texts, "auto").count() > half
    )


def _sets(column: Column) -> CategorySets:
    assert isinstance(column, CategorySets)
    return column


CATEGORIES = _Categories()
