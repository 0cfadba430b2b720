"""Columns as `scan --json` reports them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.features.column_json import column_json
from dlstudio.data.features.inference import infer_column
from dlstudio.json_values import JsonObject


def described(name: str, values: Sequence[str | None]) -> JsonObject:
    cells = Cells(pl.Series(name, values, dtype=pl.String))
    found = column_json(infer_column(name, cells, CATALOG), cells, CATALOG)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


def test_a_column_of_numbers() -> None:
    values = [f"{each / 4}" for each in range(40)]
    found = described("area", [*values, None, "", "huge", "huge", "vast"])
    assert found["name"] == "area"
    assert found["kind"] == "dlstudio.features.number"
    assert (found["count"], found["missing"], found["unreadable"]) == (45, 5, 3)
    assert (found["least"], found["most"], found["distinct"]) == (0, 9.75, 40)
    assert found["unreadable_examples"] == ["huge", "vast"]
    assert found["examples"] == ["0.0", "0.25", "0.5"]
    assert "frequent" not in found and "reason" not in found


def test_a_column_of_names() -> None:
    found = described("color", ["red", "blue", "red", None] * 10)
    assert found["frequent"] == [["red", 20], ["blue", 10]]
    assert found["distinct"] == 2 and found["unreadable"] == 0


def test_an_ignored_column_has_its_reason_and_counts() -> None:
    found = described("id", [f"H-{n}" for n in range(50)] + [None])
    assert (found["kind"], found["reason"]) == ("", "identifier")
    assert (found["count"], found["missing"], found["distinct"]) == (51, 1, 50)
    assert found["examples"] == ["H-0", "H-1", "H-2"]
    assert "unreadable" not in found
    assert found["alternatives"]
