"""Categories: a row is the place of the name in `fitted["names"]`, int32.

Two codes are no places: `MISSING` where there is no value, and `UNSEEN` for a name that
the training split does not have. Of an input, the codes stand for the strings
`("[UNK]", "", *names)`, in which `code + 2` is the place: a StringLookup takes these
as the exported model takes raw strings, an unseen name as out of vocabulary and "" as
the class of missing values. Of a target, codes from 0 on are the numbers of the
classes, and a row with another code has no class: it cannot be trained on.

Names are sorted as texts, class numbers and other numbers by their value: 2 before 10.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dlstudio.catalog.features.category import CATEGORY as DESCRIPTION
from dlstudio.data.columns import Categories, Cells, Column, Indices
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    missing_refused,
    settings,
)
from dlstudio.data.features.cell_text import SAMPLE, named_texts, sampled
from dlstudio.data.features.few_values import class_number_certainty
from dlstudio.data.features.names import (
    Codes,
    joined_names,
    places,
)
from dlstudio.data.features.number_forms import NumberForm, read_numbers
from dlstudio.data.features.short_texts import FEW as FEW_TEXTS
from dlstudio.data.features.short_texts import (
    count_matching,
    different,
    has_digit,
    present,
)
from dlstudio.data.features.statistics import name_statistics
from dlstudio.data.features.text_tally import tally_texts
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject

MISSING, UNSEEN = -1, -2
FEW = 20
"""Cells; fewer say little about whether names repeat."""
SURE = 0.95


class _Category:
    """The data part of categories."""

    def certainty(self, cells: Cells, name: str) -> float:
        """How much names repeat; of numbers, whether they look like class numbers."""
        if len(cells) > FEW_TEXTS:
            found = tally_texts(cells)
            many = found.distinct_names
            if many > FEW_TEXTS and not _are_numbers(named_texts(sampled(cells))):
                return _repeats(found.names, many)
        distinct, count = _different_names(cells)
        if not count:
            return 0.0
        repeats = _repeats(count, len(distinct))
        if not has_digit(distinct) or not _are_numbers(distinct.head(SAMPLE)):
            return repeats
        numbers = read_numbers(distinct, NumberForm())
        if count_matching(distinct, r"0\d+"):
            return max(0.5, repeats)
        values = numbers.drop_nulls().drop_nans().to_numpy()
        return min(SURE, class_number_certainty(values, count, name))

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing: a name is read alike alone and in its column."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Codes and names; everything that is written is a name."""
        del feature
        column = joined_names([_coded(each) for each in cells.pieces()])
        return ParsedColumn(column, np.zeros(len(column), bool))

    def statistics(self, column: Column) -> ColumnStatistics:
        """How often the most frequent names occur."""
        categories = _categories(column)
        return name_statistics(categories, categories.names, categories.counts())

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One name."""
        del feature, distinct
        return InputForm((1,), "string")

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """The names that occur, in their order, and the most frequent one."""
        del feature
        categories = _categories(column)
        counts = categories.take(training).counts()
        present = np.flatnonzero(counts)
        names = [categories.names[place] for place in present]
        most = names[int(counts[present].argmax())] if names else None
        return {"names": names, "most_frequent": most}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """Places in the learned names, or `MISSING` or `UNSEEN`, int32 (n,)."""
        missing = settings(feature, DESCRIPTION)["missing"]
        categories = _categories(column)
        if missing == "drop" and categories.missing().any():
            raise missing_refused()
        place = {name: number for number, name in enumerate(fitted["names"])}
        filled = place.get(fitted.get("most_frequent"), MISSING)
        codes = [place.get(name, UNSEEN) for name in categories.names]
        codes.append(filled if missing == "most_frequent" else MISSING)
        return np.array(codes, np.int32)[categories.codes]

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The names; null for a missing one and for one that was not seen."""
        del feature
        names = pl.Series([*fitted["names"], None], dtype=pl.String)
        places = np.where(np.asarray(rows) < 0, len(names) - 1, rows)
        return Cells(names.gather(places.astype(np.int64)))


def _categories(column: Column) -> Categories:
    assert isinstance(column, Categories)
    return column


def _coded(cells: Cells) -> tuple[Codes, pl.Series]:
    """The places of cells in their names, and these in any order."""
    values = cells.values
    if _repeat(values):  # each is looked at once
        distinct = different(values)
        codes, names = _coded(cells.with_values(distinct))
        every = places(values, distinct, len(distinct))
        return np.append(codes, np.int32(MISSING))[every], names
    texts = named_texts(cells)
    names = different(texts)
    return places(texts, names, MISSING), names


def _repeat(values: pl.Series) -> bool:
    """Whether cells are many texts, of which few are different."""
    if values.dtype != pl.String or len(values) <= FEW_TEXTS:
        return False
    return values.head(FEW_TEXTS).n_unique() < FEW_TEXTS / 4


def _different_names(cells: Cells) -> tuple[pl.Series, int]:
    """The different names in cells, and how many cells have one."""
    found, count = [], 0
    for each in cells.pieces():
        texts = named_texts(each)
        count += len(texts) - texts.null_count()
        found.append(different(texts))
    return (different(pl.concat(found)) if len(found) > 1 else found[0]), count


def _are_numbers(texts: pl.Series) -> bool:
    """Whether half of some texts are numbers; null is none of them."""
    some = present(texts)
    return read_numbers(some, NumberForm()).count() >= len(some) / 2


def _repeats(count: int, distinct: int) -> float:
    """How certainly texts are a few names, from how often they repeat."""
    repeated = 1 - distinct / count
    if distinct <= 2 and repeated:
        return SURE
    if repeated >= 0.9:
        return SURE
    if count < FEW:
        return max(0.5, 0.9 * repeated)
    return 0.1 + 0.85 * repeated / 0.9


CATEGORY = _Category()
