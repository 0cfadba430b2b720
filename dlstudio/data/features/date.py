"""Dates and times: a row is a small vector, or the days since 1970-01-01 alone.

Days alone are nearly useless to a model: it cannot see from 19,727 that it is a Friday
in January, and float32 has less than three minutes' precision there. So a row has eight
numbers, float32 (n, 8): whole days since 1970-01-01, the time as a part of the day, and
as sine and cosine the places in the year, the week and the day, whose ends then meet.
The first two hold the value itself, exact to 5 ms. With "days" as `representation` a
row is the days with their fraction, float32 (n,): for a target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.data.columns import Cells, Column, Indices, Numbers
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    missing_refused,
    settings,
)
from dlstudio.data.features.cell_text import counted_texts, without
from dlstudio.data.features.column_names import names_time
from dlstudio.data.features.date_forms import (
    date_order,
    is_order_certain,
    iso_texts,
    may_be_dates,
    plain_days,
    read_dates,
)
from dlstudio.data.features.short_texts import count_matching, present
from dlstudio.data.features.statistics import number_statistics
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject

BLANKS = ["NaT", "NaN", "nan", "0000-00-00"]
FIRST, LAST = -719_162, 2_932_896.999
"""The beginning of the year 1 and the end of 9999 as days since 1970-01-01."""
SURE, DIGITS, YEAR, UNCLEAR = 0.98, 0.95, 0.5, 0.8
"""Certainty of dates; of eight digits, of years alone; and what unclear days leave."""
CALENDAR = 8
"""Numbers in the row of a date."""
MANY = 2**16
"""Dates whose rows are made at a time."""
USUAL = (-25_567, 47_482)
"""From 1900 to 2099: other dates of eight digits are hardly dates."""


class _Date:
    """The data part of dates."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Share of cells with a date, less where digits could be something else."""
        values = cells.values
        if values.dtype in (pl.Date, pl.Datetime):
            return SURE if values.count() else 0.0
        texts = present(_texts(cells))
        if not len(texts) or values.dtype.is_float() or not may_be_dates(texts):
            return 0.0
        days = read_dates(texts, "auto").drop_nulls()
        share = len(days) / len(texts)
        if count_matching(texts, r"\d{4}") > len(texts) / 2:
            return share * YEAR * (1.0 if names_time(name) else 0.6)
        if count_matching(texts, r"\d{8}") > len(texts) / 2:
            return share * DIGITS if days.is_between(*USUAL).all() else 0.1 * share
        return share * SURE * (1.0 if is_order_certain(texts) else UNCLEAR)

    def infer_params(self, cells: Cells) -> JsonObject:
        """Whether the day or the month stands first."""
        if cells.values.dtype != pl.String:
            return {}
        order = date_order(_texts(cells))
        return {} if order == "auto" else {"order": order}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Days since 1970-01-01, with the time as their fraction."""
        plain = [plain_days(each.values) for each in cells.pieces()]
        found = [each for each in plain if each is not None]
        if len(found) == len(plain):
            days = np.concatenate(found)
            return ParsedColumn(Numbers(days), np.zeros(len(days), bool))
        values = cells.values
        if values.dtype in (pl.Date, pl.Datetime):
            stamps = values.cast(pl.Datetime("us")).dt.epoch("us")
            days = stamps.cast(pl.Float64).fill_null(np.nan).to_numpy() / 86_400e6
            return ParsedColumn(Numbers(days), np.zeros(len(days), bool))
        texts = _texts(cells)
        order = str(settings(feature, DESCRIPTION)["order"])
        days = read_dates(texts, order).fill_null(np.nan).to_numpy()
        unreadable = texts.is_not_null().to_numpy() & np.isnan(days)
        return ParsedColumn(Numbers(days), unreadable)

    def statistics(self, column: Column) -> ColumnStatistics:
        """Of the days, with the first and last date as they are written."""
        days = _days(column)
        found = number_statistics(days)
        if found.least is None or found.most is None:
            return found
        earliest, latest = iso_texts(np.array([found.least, found.most]))
        return replace(found, earliest=earliest, latest=latest)

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """The numbers of a row; see the module."""
        del distinct
        days = settings(feature, DESCRIPTION)["representation"] == "days"
        return InputForm((1 if days else CALENDAR,))

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """The median date, and mean and deviation of each number of the rows."""
        days = _days(column)[training]
        present = days[~np.isnan(days)]
        # A date that is there, so that it is one of the calendar.
        middle = np.sort(present)[len(present) // 2] if len(present) else 0.0
        drop = settings(feature, DESCRIPTION)["missing"] == "drop"
        known = present if drop else np.where(np.isnan(days), middle, days)
        mean, deviation = _moments(known, feature)
        return {
            "fill": float(middle),
            "mean": mean.tolist(),
            "deviation": deviation.tolist(),
        }

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """Eight numbers for each date, or its days; see the module."""
        days = _days(column)
        missing = np.isnan(days)
        if missing.any() and settings(feature, DESCRIPTION)["missing"] == "drop":
            raise missing_refused()
        return _rows(np.where(missing, float(fitted["fill"]), days), feature)

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The dates in ISO 8601."""
        del fitted, feature
        numbers = np.asarray(rows, np.float64)
        days = numbers if numbers.ndim == 1 else numbers[:, 0] + numbers[:, 1]
        texts = iso_texts(np.clip(days, FIRST, LAST))
        return Cells(pl.Series(texts, dtype=pl.String))


def _rows(days: npt.NDArray[np.float64], feature: Feature) -> Rows:
    part = _row_parts(days, feature)
    return part(slice(None))


def _row_parts(
    days: npt.NDArray[np.float64], feature: Feature
) -> Callable[[slice], Rows]:
    """Gives the rows of some of the dates; all of them take much memory."""
    if settings(feature, DESCRIPTION)["representation"] == "days":
        return lambda some: days[some].astype(np.float32)
    calendar, first = _calendar(days)
    if calendar is None:
        return lambda some: _many_cycles(days[some])
    places = (days - first).astype(np.int32)
    return lambda some: np.take(calendar, places[some], axis=0)


def _many_cycles(days: npt.NDArray[np.float64]) -> Rows:
    if len(days) <= MANY:
        return _cycles(days)
    return np.concatenate([_cycles(days[each]) for each in _parts(len(days))])


def _parts(count: int) -> list[slice]:
    """Slices that cover so many rows."""
    return [slice(start, start + MANY) for start in range(0, count, MANY)]


def _calendar(days: npt.NDArray[np.float64]) -> tuple[Rows | None, float]:
    """The rows of all days from the first to the last, where each occurs often."""
    if len(days) < MANY:
        return None, 0.0
    first, last = float(days.min()), float(days.max())
    if last - first >= len(days) / 4 or np.mod(days, 1).any():
        return None, 0.0
    return _cycles(np.arange(first, last + 1)), first


def _moments(
    days: npt.NDArray[np.float64], feature: Feature
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and deviation of each number of the rows, in parts that fit into memory."""
    part = _row_parts(days, feature)
    shape = part(slice(0)).shape[1:]
    if not len(days):
        return np.zeros(shape), np.ones(shape)
    if not shape:
        numbers = _rows(days, feature).astype(np.float64)
        return numbers.mean(axis=0), numbers.std(axis=0)
    places, zero = _parts(len(days)), np.zeros(shape)
    mean = _summed(zero, (part(some) for some in places)) / len(days)
    squares = _summed(zero, ((part(some) - mean) ** 2 for some in places))
    return mean, np.sqrt(squares / len(days))


def _summed(start: npt.NDArray[np.float64], parts: Iterable[Rows]) -> Rows:
    """A sum over all rows, in the order in which NumPy would add them at once."""
    total, rows = start, np.empty((MANY + 1, *start.shape))
    for part in parts:
        some = rows[: len(part) + 1]
        some[0], some[1:] = total, part
        total = np.add.reduce(some, axis=0)
    return total


def _cycles(days: npt.NDArray[np.float64]) -> Rows:
    whole = np.floor(days)
    time = days - whole
    dates = whole.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    start = years.astype("datetime64[D]").astype(np.int64)
    end = (years + 1).astype("datetime64[D]").astype(np.int64)
    year = (days - start) / (end - start)
    week = (days + 3) / 7  # the first day of 1970 was a Thursday
    cycles = [wave(2 * np.pi * each) for each in (year, week, time) for wave in WAVES]
    return np.stack([whole, time, *cycles], axis=1).astype(np.float32)


WAVES = (np.sin, np.cos)


def _texts(cells: Cells) -> pl.Series:
    return without(counted_texts(cells), BLANKS)


def _days(column: Column) -> npt.NDArray[np.float64]:
    assert isinstance(column, Numbers)
    return column.values


DATE = _Date()
