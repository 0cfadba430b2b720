"""`scan` of a table."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def write(folder: Path) -> Path:
    lines = ["name,age,city,bought"]
    for row in range(40):
        age = "" if row == 3 else str(20 + row)
        lines.append(f"n{row},{age},{('Rome', 'Oslo')[row % 2]},{row % 3}")
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_columns_are_listed_with_types_and_findings(run: Run, tmp_path: Path) -> None:
    found = run("scan", write(tmp_path), "--json")
    assert found.status == 0, found.err
    columns = {each["name"]: each for each in found.json["columns"]}
    assert columns["age"]["kind"] == "dlstudio.features.number"
    assert columns["age"]["missing"] == 1 and columns["age"]["distinct"] == 39
    assert 0 < columns["age"]["certainty"] <= 1
    assert columns["name"]["reason"] == "identifier"
    assert found.json["target"] == "bought" and found.json["classes"]
    assert {"samples", "splits", "sizes", "modes", "formats"} <= set(found.json)
    kinds = {each["kind"] for each in found.json["findings"]}
    assert {"missing-values", "identifier"} <= kinds


def test_the_same_is_printed(run: Run, tmp_path: Path) -> None:
    shown = run("scan", write(tmp_path)).out
    assert "age" in shown and "Number" in shown and "Category (target)" in shown
    assert "Rows: 40, columns: 4." in shown and "Missing values" in shown
