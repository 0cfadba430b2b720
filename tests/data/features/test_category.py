"""Categories: names in the order of classes, and the codes of their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from dlstudio.data.columns import Categories, Cells
from dlstudio.data.features.category import CATEGORY, MISSING, UNSEEN
from dlstudio.data.samples import labels_from_names
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap

FEATURE = Feature("dlstudio.features.category")


def parsed(values: Sequence[object]) -> Categories:
    column = CATEGORY.parse(Cells(pl.Series("x", values)), FEATURE).column
    assert isinstance(column, Categories)
    return column


def test_names_are_sorted_as_the_classes_of_images_are() -> None:
    names = ["zebra", "Ant", "ant", "猫", "é", "👍", "ant"]
    column = parsed(names)
    classes, labels = labels_from_names(names)
    assert column.names == classes
    assert column.codes.tolist() == labels.tolist()
    assert column.codes.dtype == np.int32


def test_numbers_are_sorted_by_their_value() -> None:
    assert parsed(["10", "2", "-1", "2"]).names == ("-1", "2", "10")
    assert parsed(["10", "2", "x"]).names == ("10", "2", "x")
    assert parsed([10, 2, None]).names == ("2", "10")
    assert parsed([1.0, 2.0, 1.5]).names == ("1", "1.5", "2")
    assert parsed([True, False, None]).names == ("false", "true")


def test_spaces_around_names_and_words_for_missing_do_not_count() -> None:
    column = parsed([" a", "a ", "", "N/A", "nan", "NULL", None])
    assert column.names == ("a",)
    assert column.codes.tolist() == [0, 0, *[MISSING] * 5]


def test_missing_and_unseen_names_have_codes_of_their_own() -> None:
    column = parsed(["b", "a", None, "new"])
    fitted = CATEGORY.fit(column, np.array([0, 1, 2]), FEATURE)
    assert fitted["names"] == ["a", "b"]
    rows = CATEGORY.encode(column, fitted, FEATURE)
    assert rows.tolist() == [1, 0, MISSING, UNSEEN]
    # What the graph makes of them: a text for each, by its place.
    texts = np.array(["[UNK]", "", *("a", "b")])
    assert texts[rows + 2].tolist() == ["b", "a", "", "[UNK]"]
    assert CATEGORY.decode(rows, fitted, FEATURE).values.to_list() == [
        *("b", "a"),
        *(None, None),
    ]


def test_missing_as_the_most_frequent() -> None:
    feature = Feature(FEATURE.kind, "", FrozenMap({"missing": "most_frequent"}))
    column = parsed(["b", "b", "a", None, "c", "c", "c"])
    fitted = CATEGORY.fit(column, np.array([0, 1, 2, 3]), feature)
    assert CATEGORY.encode(column, fitted, feature)[3] == 1


def test_statistics_list_the_most_frequent() -> None:
    found = CATEGORY.statistics(parsed(["b", "a", "b", None, "c"]))
    assert (found.count, found.missing, found.distinct) == (5, 1, 3)
    assert found.frequent == (("b", 2), ("a", 1), ("c", 1))
    many = CATEGORY.statistics(parsed([str(each) for each in range(100)]))
    assert many.distinct == 100 and len(many.frequent) == 10


def test_many_cells_are_read_as_few_ones() -> None:
    few = [" Rome", "Rome", "10", "9", "", None, "null", "北京 "]
    column = parsed(few * 3000)
    assert column.names == parsed(few).names == ("10", "9", "Rome", "北京")
    assert (column.codes.reshape(-1, len(few)) == parsed(few).codes).all()
    names = [f"n{row % 12_345}" for row in range(25_000)]
    many = parsed(names)
    assert [many.names[code] for code in many.codes[:20_000]] == names[:20_000]


def test_how_often_many_names_repeat_is_counted_exactly() -> None:
    names = [f" house {row % 22_000}" for row in range(30_000)]
    found = CATEGORY.certainty(Cells(pl.Series([*names, None, "null"])), "home")
    assert found == 0.1 + 0.85 * (1 - 22_000 / 30_000) / 0.9
