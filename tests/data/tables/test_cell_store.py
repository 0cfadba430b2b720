"""Large tables, whose cells are in a file: the same as those in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.data_form import DataForm
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.prepare_table import prepare_table
from dlstudio.data.samples import Samples
from dlstudio.data.table_scan import scan_table
from dlstudio.data.tables import cell_store
from dlstudio.data.tables.cell_store import CellStore, StoredCells
from dlstudio.document.plan import DataRecipe

ROWS = 90


def write(folder: Path) -> Path:
    """Numbers, names, dates, blanks, marks, a repeated header and a short row."""
    lines = ["size,shop,day,note,sold"]
    for row in range(ROWS):
        size = ("?", "", "1.5")[row % 3] if row % 10 == 4 else f"{row * 37 % 50}.5"
        shop = ("Rome", "Oslo", " 北京 ")[row % 3] if row % 8 else ""
        day = f"2024-0{1 + row % 9}-1{row % 10}"
        sold = "yes" if row * 7 % 5 > 1 else "no"
        lines.append(f"{size},{shop},{day},n{row % 11},{sold}")
    lines[40:40] = [lines[0], "", "3.5,Rome", lines[39]]
    path = folder / "shops.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def opened(path: Path) -> Samples:
    return open_source(guess_source(path, CATALOG), CATALOG, path.parent)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Samples, Samples]:
    path = write(tmp_path)
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
