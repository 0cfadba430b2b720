"""Large tables, whose cells are in a file: the same as those in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.data_form import DataForm
from dlstudio.data.features.base import ParsedColumn
from dlstudio.data.features.category import CATEGORY
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.parsed_column import parse_column
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.prepare_table import prepare_table
from dlstudio.data.samples import Samples
from dlstudio.data.table_scan import scan_table
from dlstudio.data.tables import cell_store
from dlstudio.data.tables.cell_store import CellStore, StoredCells
from dlstudio.data.tables.thinned_rows import steps_of
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe

ROWS = 90


def write(folder: Path) -> Path:
    """Numbers, names, dates, blanks, marks, a repeated header and a short row.

    Some columns are numbers or dates as they are usually written, but for a few cells.
    """
    lines = ["size,shop,day,note,code,late,odd,sold"]
    for row in range(ROWS):
        size = ("?", "", "1.5")[row % 3] if row % 10 == 4 else f"{row * 37 % 50}.5"
        shop = ("Rome", "Oslo", " 北京 ")[row % 3] if row % 8 else ""
        day = f"2024-0{1 + row % 9}-1{row % 10}"
        sold = "yes" if row * 7 % 5 > 1 else "no"
        code = ("NA", "-", "")[row % 3] if row % 20 == 7 else f"{row * 13 % 70}"
        late = "seven" if row == 80 else f"{row % 9}.25"
        odd = "5 Jan 2024" if row == 70 else f"2023-11-{10 + row % 20}"
        lines.append(f"{size},{shop},{day},n{row % 11},{code},{late},{odd},{sold}")
    lines[40:40] = [lines[0], "", "3.5,Rome", lines[39]]
    path = folder / "shops.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def opened(path: Path) -> Samples:
    return open_source(guess_source(path, CATALOG), CATALOG, path.parent)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Samples, Samples]:
    path = write(tmp_path)
    monkeypatch.setattr("dlstudio.data.tables.thinned_rows.LOOK", 30)
    monkeypatch.setattr("dlstudio.data.features.leaks.LOOK", 30)
    plain = opened(path)
    monkeypatch.setattr("dlstudio.data.tables.delimited.HELD", 0)
    monkeypatch.setattr("dlstudio.data.tables.delimited.PIECE", 100)
    monkeypatch.setattr(cell_store, "MANY_ROWS", 40)
    monkeypatch.setattr("dlstudio.data.prepare_table.LARGEST", 50)
    monkeypatch.setattr("dlstudio.data.mapped_rows.PIECE", 64)
    return plain, opened(path)


def test_a_large_table_is_read_as_a_small_one(both: tuple[Samples, Samples]) -> None:
    plain, stored = both
    assert all(isinstance(each, StoredCells) for each in stored.columns.values())
    assert stored.notes == plain.notes and list(stored.columns) == list(plain.columns)
    few, many = np.array([3, 70, 41]), np.arange(0, len(plain), 2)
    for name, cells in stored.columns.items():
        own = plain.columns[name]
        assert cells.values.equals(own.values) and len(cells) == len(own)
        assert (cells.missing() == own.missing()).all()
        for rows in (few, many, few[:0]):
            assert cells.take(rows).values.equals(own.take(rows).values)
        again = cells.take(many).take(few[:1]).values
        assert again.equals(own.take(many).take(few[:1]).values)


def test_a_large_table_is_scanned_as_a_small_one(both: tuple[Samples, Samples]) -> None:
    plain, stored = (scan_table(each, CATALOG).to_json() for each in both)
    assert plain["findings"] and stored == plain


def test_a_large_table_is_prepared_as_a_small_one(
    both: tuple[Samples, Samples], tmp_path: Path
) -> None:
    found = []
    for number, samples in enumerate(both):
        inferred = scan_table(samples, CATALOG).table.columns
        choice = choose_features(samples.columns, inferred, CATALOG, ["sold"])
        recipe = DataRecipe(features=choice.features)
        form = DataForm({}, choice.inputs, choice.targets)
        cache = tmp_path / str(number)
        found.append(prepare_table(samples, recipe, form, CATALOG, cache))
    plain, stored = found
    assert stored.fingerprint == plain.fingerprint and stored.fitted == plain.fitted
    assert all(isinstance(each, np.memmap) for each in stored.rows.values())
    for name, rows in plain.rows.items():
        np.testing.assert_array_equal(stored.rows[name], rows)


def test_only_the_last_values_are_remembered() -> None:
    store = CellStore(["a"])
    store.add(pl.DataFrame({"a": ["x", None, "z"]}))
    made: list[int] = []
    for key in (1, 1, 2, 3, 4, 1):
        store.recent.get(key, lambda key=key: made.append(key))
    assert made == [1, 2, 3, 4, 1]
    assert repr(store.column("a")) == "StoredCells('a', 3 cells)"


def test_columns_of_numbers_are_known_from_reading(
    both: tuple[Samples, Samples],
) -> None:
    plain, stored = both
    kinds = {name: each.is_numeric for name, each in stored.columns.items()}
    assert {name for name, numeric in kinds.items() if numeric} == {"size", "code"}
    numbers = stored.columns["code"].plain_numbers()
    assert numbers is not None and plain.columns["code"].plain_numbers() is None
    own = plain.columns["code"].values.cast(pl.Float64).to_numpy()
    np.testing.assert_array_equal(numbers, own)
    some = stored.columns["code"].take(np.arange(0, 90, 2)).plain_numbers()
    np.testing.assert_array_equal(some, own[:90:2])


def test_a_column_is_parsed_once(both: tuple[Samples, Samples]) -> None:
    _plain, stored = both
    parsed = []

    class Counted:
        def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
            parsed.append(feature.params)
            return CATEGORY.parse(cells, feature)

    counted, cells = Counted(), stored.columns["shop"]
    features = [Feature("a"), Feature("a"), Feature("b"), Feature("c"), Feature("d")]
    columns = [parse_column(counted, cells, each) for each in (*features, features[0])]
    assert len(parsed) == 4, "the first one was read from the file"
    assert columns[-1] is not columns[0]
    own = CATEGORY.parse(cells, features[0])
    for each in columns:
        assert each.column.names == own.column.names == ("Oslo", "Rome", "北京")
        np.testing.assert_array_equal(each.column.codes, own.column.codes)


def test_rows_at_steps_stay_in_memory(both: tuple[Samples, Samples]) -> None:
    plain, stored = both
    assert steps_of(1_000_000, 20) == {33334, 33333} and not steps_of(10**6, 10**5)
    for step in (1, 2, 3, 4, 7):
        for name, cells in stored.columns.items():
            own = plain.columns[name].every(step).values
            assert cells.every(step).values.equals(own)


def test_stored_cells_can_begin_in_another_folder(
    both: tuple[Samples, Samples],
) -> None:
    """As predictions of a large table need it."""
    _plain, stored = both
    cells = stored.columns["shop"]
    assert isinstance(cells, StoredCells)
    moved = cells.in_folder("elsewhere")
    assert moved.folder == "elsewhere" and len(moved) == len(cells)
    assert moved.values.to_list() == cells.values.to_list()
