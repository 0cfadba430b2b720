"""Several names in one cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from dlstudio.data.columns import CategorySets, Cells
from dlstudio.data.features import categories
from dlstudio.data.features.categories import CATEGORIES
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError

FEATURE = Feature("dlstudio.features.categories")


def parsed(values: Sequence[object], separator: str = "auto") -> CategorySets:
    feature = Feature(FEATURE.kind, "", FrozenMap({"separator": separator}))
    column = CATEGORIES.parse(Cells(pl.Series("x", values)), feature).column
    assert isinstance(column, CategorySets)
    return column


@pytest.mark.parametrize("mark", categories.SEPARATORS)
def test_names_are_separated_by_what_most_cells_have(mark: str) -> None:
    column = parsed([f" b {mark} a", "", None, "b", f"{mark}c{mark}{mark}b"])
    assert column.names == ("a", "b", "c")
    assert column.values.tolist() == [
        [1, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 1, 0],
        [0, 1, 1],
    ]
    assert column.values.dtype == np.uint8 and not column.missing().any()
    cells = Cells(pl.Series([f"a{mark}b", "c"]))
    assert CATEGORIES.infer_params(cells) == {"separator": mark}


def test_a_chosen_separator() -> None:
    assert parsed(["a, b|c", "a, b"], "|").names == ("a, b", "c")
    assert parsed(["a|b"], ";").names == ("a|b",)


def test_lists_of_the_file_itself() -> None:
    column = parsed([["b", "a "], None, [], ["a"]])
    assert column.names == ("a", "b")
    assert column.values.tolist() == [[1, 1], [0, 0], [0, 0], [1, 0]]


def test_only_learned_names_are_in_a_row() -> None:
    column = parsed(["b|a", "c", "a"])
    fitted = CATEGORIES.fit(column, np.array([0, 2]), FEATURE)
    assert fitted == {"names": ["a", "b"]}
    rows = CATEGORIES.encode(column, fitted, FEATURE)
    assert rows.tolist() == [[1, 1], [0, 0], [1, 0]] and rows.dtype == np.uint8
    outside = parsed(["z|b"])
    assert CATEGORIES.encode(outside, fitted, FEATURE).tolist() == [[0, 1]]
    assert CATEGORIES.decode(rows, fitted, FEATURE).values.to_list() == [
        *(["a", "b"], []),
        ["a"],
    ]


def test_statistics_count_names() -> None:
    found = CATEGORIES.statistics(parsed(["b|a", "b", ""]))
    assert (found.count, found.missing, found.distinct) == (3, 0, 2)
    assert found.frequent == (("b", 2), ("a", 1))


def test_too_many_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(categories, "LARGEST", 10)
    with pytest.raises(UserError, match="4 different names"):
        parsed(["a|b", "c", "d"])
