"""A table from `new` to predictions, by the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow
CITIES = ("Rome", "Oslo", "Lima")


def table(folder: Path, rows: int = 120) -> Path:
    """Whether somebody buys, and for how much, depends on age and city."""
    random = np.random.default_rng(0)
    ages = random.integers(18, 80, rows)
    places = random.integers(0, 3, rows)
    lines = ["age,city,bought,price"]
    for age, place in zip(ages.tolist(), places.tolist(), strict=True):
        cell = "" if age == 30 else str(age)
        bought = "yes" if age > 45 or place == 2 else "no"
        price = 100 * place + 2 * age + float(random.normal(0, 3))
        lines.append(f"{cell},{CITIES[place]},{bought},{price:.2f}")
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    made = run(
        *("new", tmp_path / "p", "--data", table(tmp_path)),
        *("--target", "bought,price", "--feature", "age=number"),
    )
    assert made.status == 0, made.err
    run("set", tmp_path / "p", "plan.epochs=30", "plan.batch_size=16")
    return tmp_path / "p"


def test_classes_and_numbers_are_learned_from_a_table(run: Run, project: Path) -> None:
    made = load_project(project)
    assert [each.feature for each in made.inputs] == ["age", "city"]
    assert [each.head.kind.rpartition(".")[2] for each in made.outputs] == [
        "classification",
        "regression",
    ]
    trained = run("train", project, "--no-evaluate", "--json")
    assert trained.status == 0, trained.err
    found = run("evaluate", project, "--json").json
    bought, price = found["outputs"]["bought"], found["outputs"]["price"]
    assert bought["metrics"]["accuracy"] > 0.75
    assert price["metrics"]["mae"] < price["baseline"]["median"]["mae"] / 2
    assert price["sections"]["residuals"]["count"] == found["samples"]
    shown = run("evaluate", project).out
    assert "Mean absolute error" in shown and "Always the median" in shown


def test_rows_and_typed_values_are_predicted(
    run: Run, project: Path, tmp_path: Path
) -> None:
    assert run("train", project, "--no-evaluate").status == 0
    new = tmp_path / "new.csv"
    new.write_text("city,age,other\nOslo,70,x\n,,x\nParis,old,x\nLima,20,x\n", "utf-8")
    found = run("predict", project, new, "--json")
    assert found.status == 1
    rows = found.json["predictions"]
    assert [each["input"].rpartition(":")[2] for each in rows] == ["1", "2", "3", "4"]
    assert rows[0]["outputs"]["bought"]["label"] == "yes"
    assert isinstance(rows[1]["outputs"]["price"]["value"], float)
    assert "age" in rows[2]["error"]
    typed = run(
        "predict", project, "--value", "age=70", "--value", "city=Oslo", "--json"
    )
    (one,) = typed.json["predictions"]
    assert one["outputs"]["price"]["value"] == pytest.approx(
        rows[0]["outputs"]["price"]["value"], rel=1e-4
    )
    assert run("predict", project, "--value", "height=2").status == 1
    assert run("predict", project).status == 1
    missing = tmp_path / "missing.csv"
    missing.write_text("city\nOslo\n", "utf-8")
    assert "age" in run("predict", project, missing).err


def test_a_run_of_two_epochs_gets_a_verdict_too(run: Run, tmp_path: Path) -> None:
    path, project = table(tmp_path), tmp_path / "p"
    run("new", project, "--data", path, "--target", "price", "--feature", "age=number")
    run("set", project, "plan.epochs=2")
    trained = run("train", project)
    assert trained.status == 0 and "off on average" in trained.out
    done = run("verdict", project, "--json")
    assert done.json["comparison"]["metric"] == "mae"
    assert done.json["suggestions"]


def test_what_does_not_fit_a_table_is_refused(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path)
    for options, word in (
        (["--target", "colour"], "colour"),
        (["--feature", "age"], "age"),
        (["--feature", "age=numbr"], "numbr"),
        (["--template", "image-cnn"], "image-cnn"),
    ):
        done = run("new", tmp_path / "q", "--data", path, *options)
        assert done.status == 1 and word in done.err
        assert not (tmp_path / "q" / "project.json").exists()
    assert "template" in run("new", tmp_path / "q").err


def test_the_scan_of_a_project_knows_what_is_predicted(run: Run, project: Path) -> None:
    found = run("scan", project, "--json").json
    assert found["target"] == "bought"
    assert sum(found["planned_splits"].values()) == found["samples"]
    assert json.dumps(found)


def test_what_a_model_has_not_seen_is_said_and_errors_are_few(
    run: Run, project: Path, tmp_path: Path
) -> None:
    run("set", project, "plan.epochs=1")
    assert run("train", project, "--no-evaluate").status == 0
    new = tmp_path / "new.csv"
    rows = ["30,Rome", "41,Quito", *(f"old{n},Oslo" for n in range(30))]
    new.write_text("\n".join(["age,city", *rows]))
    found = run("predict", project, new)
    assert found.status == 1 and "30 of 32 inputs" in found.err
    assert "1 value of “city” was not in the training split" in found.err
    assert "“Quito”" in found.err and "… and 20 more" in found.err
    first, *lines = found.out.splitlines()
    assert first.split() == ["Row", "bought", "Score", "price"] and len(lines) == 2
    typed = run("predict", project, "--value", "city=Quito")
    assert "unknown: “Quito”" in typed.err and len(typed.out.splitlines()) == 2
    new.write_text(
        "\n".join(["age,city,bought,price", "old,Rome,yes,1", "9,Oslo,no,2"])
    )
    judged = run("evaluate", project, "--data", new)
    assert "1 value of “age” cannot be read and counts as missing" in judged.err
    new.write_text("age,city\n")
    assert "has no rows" in run("predict", project, new).err
    refused = run("set", project, "data.features.bought=")
    assert refused.status == 1 and "predicts “bought”" in refused.err
