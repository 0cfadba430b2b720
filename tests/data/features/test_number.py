"""Numbers: the forms they are written in, and their rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import ParsedColumn
from dlstudio.data.features.number import NUMBER
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Value, freeze_map

KIND = "dlstudio.features.number"


def cells(values: Sequence[str | None]) -> Cells:
    return Cells(pl.Series("x", values, dtype=pl.String))


def feature(**params: Value) -> Feature:
    return Feature(KIND, "", FrozenMap(params))


def parsed(values: Sequence[str | None]) -> ParsedColumn:
    """As a column on its own is read."""
    params = freeze_map(NUMBER.infer_params(cells(values)))
    return NUMBER.parse(cells(values), Feature(KIND, "", params))


def numbers(values: Sequence[str | None]) -> list[float | None]:
    column = parsed(values).column
    assert isinstance(column, Numbers)
    return [None if math.isnan(each) else each for each in column.values]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("+12", 12),
        (" 12\t", 12),
        (".5", 0.5),
        ("5.", 5),
        ("-1.5e-3", -0.0015),
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("12,34,567", 1234567),
        ("1 234.5", 1234.5),
        ("1\u202f234", 1234),
        ("1\u2009234", 1234),
        ("1'234.5", 1234.5),
        ("1’234", 1234),
        ("1_000", 1000),
        ("1.234,5", 1234.5),
        ("1234,5", 1234.5),
        ("0,123", 0.123),
        ("1,5e3", 1500),
        ("€ 12", 12),
        ("€12.50", 12.5),
        ("-€5", -5),
        ("€-5", -5),
        ("12 €", 12),
        ("USD 1,000", 1000),
        ("12 %", 12),
        ("12%", 12),
        ("76 m²", 76),
        ("20 °C", 20),
        ("5 km/h", 5),
        ("(1,234)", -1234),
        ("−5", -5),
        ("１２．５", 12.5),
        ("１２％", 12),
        ("١٢٫٥", 12.5),
        ("३", 3),
        ("12 元", 12),
    ],
)
def test_forms(text: str, number: float) -> None:
    assert numbers([text]) == [number]


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "1-2", "2024-01-05", "12:30", "1,2,3", "5.1.2", "A12", "1 2", "👍"),
        *("inf", "-Infinity", "NaN", "1e999", "--1", "1.2.3,4", "0x10"),
    ],
)
def test_what_is_no_number_is_missing_and_reported(text: str) -> None:
    found = parsed(["1", text, "2"])
    assert found.column.missing().tolist() == [False, True, False]
    assert found.unreadable.tolist() == [False, True, False]


@pytest.mark.parametrize("text", ["", " ", None, "NA", "N/A", "?", "-", "null", "none"])
def test_what_says_that_there_is_none_is_missing(text: str | None) -> None:
    found = parsed(["1", text, "2"])
    assert found.column.missing().tolist() == [False, True, False]
    assert not found.unreadable.any()


def test_the_column_says_what_a_comma_is() -> None:
    assert numbers(["1,234", "12,345"]) == [1234, 12345]
    assert numbers(["1,234", "12,5"]) == [1.234, 12.5]
    assert numbers(["1.234", "1.234,5"]) == [1234, 1234.5]
    assert numbers(["1.234", "12.5", "1,5"]) == [1.234, 12.5, None]
    assert NUMBER.infer_params(cells(["1,5", "2"])) == {"decimal": "comma"}
    assert NUMBER.infer_params(cells(["1.5", "2"])) == {}


def test_a_cell_alone_is_read_as_in_its_column() -> None:
    found = NUMBER.parse(cells(["1,234"]), feature(decimal="comma"))
    assert isinstance(found.column, Numbers)
    assert found.column.values.tolist() == [1.234]


def test_one_unit_in_a_column() -> None:
    assert numbers(["12 kg", "13kg", "14", "500 g", "15 KG"]) == [12, 13, 14, None, 15]
    assert numbers(["1 month", "12 months", "3 months"]) == [1, 12, 3]
    assert NUMBER.infer_params(cells(["12 kg", "13"])) == {"unit": "kg"}
    found = NUMBER.parse(cells(["500 g"]), feature(unit="kg"))
    assert found.unreadable.tolist() == [True]


def test_values_that_the_file_has_types_for() -> None:
    found = NUMBER.parse(Cells(pl.Series([1.5, float("nan"), None])), feature())
    assert found.column.missing().tolist() == [False, True, True]
    assert found.unreadable.tolist() == [False, True, False]


def test_missing_numbers_are_filled_from_the_training_split() -> None:
    column = parsed(["1", "2", "9", None, "1000"]).column
    training = np.array([0, 1, 2, 3])
    for params, fill in (
        ({}, 2),
        ({"missing": "mean"}, 4),
        ({"missing": "value", "fill_value": -1.0}, -1),
    ):
        it = feature(**params)
        fitted = NUMBER.fit(column, training, it)
        assert fitted["fill"] == fill
        rows = NUMBER.encode(column, fitted, it)
        assert rows.dtype == np.float32
        assert rows.tolist() == [1, 2, 9, fill, 1000]
        known = rows[:4].astype(float)
        assert fitted["mean"] == known.mean() and fitted["deviation"] == known.std()


def test_limits_come_after_filling() -> None:
    column = parsed(["-5", None, "50"]).column
    it = feature(minimum=0.0, maximum=10.0, missing="value", fill_value=99.0)
    fitted = NUMBER.fit(column, np.arange(3), it)
    assert NUMBER.encode(column, fitted, it).tolist() == [0, 10, 10]


def test_great_numbers_stay_finite() -> None:
    column = parsed(["1e308", "-1e308", "1e308", None]).column
    statistics = NUMBER.statistics(column)
    assert statistics.most == 1e308 and sum(statistics.histogram) == 3
    fitted = NUMBER.fit(column, np.arange(4), feature())
    assert np.isfinite(NUMBER.encode(column, fitted, feature())).all()


def test_statistics() -> None:
    found = NUMBER.statistics(parsed(["0", "1", "1", "4", "x", None]).column)
    assert (found.count, found.missing, found.distinct) == (6, 2, 3)
    assert (found.least, found.mean, found.median, found.most) == (0, 1.5, 1, 4)
    assert found.deviation == pytest.approx(1.5)
    assert len(found.histogram) == 20 and sum(found.histogram) == 4
    assert (found.histogram[0], found.histogram[5], found.histogram[-1]) == (1, 2, 1)
    assert NUMBER.statistics(parsed(["3", "3"]).column).histogram == (2,)


def test_rows_become_the_numbers_that_people_wrote() -> None:
    column = parsed(["0.1", "71.2833"]).column
    rows = NUMBER.encode(column, {"fill": 0.0}, feature())
    assert NUMBER.decode(rows, {}, feature()).values.to_list() == [0.1, 71.2833]
