"""Rows of a table as pages of texts, and the filters on them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from small_tables import flat_rows

from dlstudio.data.columns import Cells
from dlstudio.data.tables.cell_store import CellStore, StoredCells
from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.dataset import EXCLUDED
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.table import ALL, TableFilter


class FakeContext:
    """A job that is cancelled or not."""

    def __init__(self, stopping: bool = False) -> None:
        self.stopping = stopping

    def should_stop(self) -> bool:
        return self.stopping


def matching(rows: CellRows, found=None, **wanted: object) -> list[int]:
    return rows.matching(FakeContext(), TableFilter(**wanted), found).tolist()


def test_a_page_has_the_texts_of_some_rows() -> None:
    page = flat_rows().page(np.array([5, 3]), range(8))
    assert page.ids == ("flats.csv:6", "flats.csv:4")
    rooms, area, price = page.texts[1], page.texts[2], page.texts[7]
    assert rooms == ("6", None) and price == ("243500", "226100")
    assert area == ("about 60", "50.5") and page.unreadable == {(0, 2)}
    assert page.splits == (2, EXCLUDED)


def test_a_page_has_only_the_columns_that_are_asked_for() -> None:
    changed = {"flats.csv:6": {"area": "60", "price": "1"}}
    page = flat_rows(changed=changed).page(np.array([5]), range(2, 4))
    assert page.texts == (("60",), ("Harbour",)) and page.corrected == {(0, 0)}


def test_corrections_take_the_place_of_cells() -> None:
    changed = {"flats.csv:6": {"area": 60.0, "rooms": "", "gone": "x"}}
    page = flat_rows(changed=changed).page(np.array([5]), range(8))
    assert page.texts[1] == (None,) and page.texts[2] == ("60.0",)
    assert page.corrected == {(0, 1), (0, 2)} and not page.unreadable


def test_numbers_and_dates_of_typed_files_are_texts_too() -> None:
    cells = {"n": Cells(pl.Series([1.0, None])), "i": Cells(pl.Series([3, 4]))}
    rows = CellRows(("a", "b"), cells)
    page = rows.page(np.array([0, 1]), range(2))
    assert page.texts == (("1", None), ("3", "4")) and page.splits == (ALL, ALL)


def test_values_that_are_read_as_missing_are_missing() -> None:
    cells = {"n": Cells(pl.Series(["NA", "x", "1"]))}
    missing = {"n": np.array([True, True, False])}
    unreadable = {"n": np.array([False, True, False])}
    rows = CellRows(("a", "b", "c"), cells, None, {}, missing, unreadable)
    assert rows.page(np.arange(3), range(1)).texts == ((None, "x", "1"),)


def test_rows_are_found_by_text_split_and_finding() -> None:
    rows = flat_rows(changed={"flats.csv:1": {"district": "Old HARBOUR"}})
    assert matching(rows) == list(range(60))
    assert matching(rows, text="h-1024")[:2] == [10, 11]
    assert 0 in matching(rows, text="old harb")
    assert matching(rows, split=EXCLUDED) == [3]
    assert matching(rows, split=1, text="HARBOUR") == [1, 13, 25, 37, 49]
    found = np.zeros(60, bool)
    found[8] = True
    assert matching(rows, found, finding="outlier") == [8]
    assert matching(rows, finding="outlier") == []
    assert not TableFilter() and TableFilter("a")


def test_a_search_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        flat_rows().matching(FakeContext(True), TableFilter("a"))


def test_a_search_never_has_a_whole_column_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = CellStore(["t"])
    for texts in (["one", "Two "], ["three", "two"], [None, "2"]):
        store.add(pl.DataFrame({"t": texts}, {"t": pl.String}))
    cells, changed = {"t": store.column("t")}, {"6": {"t": "TWO"}}
    rows = CellRows(tuple("123456"), cells, changed=changed)
    monkeypatch.setattr(StoredCells, "values", None)
    assert matching(rows, text="two") == [1, 3, 5]
