"""What holds for the data part of every feature type that is described."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from dlstudio.catalog.features import FEATURES as ALL_FEATURES
from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells, Column
from dlstudio.data.features.base import (
    FeatureType,
    dropped_rows,
    load_feature_type,
)
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.errors import UserError

# Images are read by their sources, and not from cells.
FEATURES = [each for each in ALL_FEATURES if each.implementations.data]
COLUMNS: dict[str, Sequence[str | None]] = {
    "empty": (),
    "all missing": (None, "", "  ", None),
    "one value": ("7",),
    "numbers": ("1", "2.5", None, "-3", "1e3"),
    "comma": ("1,5", "1.234,5", "2"),
    "units": ("12 kg", "3 kg", "500 g"),
    "not finite": ("inf", "NaN", "-Infinity", "1e999", "4"),
    "names": ("a", "b", "a", "", "NA", "c"),
    "sets": ("red|blue", "red", None, "green | red"),
    "dates": ("2024-02-29", "1969-12-31", "2023-02-29", "5.1.2024"),
    "times": ("2024-02-29T12:30:00Z", "2024-02-29 23:59:59.5"),
    "scripts": ("中文", "标签", "مرحبا", "١٢٫٥", "２０２４", "👩‍🚀", "é", "е́"),
    "odd": ("\x00", "a\nb", "|;,", ",", "-", ".", "١", "²", "1" * 400, "x" * 5000),
}
TYPED: dict[str, pl.Series] = {
    "int": pl.Series([1, None, 3]),
    "float": pl.Series([1.5, float("nan"), None, float("inf")]),
    "bool": pl.Series([True, None, False]),
    "date": pl.Series(["2024-01-05"]).str.to_date(),
    "datetime": pl.Series(["2024-01-05 12:00"]).str.to_datetime(),
    "list": pl.Series([["a", "b"], None, []]),
    "nested": pl.Series([[["a"]], None]),
    "bytes": pl.Series([b"ab", b"\xff", None]),
    "duration": pl.Series([timedelta(1), None]),
    "time": pl.Series([time(12, 30), None]),
    "decimal": pl.Series([Decimal("1.50"), None]),
    "named": pl.Series(["a", "b", None], dtype=pl.Categorical),
    "zoned": pl.Series([datetime(2020, 1, 1, 12, tzinfo=timezone.utc), None]),
    "null": pl.Series([None, None], dtype=pl.Null),
    "struct": pl.Series([{"a": 1}, None]),
}


def series(name: str) -> pl.Series:
    if name in TYPED:
        return TYPED[name]
    return pl.Series(name, COLUMNS[name], dtype=pl.String)


def parsed(type_: FeatureType, values: pl.Series, feature: Feature) -> Column:
    return type_.parse(Cells(values), feature).column


every_type = pytest.mark.parametrize(
    "description", FEATURES, ids=lambda each: each.name
)
every_column = pytest.mark.parametrize("name", [*COLUMNS, *TYPED])


@every_type
@every_column
def test_any_cells_are_read(description: Description, name: str) -> None:
    type_, feature = load_feature_type(description), Feature(description.kind)
    cells = Cells(series(name))
    assert 0 <= type_.certainty(cells, name) <= 1
    json.dumps(type_.infer_params(cells), allow_nan=False)
    found = type_.parse(cells, feature)
    assert len(found.column) == len(found.unreadable) == len(cells)
    assert found.unreadable.dtype == bool
    # What is blank is not unreadable, and what is unreadable is missing.
    assert not (found.unreadable & cells.missing()).any()


@every_type
@every_column
def test_statistics_and_what_was_learned_are_json(
    description: Description, name: str
) -> None:
    type_, feature = load_feature_type(description), Feature(description.kind)
    column = parsed(type_, series(name), feature)
    statistics = type_.statistics(column).to_json()
    assert json.loads(json.dumps(statistics, allow_nan=False)) == statistics
    assert statistics["count"] == len(column)
    assert statistics["missing"] == int(column.missing().sum())
    fitted = type_.fit(column, np.arange(len(column)), feature)
    assert json.loads(json.dumps(fitted, allow_nan=False)) == fitted


@every_type
@every_column
def test_rows_are_finite_and_of_one_shape(description: Description, name: str) -> None:
    type_, feature = load_feature_type(description), Feature(description.kind)
    column = parsed(type_, series(name), feature)
    fitted = type_.fit(column, np.arange(len(column)), feature)
    rows = type_.encode(column, fitted, feature)
    assert len(rows) == len(column) and np.isfinite(rows).all()
    one = column.take(np.arange(min(1, len(column))))
    assert type_.encode(one, fitted, feature).shape[1:] == rows.shape[1:]
    assert type_.encode(one, fitted, feature).dtype == rows.dtype


@every_type
@every_column
def test_a_cell_from_outside_is_encoded_as_in_its_column(
    description: Description, name: str
) -> None:
    """Only what was learned and the settings decide, not the cells around it."""
    type_ = load_feature_type(description)
    values = series(name)
    params = freeze_map(type_.infer_params(Cells(values)))
    feature = Feature(description.kind, "", params)
    column = parsed(type_, values, feature)
    # Through JSON, as it is kept.
    learned = type_.fit(column, np.arange(len(column)), feature)
    fitted = json.loads(json.dumps(learned))
    rows = type_.encode(column, fitted, feature)
    for place in range(len(values)):
        alone = parsed(type_, values[place : place + 1], feature)
        row = type_.encode(alone, fitted, feature)
        np.testing.assert_array_equal(row[0], rows[place])


@every_type
@every_column
def test_rows_become_values_that_become_the_same_rows(
    description: Description, name: str
) -> None:
    type_, feature = load_feature_type(description), Feature(description.kind)
    column = parsed(type_, series(name), feature)
    fitted = type_.fit(column, np.arange(len(column)), feature)
    rows = type_.encode(column, fitted, feature)
    cells = type_.decode(rows, fitted, feature)
    again = type_.parse(cells, feature)
    assert not again.unreadable.any()
    np.testing.assert_array_equal(type_.encode(again.column, fitted, feature), rows)


@every_type
def test_where_missing_values_are_dropped_none_is_encoded(
    description: Description,
) -> None:
    missing = description.param("missing")
    if missing is None or "drop" not in missing.choices:
        pytest.skip("never drops a row")
    feature = Feature(description.kind, "", FrozenMap({"missing": "drop"}))
    type_ = load_feature_type(description)
    column = parsed(type_, pl.Series(["2024", None]), feature)
    assert dropped_rows(column, feature).tolist() == [False, True]
    fitted = type_.fit(column, np.array([0]), feature)
    assert len(type_.encode(column.take(np.array([0])), fitted, feature)) == 1
    with pytest.raises(UserError, match="missing"):
        type_.encode(column, fitted, feature)


@every_type
def test_names_of_all_implementations_follow_one_pattern(
    description: Description,
) -> None:
    found, name = description.implementations, description.name
    for package in ("data", "engine", "view"):
        inside = "ui" if package == "view" else package
        expected = f"dlstudio.{inside}.features.{name}:{name.upper()}"
        assert getattr(found, package) == expected
