"""Numbers: a row is float32, NaN and infinity are none.

Missing numbers are filled with what the training split had, as the settings say; limits
come after that. Mean and deviation, for a Normalization, are those of the rows of the
training split, filled and limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.features.number import NUMBER as DESCRIPTION
from dlstudio.catalog.image_files import IMAGE_SUFFIXES
from dlstudio.data.columns import Cells, Column, Indices, Mask, Numbers
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    missing_refused,
    settings,
)
from dlstudio.data.features.cell_text import cell_texts, counted_texts
from dlstudio.data.features.column_names import names_code
from dlstudio.data.features.few_values import class_number_certainty
from dlstudio.data.features.number_forms import NumberForm, number_form, read_numbers
from dlstudio.data.features.short_texts import count_matching
from dlstudio.data.features.statistics import number_statistics
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject

LARGEST = float(np.finfo(np.float32).max)
SURE = 0.98
_FILE = rf"(?is).*\d({'|'.join(map(re.escape, sorted(IMAGE_SUFFIXES)))})"
"""12.jpg is no number with the unit jpg."""


class _Number:
    """The data part of numbers."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Share of cells with a number, less where numbers could name classes."""
        found = _read(cells, NumberForm())
        finite = np.isfinite(found.values)
        number = int(finite.sum())
        if not number or _looks_like_codes(cells, name):
            return 0.1 if number else 0.0
        count = found.present - (found.read - number)  # without those like "inf"
        share = min(1.0, number / count)
        classes = class_number_certainty(found.values[finite], number, name)
        return SURE * share * (1 - classes)

    def infer_params(self, cells: Cells) -> JsonObject:
        """The decimal mark and the unit, where they are not the usual ones."""
        if cells.values.dtype != pl.String:
            return {}
        form = number_form(counted_texts(cells))
        found: JsonObject = {}
        if form.decimal != DESCRIPTION.defaults()["decimal"]:
            found["decimal"] = form.decimal
        return {**found, "unit": form.unit} if form.unit else found

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """The numbers; what is not finite is unreadable."""
        params = settings(feature, DESCRIPTION)
        form = NumberForm(str(params["decimal"]), str(params["unit"]))
        found = _read(cells, form)
        values = found.values
        odd = ~np.isfinite(values)
        if not odd.any():
            return ParsedColumn(Numbers(values), odd)
        if np.isinf(values).any():
            values = np.where(odd, np.nan, values)
        if found.blank is not None:
            odd &= ~found.blank
        return ParsedColumn(Numbers(values), odd)

    def statistics(self, column: Column) -> ColumnStatistics:
        """Of the numbers that are there."""
        return number_statistics(_values(column))

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One number."""
        del feature, distinct
        return InputForm((1,))

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """What missing numbers are filled with, and mean and deviation of the rows."""
        params = settings(feature, DESCRIPTION)
        values = _values(column)[training]
        missing = np.isnan(values)
        present = values[~missing] if missing.any() else values
        fill = _fill(params, present)
        rows = present if params["missing"] == "drop" else _filled(values, fill)
        rows = _limited(rows, params).astype(np.float32).astype(np.float64)
        mean, deviation = _moments(rows)
        return {"fill": fill, "mean": mean, "deviation": deviation}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The numbers, filled and limited, float32 (n,)."""
        params = settings(feature, DESCRIPTION)
        values = _values(column)
        if params["missing"] == "drop" and np.isnan(values).any():
            raise missing_refused()
        filled = _filled(values, float(fitted["fill"]))
        return _limited(filled, params).astype(np.float32)

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The numbers themselves, with the shortest decimals of their float32."""
        del fitted, feature
        texts = pl.Series(np.asarray(rows, np.float32)).cast(pl.String)
        return Cells(texts.cast(pl.Float64))


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """Cells as numbers.

    Attributes:
        values: float64 (n,), NaN where a cell is none.
        read: How many cells are numbers; NaN and infinity, as written, are among them.
        blank: Where nothing is in a cell, bool (n,); None where something always is.
    """

    values: npt.NDArray[np.float64]
    read: int
    blank: Mask | None

    @property
    def present(self) -> int:
        """How many cells have something in them."""
        blank = 0 if self.blank is None else int(self.blank.sum())
        return len(self.values) - blank


def _read(cells: Cells, form: NumberForm) -> _Read:
    """Cells as numbers."""
    plain = cells.plain_numbers() if form.decimal != "comma" else None
    if plain is not None:
        blank = np.isnan(plain)
        there = len(plain) - int(np.count_nonzero(blank))
        return _Read(plain, there, blank if there < len(plain) else None)
    texts = cells.values
    if texts.dtype.is_numeric() or texts.dtype == pl.Boolean:
        return _as_read(texts.cast(pl.Float64), texts)
    if texts.dtype == pl.String and form.decimal != "comma":
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() == texts.null_count():  # all are plain numbers
            return _as_read(numbers, texts)
    texts = counted_texts(cells)
    return _as_read(read_numbers(texts, form), texts)


def _as_read(numbers: pl.Series, texts: pl.Series) -> _Read:
    blank = texts.is_null().to_numpy() if texts.null_count() else None
    values = np.asarray(numbers.to_numpy(), np.float64)
    return _Read(values, len(numbers) - numbers.null_count(), blank)


def _looks_like_codes(cells: Cells, name: str) -> bool:
    """Whether digits are no quantities: zip codes, names of files and the like."""
    if cells.values.dtype != pl.String:
        return False
    texts = cell_texts(cells)
    zeros = count_matching(texts, r"0\d+")
    long = count_matching(texts, r"\d{16,}")
    files = count_matching(texts, _FILE)
    few = 0.0 if names_code(name) else 0.02
    return zeros > few * len(texts) or max(long, files) > len(texts) / 2


def _values(column: Column) -> npt.NDArray[np.float64]:
    assert isinstance(column, Numbers)
    return column.values


def _fill(params: dict[str, Any], present: npt.NDArray[np.float64]) -> float:
    if params["missing"] == "value":
        return float(params["fill_value"])
    if not len(present):
        return 0.0
    # Half of each: the sum of two great numbers can be infinite.
    halves = present / 2
    return float(
        2 * (np.mean(halves) if params["missing"] == "mean" else _median(halves))
    )


def _median(values: npt.NDArray[np.float64]) -> float:
    """The median of at least one number, which are put in another order."""
    middle = len(values) // 2
    values.partition(middle)
    if len(values) % 2:
        return float(values[middle])
    # Putting two of them into their places takes NumPy several times longer.
    return float((values[:middle].max() + values[middle]) / 2)


def _moments(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Mean and deviation of numbers, as NumPy has them; the numbers are changed."""
    if not len(values):
        return 0.0, 1.0
    mean = values.mean()
    values -= mean
    np.multiply(values, values, out=values)
    return float(mean), float(np.sqrt(values.mean()))


def _filled(values: npt.NDArray[np.float64], fill: float) -> npt.NDArray[np.float64]:
    missing = np.isnan(values)
    return np.where(missing, fill, values) if missing.any() else values


def _limited(
    values: npt.NDArray[np.float64], params: dict[str, Any]
) -> npt.NDArray[np.float64]:
    least, most = params["minimum"], params["maximum"]
    low = -LARGEST if least is None else max(least, -LARGEST)
    high = LARGEST if most is None else min(most, LARGEST)
    if not len(values) or (values.min() >= low and values.max() <= high):
        return values
    return np.clip(values, low, high)


NUMBER = _Number()
