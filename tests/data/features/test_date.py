"""Dates: the forms they are written in, and their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import ParsedColumn
from dlstudio.data.features.date import DATE
from dlstudio.data.features.date_forms import iso_texts
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Value, freeze_map

KIND = "dlstudio.features.date"


def cells(values: Sequence[str | None]) -> Cells:
    return Cells(pl.Series("x", values, dtype=pl.String))


def feature(**params: Value) -> Feature:
    return Feature(KIND, "", FrozenMap(params))


def parsed(values: Sequence[str | None]) -> ParsedColumn:
    """As a column on its own is read."""
    params = freeze_map(DATE.infer_params(cells(values)))
    return DATE.parse(cells(values), Feature(KIND, "", params))


def iso(values: Sequence[str | None]) -> list[str]:
    column = parsed(values).column
    assert isinstance(column, Numbers)
    return [
        "" if missing else iso_texts(np.array([day]))[0]
        for day, missing in zip(column.values, column.missing(), strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-01-05", "2024-01-05"),
        ("2024-1-5", "2024-01-05"),
        ("2024/01/05", "2024-01-05"),
        ("2024.01.05", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("5.1.2024", "2024-01-05"),
        ("05.01.24", "2024-01-05"),
        ("31/01/2024", "2024-01-31"),
        ("1/31/2024", "2024-01-31"),
        ("1/5/2024", "2024-01-05"),
        ("5-1-2024", "2024-01-05"),
        ("31.12.69", "1969-12-31"),
        ("5 Jan 2024", "2024-01-05"),
        ("5. Januar 2024", "2024-01-05"),
        ("5. März 2024", "2024-03-05"),
        ("5 août 2024", "2024-08-05"),
        ("5 de enero de 2024", "2024-01-05"),
        ("05-Jan-2024", "2024-01-05"),
        ("Jan 5, 2024", "2024-01-05"),
        ("January 5th, 2024", "2024-01-05"),
        ("Fri, 05 Jan 2024 12:30:05 GMT", "2024-01-05 12:30:05"),
        ("2024年1月5日", "2024-01-05"),
        ("2024년 1월 5일", "2024-01-05"),
        ("２０２４年１月５日", "2024-01-05"),
        ("2024-01", "2024-01-01"),
        ("2024年1月", "2024-01-01"),
        ("1924", "1924-01-01"),
        ("2024-02-29", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("2024-01-05T12:30", "2024-01-05 12:30:00"),
        ("2024-01-05 12:30:05.25", "2024-01-05 12:30:05.250"),
        ("2024-01-05T12:30:00Z", "2024-01-05 12:30:00"),
        ("2024-01-05T00:30:00+02:00", "2024-01-04 22:30:00"),
        ("2024-01-05T22:30:00-0430", "2024-01-06 03:00:00"),
        ("1/5/2024 1:30 PM", "2024-01-05 13:30:00"),
        ("1/5/2024 12:30 a.m.", "2024-01-05 00:30:00"),
        (" 2024-01-05 ", "2024-01-05"),
    ],
)
def test_forms(text: str, date: str) -> None:
    assert iso([text]) == [date]


@pytest.mark.parametrize(
    "text",
    [
        *("2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "31.4.2024"),
        *("2024-01-05 25:00", "2024-01-05 12:61", "5 Foo 2024", "soon", "12:30"),
        *("1.5", "12", "123456", "99999999", "2024-01-05x", "👍"),
    ],
)
def test_what_is_no_date_is_missing_and_reported(text: str) -> None:
    found = parsed(["2024-01-05", text, "2024-01-06"])
    assert found.column.missing().tolist() == [False, True, False]
    assert found.unreadable.tolist() == [False, True, False]


def test_what_says_that_there_is_none_is_missing() -> None:
    found = parsed(["2024-01-05", "", None, "NaT", "0000-00-00", "NA", "-"])
    assert found.column.missing().sum() == 6 and not found.unreadable.any()


def test_the_column_says_what_stands_first() -> None:
    assert iso(["5/1/2024", "31/1/2024"]) == ["2024-01-05", "2024-01-31"]
    assert iso(["5/1/2024", "1/31/2024"]) == ["2024-05-01", "2024-01-31"]
    assert iso(["5/1/2024", "5.1.2024"]) == ["2024-01-05", "2024-01-05"]
    assert DATE.infer_params(cells(["5/1/2024", "31/1/2024"])) == {"order": "day_first"}
    assert DATE.infer_params(cells(["2024-01-05"])) == {}
    alone = DATE.parse(cells(["5/1/2024"]), feature(order="day_first"))
    assert isinstance(alone.column, Numbers)
    assert iso_texts(alone.column.values) == ["2024-01-05"]


def test_unclear_order_and_years_alone_are_less_certain() -> None:
    clear = DATE.certainty(cells(["5/1/2024", "31/1/2024"]), "x")
    assert clear > 0.95
    assert DATE.certainty(cells(["5/1/2024", "3/1/2024"]), "x") < clear
    assert DATE.certainty(cells(["1924", "1960"]), "built") == 0.5
    assert DATE.certainty(cells(["1924", "1960"]), "n") < 0.5
    assert DATE.certainty(cells(["20240105", "20240106"]), "x") > 0.9
    assert DATE.certainty(cells(["88240105", "20240106"]), "x") < 0.2


def test_values_that_the_file_has_types_for() -> None:
    dates = pl.Series(["2024-01-05", None]).str.to_date()
    found = DATE.parse(Cells(dates), feature())
    assert isinstance(found.column, Numbers)
    assert found.column.values[0] == 19_727
    assert found.column.missing().tolist() == [False, True]
    stamps = pl.Series(["2024-01-05 06:00"]).str.to_datetime()
    timed = DATE.parse(Cells(stamps), feature()).column
    assert isinstance(timed, Numbers) and timed.values[0] == 19_727.25
    years = DATE.parse(Cells(pl.Series([1970, 1971])), feature()).column
    assert isinstance(years, Numbers) and years.values.tolist() == [0, 365]


def test_a_row_says_where_in_year_week_and_day_it_is() -> None:
    column = parsed(["2024-01-01", "2024-07-01 12:00", "1969-12-29"]).column
    fitted = DATE.fit(column, np.arange(3), feature())
    rows = DATE.encode(column, fitted, feature())
    assert rows.dtype == np.float32 and rows.shape == (3, 8)
    days, time, year_sin, year_cos, week_sin, week_cos, day_sin, day_cos = rows.T
    assert days.tolist() == [19_723, 19_905, -3] and time.tolist() == [0, 0.5, 0]
    assert (year_sin[0], year_cos[0]) == (0, 1) and year_cos[1] < -0.99
    # Three Mondays.
    assert np.allclose(week_cos, [1, week_cos[1], 1]) and abs(week_sin[0]) < 1e-3
    assert np.allclose(day_cos, [1, -1, 1]) and np.allclose(day_sin, 0, atol=1e-6)
    assert len(fitted["mean"]) == len(fitted["deviation"]) == 8


def test_a_target_is_its_days() -> None:
    it = feature(representation="days")
    column = parsed(["1970-01-02 12:00", None, "1970-01-04"]).column
    fitted = DATE.fit(column, np.arange(3), it)
    rows = DATE.encode(column, fitted, it)
    assert rows.tolist() == [1.5, 3, 3] and rows.dtype == np.float32
    assert DATE.decode(rows, fitted, it).values.to_list() == [
        *("1970-01-02 12:00:00", "1970-01-04", "1970-01-04"),
    ]


def test_rows_become_the_dates_again() -> None:
    texts = ["2024-02-29 23:59:59", "1812-06-24", "9999-12-31 00:00:01"]
    column = parsed(texts).column
    rows = DATE.encode(column, {"fill": 0.0}, feature())
    assert DATE.decode(rows, {}, feature()).values.to_list() == texts
    far = DATE.decode(np.array([1e30, -1e30], np.float32), {}, feature())
    assert far.values.to_list() == [
        *("9999-12-31 23:58:33.600", "0001-01-01"),
    ]


def test_statistics_name_the_first_and_last_date() -> None:
    found = DATE.statistics(parsed(["2024-01-05", None, "1969-12-31"]).column)
    assert (found.earliest, found.latest) == ("1969-12-31", "2024-01-05")
    assert (found.count, found.missing, found.distinct, found.least) == (3, 1, 2, -1)
    assert DATE.statistics(parsed([None]).column).to_json() == {
        "count": 1,
        "missing": 1,
        "distinct": 0,
    }
