"""Tables that are damaged, hostile or odd: one clear message, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import write_xlsx

from tests.cli.conftest import Run

ROWS = [f"{n % 40 + 0.5},{'red' if n % 3 else 'blue'},{n % 2}" for n in range(60)]
HEAD = "size,color,sold"
GOOD = "\n".join([HEAD, *ROWS]) + "\n"


def write(folder: Path, data: str | bytes, name: str = "shop.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"size,color,sold\n", "has no rows"),
        ("a.csv", bytes(range(256)) * 20, "is not a table"),
        ("a.parquet", b"PAR1" + bytes(range(256)), "is not a readable table"),
        ("a.xlsx", bytes(range(1, 32)) * 40, "is not a readable table"),
        ("a.jsonl", b"[1, 2]\n[3]\n", "JSON"),
    ],
)
def test_what_is_no_table_is_refused(
    run: Run, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    found = run("scan", write(tmp_path, data, name))
    assert found.status == 1 and message in found.err and not found.out
    assert found.err.startswith("Error: ") and "Traceback" not in found.err


@pytest.mark.parametrize(
    ("data", "kind", "rows"),
    [
        (GOOD.encode("utf-16"), "", 60),
        (GOOD.replace("red", "红色").encode("gb18030"), "table-encoding", 60),
        (f"{GOOD}{HEAD}\n{GOOD.replace(HEAD, '')}".encode(), "repeated-header", 120),
        (f"{GOOD}1.5,red\n".encode(), "short-rows", 61),
        (f"{GOOD}1.5,red,1,9\n".encode(), "ragged-rows", 61),
        (f"{GOOD}nan,red,1\n".encode(), "missing-marks", 61),
        (f"{GOOD}inf,red,1\n".encode(), "unreadable-values", 61),
        (GOOD.replace("color", "size").encode(), "duplicate-columns", 60),
    ],
)
def test_what_is_odd_is_read_and_reported(
    run: Run, tmp_path: Path, data: bytes, kind: str, rows: int
) -> None:
    found = run("scan", write(tmp_path, data), "--json")
    assert found.status == 0, found.err
    assert found.json["samples"] == rows and len(found.json["columns"]) == 3
    assert not kind or kind in {each["kind"] for each in found.json["findings"]}


def test_a_workbook_with_macros_is_a_table(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    rows = [line.split(",") for line in GOOD.splitlines()]
    path = write_xlsx(tmp_path / "a.xlsm", {"data": rows})
    assert run("scan", path, "--json").json["samples"] == 60


def test_a_target_of_one_class_is_refused_before_training(
    run: Run, tmp_path: Path
) -> None:
    same = "\n".join([HEAD, *(f"{row[:-1]}yes" for row in ROWS)])
    folder = tmp_path / "project"
    made = run("new", folder, "--data", write(tmp_path, same), "--target", "sold")
    assert made.status == 0, made.err
    kinds = {each["kind"] for each in run("scan", folder, "--json").json["findings"]}
    assert "one-class" in kinds
    found = run("train", folder)
    assert found.status == 1 and "the same value in all usable rows" in found.err
    assert not list((folder / "runs").glob("*")), "no run is left behind"


def test_changed_files_are_refused_by_the_column(run: Run, tmp_path: Path) -> None:
    """A column that is gone, and numbers that became words."""
    path, folder = write(tmp_path, GOOD), tmp_path / "project"
    made = run("new", folder, "--data", path, "--target", "sold")
    assert made.status == 0, made.err
    write(tmp_path, GOOD.replace("size", "weight"))
    found = run("check", folder)
    assert found.status == 1 and "“size”" in found.out + found.err
    words = [row.replace(row.split(",")[0], "large") for row in ROWS]
    write(tmp_path, "\n".join([HEAD, *words]))
    kinds = {each["kind"] for each in run("scan", folder, "--json").json["findings"]}
    assert "unreadable-values" in kinds
    found = run("train", folder)
    assert found.status == 1 and "“size” has no value for training" in found.err
