"""What holds for the data part of every feature type that is described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from feature_contract import (
    CHECKS,
    DESCRIBED,
    NAMES,
    SHIPPED,
    check_alone,
    check_reading,
    check_return,
    check_rows,
    check_statistics,
)

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import (
    FeatureType,
    InputForm,
    ParsedColumn,
    dropped_rows,
    load_feature_type,
)
from dlstudio.data.features.number import _Number
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError

NUMBER = "dlstudio.features.number"
Check = Callable[[FeatureType, str, str], None]

every_type = pytest.mark.parametrize(
    "description", DESCRIBED, ids=lambda each: each.name
)


@every_type
@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_type_keeps_the_contract(
    description: Description, check: Check, name: str
) -> None:
    check(load_feature_type(description), description.kind, name)


@every_type
def test_where_missing_values_are_dropped_none_is_encoded(
    description: Description,
) -> None:
    missing = description.param("missing")
    if missing is None or "drop" not in missing.choices:
        pytest.skip("never drops a row")
    feature = Feature(description.kind, "", FrozenMap({"missing": "drop"}))
    type_ = load_feature_type(description)
    value = "30°" if description.name == "angle" else "2024"
    column = type_.parse(Cells(pl.Series([value, None])), feature).column
    dropped = dropped_rows(column, feature, description)
    assert dropped.tolist() == [False, True]
    fitted = type_.fit(column, np.array([0]), feature)
    assert len(type_.encode(column.take(np.array([0])), fitted, feature)) == 1
    with pytest.raises(UserError, match="missing"):
        type_.encode(column, fitted, feature)


@pytest.mark.parametrize("description", SHIPPED, ids=lambda each: each.name)
def test_names_of_all_implementations_follow_one_pattern(
    description: Description,
) -> None:
    found, name = description.implementations, description.name
    for package in ("data", "engine", "view"):
        inside = "ui" if package == "view" else package
        expected = f"dlstudio.{inside}.features.{name}:{name.upper()}"
        assert getattr(found, package) == expected


class CallsBlanksUnreadable(_Number):
    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        found = super().parse(cells, feature)
        return replace(found, unreadable=found.column.missing())


class LearnsArrays(_Number):
    def fit(self, column: Any, training: Any, feature: Feature) -> Any:
        return {**super().fit(column, training, feature), "all": column.values}


class CountsWrong(_Number):
    def statistics(self, column: Any) -> Any:
        return replace(super().statistics(column), missing=0)


class LooksAround(_Number):
    """Reads cells by those around them, which nobody has outside."""

    def encode(self, column: Any, fitted: Any, feature: Feature) -> Any:
        rows = super().encode(column, fitted, feature)
        return rows - rows.mean(dtype=np.float64).astype(np.float32)


class LeavesBlanks(_Number):
    def encode(self, column: Any, fitted: Any, feature: Feature) -> Any:
        return column.values.astype(np.float32)


class AnnouncesTwo(_Number):
    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        return InputForm((2,))


class Rounds(_Number):
    def decode(self, rows: Any, fitted: Any, feature: Feature) -> Cells:
        return super().decode(np.round(rows), fitted, feature)


class ForgetsUnreadable(_Number):
    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        found = super().parse(cells, feature)
        assert isinstance(found.column, Numbers)
        return replace(found, column=Numbers(np.nan_to_num(found.column.values)))


@pytest.mark.parametrize(
    ("wrong", "check", "name"),
    [
        (CallsBlanksUnreadable, check_reading, "numbers"),
        (ForgetsUnreadable, check_reading, "names"),
        (CountsWrong, check_statistics, "numbers"),
        (LearnsArrays, check_rows, "numbers"),
        (LeavesBlanks, check_rows, "numbers"),
        (AnnouncesTwo, check_rows, "numbers"),
        (LooksAround, check_alone, "numbers"),
        (Rounds, check_return, "numbers"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_type_that_breaks_the_contract_is_caught(
    wrong: type[_Number], check: Check, name: str
) -> None:
    check(_Number(), NUMBER, name)
    with pytest.raises((AssertionError, TypeError)):
        check(wrong(), NUMBER, name)
