"""Free text, as a feature type that only tests know: from a table to a verified export.

Its rows are no numbers and no names, and layers of the model learn its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from toy_catalog import toy_catalog

from dlstudio.catalog.store import Catalog
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]
GOOD = ("lovely", "bright", "calm", "clean")
BAD = ("noisy", "dirty", "dark", "cold")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalog = toy_catalog()
    monkeypatch.setattr(Catalog, "load", lambda: catalog)
    yield


def table(folder: Path, rows: int = 80) -> Path:
    """Remarks about rooms, of which two words say whether they are liked."""
    random = np.random.default_rng(0)
    lines = ["remark,price,liked"]
    for row in range(rows):
        first, second = random.choice((GOOD, BAD)[row % 2], 2, replace=False)
        text = f"The room number {row} is {first} and {second}"
        lines.append(f"{text},{random.normal(90, 20):.0f},{('yes', 'no')[row % 2]}")
    path = folder / "rooms.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_text_goes_from_a_table_to_a_verified_export(run: Run, tmp_path: Path) -> None:
    path, project = table(tmp_path), tmp_path / "p"
    scanned = run("scan", path, "--json")
    columns = {each["name"]: each for each in scanned.json["columns"]}
    assert columns["remark"]["kind"].endswith("remark"), columns["remark"]
    made = run("new", project, "--data", path, "--target", "liked")
    assert made.status == 0, made.err
    kinds = {each.kind for each in load_project(project).model.nodes.values()}
    assert "keras.layers.TextVectorization" in kinds
    checked = run("check", project, "--json")
    assert checked.status == 0 and checked.json["problems"] == [], checked.out
    trained = run("train", project, "--epochs", "40", "--json")
    assert trained.status == 0, trained.err
    found = run("evaluate", project, "--json")
    assert found.json["metrics"]["accuracy"] > 0.8, found.err
    values = ("remark=It is noisy and cold", "price=80")
    typed = run(
        "predict", project, *(x for v in values for x in ("--value", v)), "--json"
    )
    assert typed.status == 0, typed.err + typed.out
    assert typed.json["predictions"][0]["label"] == "no", typed.err
    out = tmp_path / "served"
    done = run("export", project, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0, done.err
    assert done.json["certificate"]["passed"]
    assert run("script", project).status == 0
