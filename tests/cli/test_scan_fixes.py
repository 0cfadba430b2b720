"""`scan PROJECT --fix`: what a finding about a table offers, applied by command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


def write(folder: Path) -> Path:
    """Blanks, an outlier, a copied row and a column that is ignored."""
    lines = ["code,age,income,city,bought"]
    for row in range(60):
        age = "" if row % 12 == 5 else str(20 + row * 7 % 40)
        income = 90_000 if row == 7 else 1000 + row * 13 % 90
        city = "" if row % 20 == 4 else ("Rome", "Oslo", "Lima")[row % 3]
        lines.append(f"k{row:03},{age},{income},{city},{'yes' if row % 2 else 'no'}")
    lines.append(lines[-1])
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    made = run("new", folder, "--data", write(tmp_path), "--target", "bought")
    assert made.status == 0, made.err
    return folder


def fixes(found: Any) -> dict[str, dict[str, Any]]:
    return {
        fix["id"]: fix for each in found["findings"] for fix in each.get("fixes", ())
    }


def test_each_fix_has_an_id_and_is_applied_by_it(run: Run, project: Path) -> None:
    ids = fixes(run("scan", project, "--json").json)
    assert {
        "missing-values:age:mean",
        "missing-values:age:drop",
        "missing-values:city:own_class",
        "outlier-values:income:clip",
        "duplicate-rows:exclude",
    } <= ids.keys()
    wanted = ("missing-values:age:mean", "outlier-values:income", "duplicate-rows")
    arguments = [word for id in wanted for word in ("--fix", id)]
    done = run("scan", project, *arguments, "--json")
    assert done.status == 0, done.err
    assert len(done.json["applied"]) == 3 and done.json["changed"]
    data = load_project(project).data
    assert data.features["age"].params["missing"] == "mean"
    assert data.features["income"].params["maximum"] < 90_000
    assert data.leave_out == ("61",)
    left = fixes(done.json)
    assert not {"outlier-values:income:clip", "duplicate-rows:exclude"} & left.keys()


def test_columns_get_another_type_or_are_ignored(run: Run, project: Path) -> None:
    assert run("scan", project, "--fix", "text-column:code:category").status == 0
    features = load_project(project).data.features
    assert features["code"].kind == "dlstudio.features.category"
    assert any(each.feature == "code" for each in load_project(project).inputs)


def test_the_commands_are_printed_and_unknown_fixes_refused(
    run: Run, project: Path
) -> None:
    assert "--fix missing-values:age:median (or mean, drop)" in run("scan", project).out
    before = load_project(project)
    found = run("scan", project, "--fix", "missing-values:age:luck")
    assert found.status == 1 and "missing-values:age:median" in found.err
    assert load_project(project) == before
    alone = run("scan", project.parent / "shop.csv", "--fix", "duplicate-rows")
    assert alone.status == 1 and "is not a project" in alone.err
