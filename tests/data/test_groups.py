"""Groups of rows by any column: names, few numbers, bands of many, dates."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.groups import (
    BANDS,
    column_names,
    grouping_columns,
    groups_of,
    sample_groups,
)
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError

CATALOG = Catalog.load()
NUMBER = FrozenMap({"x": Feature("dlstudio.features.number")})


def table(**columns: list[object]) -> Samples:
    count = len(next(iter(columns.values())))
    cells = {name: Cells(pl.Series(values)) for name, values in columns.items()}
    ids = RowIds(np.arange(1, count + 1, dtype=np.int64))
    return Samples(ids, cells, split_array([""] * count))


def groups(values: list[object], recipe: DataRecipe | None = None) -> list[str]:
    return sample_groups(table(x=values), recipe or DataRecipe(), CATALOG, "x")


def test_names_are_groups_as_they_stand_and_corrections_count() -> None:
    assert groups(["b", "a", None, " b"] * 9)[:4] == ["b", "a", "", "b"]
    features = FrozenMap({"x": Feature("dlstudio.features.category")})
    recipe = DataRecipe(
        features=features, changed=FrozenMap({"2": FrozenMap({"x": "c"})})
    )
    assert groups(["b", "a", "a"], recipe) == ["b", "c", "a"]


def test_few_numbers_are_groups_and_many_are_bands() -> None:
    recipe = DataRecipe(features=NUMBER)
    assert groups([2, 10, None, 2], recipe) == ["2", "10", "", "2"]
    found = groups([*range(100), None], recipe)
    assert list(dict.fromkeys(found)) == [
        "0 – 24", "> 24 – 49", "> 49 – 74", "> 74 – 99", ""
    ]  # fmt: skip


def test_dates_are_banded_as_they_are_written() -> None:
    days = [f"2024-{month:02}-1{day}" for month in range(1, 13) for day in range(3)]
    found = list(dict.fromkeys(groups(days)))
    assert len(found) == BANDS and found[0].startswith("2024-01-10 – 2024-0")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-999, 999)), min_size=1, max_size=200))
def test_bands_keep_the_order_of_the_numbers(numbers: list[int | None]) -> None:
    if all(each is None for each in numbers):
        return
    found = groups(numbers, DataRecipe(features=NUMBER))  # type: ignore[arg-type]
    present = sorted(
        (number, name)
        for number, name in zip(numbers, found, strict=True)
        if number is not None
    )
    assert all(name == "" for n, name in zip(numbers, found, strict=True) if n is None)
    order = list(dict.fromkeys(name for _number, name in present))
    assert len(order) == len({name for _number, name in present}), "no band twice"
    assert [name for _number, name in present] == sorted(
        (name for _number, name in present), key=order.index
    )
    alike: dict[int, set[str]] = {}
    for number, name in present:
        alike.setdefault(number, set()).add(name)
    assert all(len(names) == 1 for names in alike.values())


def test_only_columns_whose_values_repeat_or_lie_in_bands_are_offered() -> None:
    count = range(60)
    samples = table(
        color=["red", "blue"] * 30,
        price=[7.25 * each for each in count],
        name=[f"Mr. {chr(65 + each)}{each}" for each in count],
        id=list(count),
        alike=["x"] * 60,
        photo=[f"{each}.png" for each in count],
        note=["good", "bad"] * 30,
    )
    kinds = {"photo": "image", "note": "text"}
    features = {n: Feature(f"dlstudio.features.{k}") for n, k in kinds.items()}
    recipe = DataRecipe(features=FrozenMap(features))
    assert grouping_columns(samples, recipe, CATALOG) == ("color", "price")


def test_groups_of_some_rows() -> None:
    samples = table(x=["a", "b", "c"])
    assert groups_of(samples, ["a", "b", "c"], ["3", "1"]) == ["c", "a"]
    assert column_names(samples, DataRecipe()) == ("x",)
    with pytest.raises(UserError, match="column"):
        sample_groups(samples, DataRecipe(), CATALOG, "y")
