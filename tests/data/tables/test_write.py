"""Tables that are written: read back they are the same, and harm no spreadsheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlstudio.data.columns import Cells
from dlstudio.data.tables.null_marks import AMONG_NUMBERS, BLANK, EVERYWHERE
from dlstudio.data.tables.read import read_table
from dlstudio.data.tables.table import TableOptions
from dlstudio.data.tables.write import write_table
from dlstudio.errors import UserError

AS_IT_IS = TableOptions(header="yes", delimiter=",")


def write(path: Path, **columns: list[Any]) -> Path:
    write_table(path, {name: Cells(pl.Series(each)) for name, each in columns.items()})
    return path


def is_plain(text: str) -> bool:
    """Whether a text is read as it is: no mark of a missing value, no formula."""
    known = (*BLANK, *EVERYWHERE, *AMONG_NUMBERS)
    return text[:1] not in "=+-@\t\r" and text not in known


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t\"',;")
)
NAMES = st.text(st.characters(categories=["L", "N", "P"]), min_size=1).filter(is_plain)
TABLES = st.integers(1, 8).flatmap(
    lambda rows: st.dictionaries(
        NAMES,
        st.lists(st.none() | TEXTS.filter(is_plain), min_size=rows, max_size=rows),
        min_size=1,
        max_size=4,
    )
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TABLES)
def test_texts_are_read_as_they_were_written(
    tmp_path: Path, columns: dict[str, list[str | None]]
) -> None:
    path = tmp_path / "t.csv"
    given_columns = {
        name: Cells(pl.Series(each, dtype=pl.String)) for name, each in columns.items()
    }
    write_table(path, given_columns)
    table = read_table(path, AS_IT_IS)
    repeated = {name: name for name in columns}
    rows = list(zip(*columns.values(), strict=True))
    kept = [row for row in rows if len(columns) < 2 or row != tuple(repeated.values())]
    assert list(table.columns) == list(columns)
    assert list(zip(*(e.values for e in table.columns.values()), strict=True)) == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=False), min_size=1))
def test_numbers_keep_every_digit(tmp_path: Path, numbers: list[float | None]) -> None:
    path = tmp_path / "t.csv"
    write_table(path, {"x": Cells(pl.Series(numbers, dtype=pl.Float64))})
    found = read_table(path, AS_IT_IS).columns["x"].values.to_list()
    assert [None if each is None else float(each) for each in found] == numbers


def test_other_types_are_written_as_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        n=[1, None, 3],
        b=[True, None, False],
        d=[dt.date(2020, 1, 2), None, None],
        t=[dt.datetime(2020, 1, 2, 3), None, None],
        f=[float("nan"), None, 1.0],
    )
    assert path.read_text("utf-8") == (
        "n,b,d,t,f\n1,true,2020-01-02,2020-01-02T03:00:00.000000,\n"
        '"",,,,\n3,false,,,1.0\n'
    )


def test_cells_are_quoted_where_that_is_needed(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", **{"a,b": ['say "x"', "é", "l\nm"]})
    assert path.read_text("utf-8") == '"a,b"\n"say ""x"""\né\n"l\nm"\n'


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "+1-800"])
def test_texts_that_would_run_as_formulas_are_guarded(
    tmp_path: Path, text: str
) -> None:
    table = read_table(write(tmp_path / "t.csv", **{text: [text, "b"]}), AS_IT_IS)
    assert table.columns[" ".join(f"'{text}".split())].values[0] == f"'{text}"


@pytest.mark.parametrize("text", ["-1", "+1.5", "-1,000.5", "-1e-5", "-12%", "a=b"])
def test_numbers_are_not_guarded(tmp_path: Path, text: str) -> None:
    table = read_table(write(tmp_path / "t.csv", x=[text, "b"]), AS_IT_IS)
    assert table.columns["x"].values[0] == text


def test_nothing_is_lost_where_it_cannot_be_written(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", x=["old"])
    with pytest.raises(UserError, match="“y” cannot be written"):
        write(path, x=["new"], y=[[1]])
    with pytest.raises(ValueError, match="unequal"):
        write(path, x=["new"], y=["a", "b"])
    assert path.read_text("utf-8") == "x\nold\n"
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]
