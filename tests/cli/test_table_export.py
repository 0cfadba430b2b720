"""A table from `new` to an export that answers as `predict` does."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_here")]
NEW = ("80,12,1,Oslo", "30,,2,", ",3.5,1,Paris", "55,-4,9,Rome", "55,1e3,,Lima")
HEAD = "age,Net weight (kg),rooms,city"


def table(folder: Path, rows: int = 90) -> Path:
    """Whether somebody buys, and for how much, depends on numbers and a city."""
    random = np.random.default_rng(0)
    lines = [f"{HEAD},bought,price"]
    for number in range(rows):
        age, weight = random.integers(18, 80), random.normal(5, 2)
        rooms, city = number % 5, ("Rome", "Oslo", "Lima", "")[number % 4]
        price = 2 * age + 10 * weight + 30 * rooms + 5 * len(city)
        first = "" if number % 9 == 0 else str(age)
        bought = "yes" if price > 190 else "no" if price > 120 else "later"
        lines.append(f"{first},{weight:.2f},{rooms},{city},{bought},{price:.1f}")
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.fixture
def project(run: Run, place: Path) -> Path:
    """A trained project, made once."""
    folder = place / "p"
    if not folder.exists():
        features = ("age=number", "Net weight (kg)=number", "rooms=number")
        made = run(
            *("new", folder, "--data", table(place), "--target", "bought,price"),
            *(part for each in features for part in ("--feature", each)),
        )
        assert made.status == 0, made.err
        trained = run("train", folder, "--epochs", "3", "--json")
        assert trained.status == 0, trained.err
    return folder


def predicted(run: Run, project: Path) -> list[dict[str, Any]]:
    """What `predict --json` says of the new rows."""
    path = project.parent / "new.csv"
    path.write_text("\n".join([HEAD, *NEW]) + "\n", "utf-8")
    found = run("predict", project, path, "--json")
    assert found.status == 0, found.err
    return [each["outputs"] for each in found.json["predictions"]]


def columns() -> np.ndarray:
    """The numbers of the new rows, float32 (n, 3); NaN where a cell is blank."""
    cells = [line.split(",")[:3] for line in NEW]
    rows = [[float(cell) if cell else math.nan for cell in row] for row in cells]
    return np.array(rows, np.float32)


def test_a_savedmodel_answers_as_predict_does(run: Run, project: Path) -> None:
    import tensorflow as tf

    out = project.parent / "served"
    done = run("export", project, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0, done.err
    certificate = done.json["certificate"]
    assert certificate["passed"] and certificate["samples"] >= 32
    assert certificate["label_agreement"] == 1
    assert next(iter(certificate["drawn_from"])) == "test"
    serve = tf.saved_model.load(str(out)).signatures["serving_default"]
    names = ("age", "Net_weight_kg", "rooms")
    given = {n: tf.constant(v) for n, v in zip(names, columns().T, strict=True)}
    given["city"] = tf.constant([line.rpartition(",")[2] for line in NEW])
    found = {name: each.numpy() for name, each in serve(**given).items()}
    for row, outputs in enumerate(predicted(run, project)):
        bought = outputs["bought"]
        assert found["bought_label"][row].decode() == bought["label"]
        np.testing.assert_allclose(
            found["bought_scores"][row], list(bought["scores"].values()), atol=1e-5
        )
        assert found["price"][row] == pytest.approx(
            outputs["price"]["value"], rel=1e-4, abs=1e-3
        )


def test_the_card_and_the_text_speak_of_rows(run: Run, project: Path) -> None:
    out = project.parent / "model"
    done = run("export", project, "--format", "keras", "--out", out)
    assert done.status == 0, done.err
    assert "Latency per row" in done.out
    card = json.loads((project.parent / "model.keras.card.json").read_text("utf-8"))
    ranges = {each["argument"]: each["range"] for each in card["inputs"]}
    assert ranges["rooms"] == [0.0, 4.0]
    assert set(card["evaluation"]["outputs"]) == {"bought", "price"}
    text = (project.parent / "model.keras.card.md").read_text("utf-8")
    assert "| `Net_weight_kg` | Net weight (kg) | float32 (n, 1) |" in text
    assert "### price" in text
