"""A feature type and a head that only tests know, from a table to a verified export."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from toy_catalog import toy_catalog

import dlstudio
from dlstudio.catalog.store import Catalog
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]
HEAD = "wind,speed,season,course"
NEW = ("30°,5,summer", ",7,", "270.5°,,winter", "-90°,1e3,autumn")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sails")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalog is data: what it describes is all there is."""
    catalog = toy_catalog()
    monkeypatch.setattr(Catalog, "load", lambda: catalog)
    yield


def table(folder: Path, rows: int = 120) -> Path:
    """A course that follows the wind, more or less by the season."""
    random = np.random.default_rng(0)
    lines = [HEAD]
    for row in range(rows):
        wind, speed = int(random.integers(0, 360)), random.normal(8, 2)
        season = ("summer", "winter")[row % 2]
        course = (wind + 90 * (row % 2) + random.normal(0, 5)) % 360
        cell = "" if row % 17 == 5 else f"{wind}°"
        lines.append(f"{cell},{speed:.2f},{season},{course:.1f}°")
    path = folder / "sails.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def project(run: Run, place: Path) -> Path:
    """A trained project, made once."""
    folder = place / "p"
    if not folder.exists():
        made = run("new", folder, "--data", table(place), "--target", "course")
        assert made.status == 0, made.err
        trained = run("train", folder, "--epochs", "8", "--json")
        assert trained.status == 0, trained.err
    return folder


def test_its_columns_are_recognized(run: Run, place: Path) -> None:
    found = run("scan", table(place), "--json")
    assert found.status == 0, found.err
    columns = {each["name"]: each for each in found.json["columns"]}
    assert columns["wind"]["kind"] == columns["course"]["kind"]
    assert columns["wind"]["kind"].endswith("angle")
    assert columns["wind"]["missing"] == 7
    assert run("scan", table(place)).status == 0


def test_a_template_fits_it_and_the_model_learns(run: Run, project: Path) -> None:
    made = load_project(project)
    assert made.output.head.kind == "toy.heads.direction"
    wind = made.model.nodes[made.inputs[0].input]
    assert wind.params["shape"] == (2,)
    assert "wind" not in {e.source for e in made.model.edges if "norm" in e.target}
    checked = run("check", project, "--json")
    assert checked.status == 0 and checked.json["problems"] == [], checked.out
    found = run("evaluate", project, "--json")
    assert found.status == 0, found.err
    course = found.json["outputs"]["course"]
    assert course["metrics"]["turn"] < course["baseline"]["mean"]["turn"] / 2
    assert len(course["sections"]["worst"]["rows"]) > 0
    assert "turn" in run("evaluate", project).out
    assert run("runs", project).status == 0


def test_it_is_predicted_from_rows_and_from_values(
    run: Run, project: Path, place: Path
) -> None:
    path = place / "new.csv"
    path.write_text("\n".join(["wind,speed,season", *NEW]) + "\n", "utf-8")
    rows = run("predict", project, path, "--json")
    assert rows.status == 0, rows.err
    answers = [e["outputs"]["course"]["value"] for e in rows.json["predictions"]]
    assert len(answers) == 4 and all(0 <= each < 360 for each in answers)
    values = ("wind=30°", "speed=5", "season=summer")
    typed = run("predict", project, *(x for v in values for x in ("--value", v)))
    assert typed.status == 0 and f"{answers[0]:.6g}"[:4] in typed.out
    wrong = run("predict", project, "--value", "wind=north", "--value", "speed=1")
    assert wrong.status == 1 and "wind" in wrong.err


def test_an_export_takes_degrees_and_is_verified(
    run: Run, project: Path, place: Path
) -> None:
    import tensorflow as tf

    out = place / "served"
    done = run("export", project, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0, done.err
    certificate = done.json["certificate"]
    assert certificate["passed"] and certificate["samples"] >= 32
    serve = tf.saved_model.load(str(out)).signatures["serving_default"]
    given = {
        "wind": tf.constant([30.0, np.nan, 270.5, -90.0]),
        "speed": tf.constant([5.0, 7.0, np.nan, 1e3]),
        "season": tf.constant(["summer", "", "winter", "autumn"]),
    }
    found = serve(**given)["course"].numpy()
    path = place / "again.csv"
    path.write_text("\n".join(["wind,speed,season", *NEW]) + "\n", "utf-8")
    rows = run("predict", project, path, "--json").json["predictions"]
    expected = [each["outputs"]["course"]["value"] for each in rows]
    far = np.abs((found - expected + 180) % 360 - 180)
    assert far.max() < 0.05


def test_its_script_is_a_program(run: Run, project: Path) -> None:
    written = run("script", project)
    assert written.status == 0, written.err
    compile(written.out, "script.py", "exec")
    assert 'removesuffix("°")' in written.out and "atan2" in written.out


def test_the_package_knows_nothing_of_it() -> None:
    words = ("toy", "angle_tensor", "heads.direction")
    for path in Path(dlstudio.__path__[0]).rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                assert not any(word in each.value.split() for word in words), path
