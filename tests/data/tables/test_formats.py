"""Tables with types of their own: JSON Lines, Parquet, spreadsheets."""

from __future__ import annotations

import datetime as dt
import struct
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workbooks import ods_row, old_workbook, sheet_xml, write_ods, write_xlsx

from dlstudio.data.tables import typed_columns
from dlstudio.data.tables.read import read_table
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.errors import UserError


def cells(table: Table) -> dict[str, list[Any]]:
    return {name: each.values.to_list() for name, each in table.columns.items()}


def kinds(table: Table) -> list[str]:
    return [each.kind for each in table.notes]


def written(folder: Path, data: str | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_json_lines_have_types(tmp_path: Path) -> None:
    data = '{"n": 1, "t": "a"}\n\n{"t": null, "n": 2.5, "b": true}\n'
    table = read_table(written(tmp_path, data, "a[1].jsonl"))
    assert cells(table) == {"n": [1.0, 2.5], "t": ["a", None], "b": [None, True]}
    assert table.row_numbers.tolist() == [1, 2] and table.notes == ()


def test_json_lines_are_known_by_their_content(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeff{"n": 1}\n{"n": 2}\n', "a.txt")
    assert cells(read_table(path)) == {"n": [1, 2]}


def test_json_lines_of_several_blocks_agree_on_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlstudio.data.tables.text_chunks.CHUNK", 16)
    monkeypatch.setattr(
        "dlstudio.data.tables.text_chunks.FileText.chunks.__defaults__", (16,)
    )
    lines = ['{"n": 1, "t": 5}', '{"n": 2.5, "t": "x"}', '{"m": true, "l": [1]}']
    table = read_table(written(tmp_path, "\n".join(lines), "a.jsonl"))
    assert cells(table) == {
        "n": [1.0, 2.5, None],
        "t": ["5", "x", None],
        "m": [None, None, True],
    }
    assert kinds(table) == ["nested-columns"] and "“l”" in table.notes[0].message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"n": 1}\n{"n": 2\n', "Line 2 of .* is not a JSON object"),
        ('{"n": 1}\n[2]\n', "Line 2 of .* is not a JSON object"),
        ("\n", "is empty"),
        ('[{"n": 1}]', "does not have one object on each line"),
        ('{\n"n": 1\n}', "does not have one object on each line"),
        ('{"n": [1]}\n', "only columns of lists"),
    ],
)
def test_other_json_is_refused(tmp_path: Path, data: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_table(written(tmp_path, data, "a.jsonl"))


def test_parquet_keeps_types_that_are_common(tmp_path: Path) -> None:
    day, time = dt.date(2020, 1, 2), dt.time(3, 4)
    frame = pl.DataFrame(
        {
            "i": [1, None],
            "f": [1.5, float("nan")],
            "s": ["NA", None],
            "d": [day, None],
            "t": [time, None],
            "dt": [dt.datetime(2020, 1, 2, 3), None],
            "b": [True, None],
            "decimal": [Decimal("1.25"), None],
            "category": pl.Series(["x", "y"], dtype=pl.Categorical),
            "enum": pl.Series(["x", None], dtype=pl.Enum(["x", "y"])),
            "span": [dt.timedelta(minutes=1), None],
            "null": [None, None],
            "list": [[1], [2]],
            "struct": [{"a": 1}, None],
            "bytes": [b"1", b"2"],
        }
    )
    path = tmp_path / "a[1].parquet"
    frame.write_parquet(path)
    table = read_table(path)
    assert cells(table) == {
        "i": [1, None],
        "f": [1.5, None],
        "s": ["NA", None],
        "d": [day, None],
        "t": [time, None],
        "dt": [dt.datetime(2020, 1, 2, 3), None],
        "b": [True, None],
        "decimal": [1.25, None],
        "category": ["x", "y"],
        "enum": ["x", None],
        "span": [60.0, None],
        "null": [None, None],
    }
    assert table.columns["category"].values.dtype == pl.String
    (note,) = table.notes
    assert note.kind == "nested-columns"
    assert "“list”, “struct”, “bytes”" in note.message


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(100)}).write_parquet(path)
    whole = path.read_bytes()
    for data in (whole[:-9], b"PAR1" + b"x" * 99 + b"PAR1", whole[:60] + whole[80:]):
        with pytest.raises(UserError, match="is not a readable table"):
            read_table(written(tmp_path, data, "b.parquet"))


def test_parquet_that_is_larger_than_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": [0] * 100_000}).write_parquet(path)
    _have_memory(monkeypatch, 10**6)
    with pytest.raises(UserError, match="needs 781 KB of memory"):
        read_table(path)


def _have_memory(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    class Memory:
        available = free

    monkeypatch.setattr(typed_columns.psutil, "virtual_memory", Memory)


def test_a_sheet_is_read_with_its_types(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    rows = [
        ["Report"],
        [],
        ["n", "name", "flag", None, "mixed", "err"],
        [1, "ant", True, None, 1, "#DIV/0!"],
        [2.5, "n/a", False, None, "x", 3],
        [],
        [3, "bee", None, None, None, 4],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"data": rows, "empty": []})
    table = read_table(path)
    assert cells(table) == {
        "n": [1.0, 2.5, 3.0],
        "name": ["ant", None, "bee"],
        "flag": [True, False, None],
        "mixed": ["1", "x", None],
        "err": [None, 3.0, 4.0],
    }
    assert table.row_numbers.tolist() == [1, 2, 3]
    assert kinds(table) == [
        "lines-above-table",
        "blank-rows",
        "missing-marks",
        "error-cells",
    ]
    assert "line 6" in table.notes[1].message


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    sheets = {"first": [["n"], [1]], "second": [["m"], [2]]}
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    table = read_table(path)
    assert cells(table) == {"n": [1.0]}
    (note,) = table.notes
    assert note.kind == "other-sheets" and "“second”" in note.message
    assert [dict(fix.params) for fix in note.fixes] == [
        {"sheet": "first"},
        {"sheet": "second"},
    ]
    chosen = read_table(path, TableOptions(sheet="second"))
    assert cells(chosen) == {"m": [2.0]} and chosen.notes == ()
    with pytest.raises(UserError, match="no sheet called “third”"):
        read_table(path, TableOptions(sheet="third"))


def test_a_sheet_without_a_header(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    path = write_xlsx(tmp_path / "a.xlsx", {"data": [[1, 2], [3, 4]]})
    table = read_table(path)
    assert cells(table) == {"column 1": [1.0, 3.0], "column 2": [2.0, 4.0]}
    named = read_table(path, TableOptions(header="yes"))
    assert cells(named) == {"1": [3.0], "2": [4.0]}


def test_a_workbook_with_macros_is_read_without_them(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    path = write_xlsx(tmp_path / "a.xlsm", {"data": [["n"], [1]]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
    assert cells(read_table(path)) == {"n": [1.0]}


def test_old_workbooks_and_open_documents_are_read(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    table = read_table(written(tmp_path, old_workbook(), "a.xls"))
    assert cells(table) == {
        "n": [1.0, 2.5],
        "name": ["ant", "bee"],
        "when": [dt.datetime(2020, 1, 2), None],
    }
    body = ods_row("n", "t") + ods_row(1, "a", repeated=2)
    table = read_table(write_ods(tmp_path / "a.ods", body))
    assert cells(table) == {"n": [1.0, 1.0], "t": ["a", "a"]}


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"data": [["n"], [1]]})
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(UserError, match=r'pip install "dlstudio\[excel\]"'):
        read_table(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, {"data": [["n"], [1]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (100 * 2**20))
    with pytest.raises(UserError, match="would expand to 100 MB"):
        read_table(path)


def test_a_header_that_claims_too_little_is_found_out(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"data": [["n"], [1]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * 1_234_567)
    data = path.read_bytes().replace(
        struct.pack("<I", 1_234_567), struct.pack("<I", 1_000)
    )
    with pytest.raises(UserError, match="is not a readable table"):
        read_table(written(tmp_path, data, "b.xlsx"))


@pytest.mark.parametrize(
    "cell",
    ['<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "<row>{}</row>"],
)
def test_cells_at_opposite_ends_of_a_sheet_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    many = cell.format("<c><v>1</v></c>" * 16_384)
    far = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    sheet = sheet_xml([["n"], [1]]).replace("</sheetData>", f"{many}{far}</sheetData>")
    path = write_xlsx(tmp_path / "a.xlsx", {"data": sheet})
    _have_memory(monkeypatch, 32 * 10**9)
    with pytest.raises(UserError, match="too large"):
        read_table(path)


def test_repeated_cells_of_open_documents_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_ods(tmp_path / "a.ods", ods_row(*range(100), repeated=10**9))
    _have_memory(monkeypatch, 32 * 10**9)
    with pytest.raises(UserError, match="too large"):
        read_table(path)


def test_locked_workbooks_are_named(tmp_path: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    manifest = "<manifest><encryption-data/></manifest>"
    paths = (
        written(tmp_path, locked, "a.xlsx"),
        write_ods(tmp_path / "a.ods", ods_row(1), manifest),
        written(tmp_path, b"PARE" + b"\0" * 99, "a.parquet"),
    )
    for path in paths:
        with pytest.raises(UserError, match="is password-protected"):
            read_table(path)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xlsx", b"PK\3\4 damaged", "is not a readable table"),
        ("a.xls", b"\xd0\xcf\x11\xe0 damaged", "is not a readable table"),
        ("a.xls", b"<html><table><tr><td>1</table></html>", "is a web page or XML"),
        ("a.xlsx", bytes(range(1, 32)) * 9, "its content is of another format"),
        ("a.csv.gz", b"\x1f\x8b\x08\0", "is compressed"),
    ],
)
def test_damaged_and_other_files_are_refused(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    if name.startswith("a.xls") and data.startswith(b"\xd0"):
        pytest.importorskip("fastexcel")
    with pytest.raises(UserError, match=message):
        read_table(written(tmp_path, data, name))


def test_an_old_workbook_that_takes_all_memory_is_refused(tmp_path: Path) -> None:
    """A cell in the last row and column of its format asks for a hundred gigabytes."""
    pytest.importorskip("fastexcel")
    data = old_workbook()
    place = data.rindex(b"\xfd\x00\n\x00") + 4  # of a text: its row and column
    far = data[:place] + b"\xff\xff\xff\xff" + data[place + 4 :]
    with pytest.raises(UserError, match="too much memory or time"):
        read_table(written(tmp_path, far, "a.xls"))


def test_an_old_workbook_that_takes_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fastexcel")
    monkeypatch.setattr("dlstudio.data.tables.old_workbook.SECONDS", 0.0)
    with pytest.raises(UserError, match="save it as XLSX"):
        read_table(written(tmp_path, old_workbook(), "a.xls"))


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    body = sheet_xml([["n"], [1]])
    bomb = f'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>{body}'
    path = write_xlsx(tmp_path / "a.xlsx", {"data": bomb})
    with pytest.raises(UserError, match="it declares entities"):
        read_table(path)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    for inside, message in (("a.csv", "is an archive"), ("xl/workbook.bin", "binary")):
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(inside, "n\n1\n")
        with pytest.raises(UserError, match=message):
            read_table(path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    with pytest.raises(UserError, match="is empty"):
        read_table(write_xlsx(tmp_path / "a.xlsx", {"data": []}))
