"""Rows are split as samples are: disjoint, in the shares wanted, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.columns import Categories, CategorySets, Column, Numbers
from dlstudio.data.row_ids import RowIds, take_ids
from dlstudio.data.row_split import row_ranks, split_rows
from dlstudio.data.samples import split_array
from dlstudio.data.strata import strata_codes
from dlstudio.document.plan import Split
from dlstudio.errors import UserError


def ids_of(count: int, first: int = 1) -> RowIds:
    return RowIds(np.arange(first, first + count, dtype=np.int64))


def no_splits(count: int) -> np.ndarray:
    return split_array([""] * count)


@given(st.integers(1, 400), st.floats(0, 0.4), st.floats(0, 0.4), st.integers(-9, 9))
def test_each_row_is_in_one_split(
    count: int, validation: float, test: float, seed: int
) -> None:
    recipe = Split(validation=validation, test=test, seed=seed)
    found = split_rows(ids_of(count), no_splits(count), recipe, None, {})
    rows = np.sort(np.concatenate(list(found.values())))
    assert rows.tolist() == list(range(count))
    assert len(found["train"])
    assert all((np.diff(each) > 0).all() for each in found.values())


def test_shares_hold_within_each_class_and_each_range_of_numbers() -> None:
    random = np.random.default_rng(0)
    codes = random.choice(3, 2000, p=[0.8, 0.15, 0.05]).astype(np.int32)
    columns: list[Column] = [
        Categories(codes, ("a", "b", "c")),
        CategorySets(np.eye(3, dtype=np.uint8)[codes], ("a", "b", "c")),
        Numbers(random.normal(size=2000) ** 3),
    ]
    for column in columns:
        found = split_rows(ids_of(2000), no_splits(2000), Split(), column, {})
        strata = strata_codes(column, 2000)
        for stratum in np.unique(strata):
            size = int((strata == stratum).sum())
            held = int((strata[found["test"]] == stratum).sum())
            assert abs(held - 0.15 * size) <= 1


def test_a_row_stays_where_it_is_when_rows_are_added() -> None:
    few = split_rows(ids_of(500), no_splits(500), Split(), None, {})
    more = split_rows(ids_of(520), no_splits(520), Split(), None, {})
    stayed = np.isin(few["train"], more["train"]).mean()
    assert stayed > 0.95


def test_another_seed_gives_other_ranks() -> None:
    numbers = np.arange(1000, dtype=np.int64)
    first, again, other = (row_ranks(numbers, seed) for seed in (0, 0, 1))
    assert (first == again).all() and not (first == other).any()
    assert len(np.unique(first)) == 1000


def test_splits_of_the_source_and_of_the_user_win() -> None:
    splits = split_array(["test"] * 10 + [""] * 90)
    recipe = Split("folders", validation=0.2, test=0.3)
    found = split_rows(ids_of(100), splits, recipe, None, {"50": "test", "x": "test"})
    assert found["test"].tolist() == [*range(10), 49]
    assert len(found["validation"]) in (17, 18)


def test_nothing_left_for_training_is_refused() -> None:
    splits = split_array(["test"] * 4)
    with pytest.raises(UserError, match="no samples for training"):
        split_rows(ids_of(4), splits, Split("folders"), None, {})
    with pytest.raises(UserError, match="less than 1"):
        split_rows(ids_of(4), splits, Split(test=0.9, validation=0.2), None, {})


def test_ids_are_made_where_they_are_needed() -> None:
    ids = ids_of(5, first=3)
    assert list(ids) == ["3", "4", "5", "6", "7"] and ids[1] == "4" and len(ids) == 5
    assert list(ids[1:3]) == ["4", "5"]
    assert ids.places(["7", "3", "x", "99"]).tolist() == [0, 4]
    assert list(take_ids(ids, np.array([4, 0]))) == ["7", "3"]
    assert take_ids(("a", "b"), np.array([1])) == ("b",)
