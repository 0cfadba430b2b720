"""What holds for every feature type, as functions that also catch planted faults.

The cells are what tables have: nothing, blanks, one value, any script, other types.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import toy_angle

from dlstudio.catalog.features import FEATURES as ALL_FEATURES
from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells, Column
from dlstudio.data.features.base import FeatureType, InputForm
from dlstudio.document.feature import Feature
from dlstudio.document.values import freeze_map

SHIPPED = [each for each in ALL_FEATURES if each.implementations.data]
DESCRIBED: list[Description] = [*SHIPPED, toy_angle.DESCRIPTION]
COLUMNS: dict[str, Sequence[str | None]] = {
    "empty": (),
    "all missing": (None, "", "  ", None),
    "one value": ("7",),
    "numbers": ("1", "2.5", None, "-3", "1e3"),
    "great": ("1e300", "-1e300", "3", "4e38"),
    "comma": ("1,5", "1.234,5", "2"),
    "units": ("12 kg", "3 kg", "500 g"),
    "angles": ("30°", None, "-90 °", "720.5°", "0°", "359.9996°", "north"),
    "not finite": ("inf", "NaN", "-Infinity", "1e999", "4"),
    "names": ("a", "b", "a", "", "NA", "c"),
    "sets": ("red|blue", "red", None, "green | red"),
    "tokens": ("Bob flew to  Paris .", None, "a", "x" * 20 + " 中文\u00a0 👩‍🚀"),
    "tags": ("B-a I-a O", "O", None, "I-x  I-x", "S-x\tE-y O", "B-a oops", "B-a B-a"),
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
NAMES = (*COLUMNS, *TYPED)


def cells_of(name: str) -> Cells:
    """The cells of a column."""
    if name in TYPED:
        return Cells(TYPED[name])
    return Cells(pl.Series(name, COLUMNS[name], dtype=pl.String))


def same_json(value: Any) -> Any:
    """A value that strict JSON keeps; what comes back."""
    back = json.loads(json.dumps(value, allow_nan=False))
    assert back == value
    return back


def learned(type_: FeatureType, feature: Feature, column: Column) -> Any:
    """What a type learns from all of a column, as it is kept."""
    return same_json(type_.fit(column, np.arange(len(column)), feature))


def fits(shape: tuple[int, ...], form: InputForm) -> bool:
    """Whether rows of a shape enter an input; None is any size."""
    pairs = zip(shape, form.shape, strict=False)
    return len(shape) == len(form.shape) and all(b in (a, None) for a, b in pairs)


def check_reading(type_: FeatureType, kind: str, name: str) -> None:
    """Any cells are read, and what is blank is not unreadable."""
    cells, feature = cells_of(name), Feature(kind)
    assert 0 <= type_.certainty(cells, name) <= 1
    same_json(type_.infer_params(cells))
    found = type_.parse(cells, feature)
    assert len(found.column) == len(found.unreadable) == len(cells)
    assert found.unreadable.dtype == bool
    assert not (found.unreadable & cells.missing()).any()
    assert found.column.missing()[found.unreadable].all()


def check_statistics(type_: FeatureType, kind: str, name: str) -> None:
    """Statistics are JSON and count every cell."""
    column = type_.parse(cells_of(name), Feature(kind)).column
    statistics = type_.statistics(column)
    plain = same_json(statistics.to_json())
    assert plain["count"] == len(column)
    assert plain["missing"] == int(column.missing().sum())
    assert statistics.distinct >= 0
    present = len(column) - statistics.missing
    assert not statistics.histogram or sum(statistics.histogram) == present


def check_rows(type_: FeatureType, kind: str, name: str) -> None:
    """Rows are finite, of one shape and type, and of the shape that is announced."""
    feature = Feature(kind)
    column = type_.parse(cells_of(name), feature).column
    fitted = learned(type_, feature, column)
    rows = type_.encode(column, fitted, feature)
    assert len(rows) == len(column)
    assert rows.dtype == object or np.isfinite(rows).all()
    one = type_.encode(column.take(np.arange(min(1, len(column)))), fitted, feature)
    assert one.shape[1:] == rows.shape[1:] and one.dtype == rows.dtype
    distinct = type_.statistics(column).distinct
    form = type_.input_form(feature, distinct)
    if rows.shape[1:] != (0,):  # no name at all
        assert fits(rows.shape[1:] or (1,), form)
    unknown = type_.input_form(feature, None)
    assert (unknown.dtype, len(unknown.shape)) == (form.dtype, len(form.shape))


def check_alone(type_: FeatureType, kind: str, name: str) -> None:
    """A cell from outside is encoded as in its column.

    Only what was learned and the settings decide, not the cells around it.
    """
    cells = cells_of(name)
    feature = Feature(kind, "", freeze_map(type_.infer_params(cells)))
    column = type_.parse(cells, feature).column
    fitted = learned(type_, feature, column)
    rows = type_.encode(column, fitted, feature)
    for place in range(len(cells)):
        alone = type_.parse(cells.take(np.array([place])), feature).column
        row = type_.encode(alone, fitted, feature)
        np.testing.assert_array_equal(row[0], rows[place])


def check_return(type_: FeatureType, kind: str, name: str) -> None:
    """Rows become values that become the same rows."""
    feature = Feature(kind)
    column = type_.parse(cells_of(name), feature).column
    fitted = learned(type_, feature, column)
    rows = type_.encode(column, fitted, feature)
    again = type_.parse(type_.decode(rows, fitted, feature), feature)
    assert not again.unreadable.any()
    np.testing.assert_array_equal(type_.encode(again.column, fitted, feature), rows)


CHECKS = (check_reading, check_statistics, check_rows, check_alone, check_return)
