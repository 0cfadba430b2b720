"""What a script reads of a table, and how it splits it, is what the studio does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas_stand_in
import pytest
from tiny import layer
from tiny_features import connected
from workbooks import write_xlsx

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, node
from dlstudio.document.plan import DataRecipe, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.codegen.script import script
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training import schedules

CATALOG = Catalog.load()
NUMBER, CATEGORY, DATE, SETS = (
    f"dlstudio.features.{name}" for name in ("number", "category", "date", "categories")
)
REGRESSION = Spec("dlstudio.heads.regression")
MULTI_LABEL = Spec("dlstudio.heads.multi_label")


def _feature(kind: str, **params: Any) -> Feature:
    return Feature(kind, "", FrozenMap(params))


def _project(
    path: Path,
    features: Mapping[str, Feature],
    head: Spec,
    source: Mapping[str, Any] | None = None,
    **recipe: Any,
) -> Project:
    """The last feature is predicted from the others."""
    *names, target = features
    nodes = []
    for number, name in enumerate(names):
        text = features[name].kind == CATEGORY
        dtype = "string" if text else "float32"
        nodes.append(node(f"in_{number}", INPUT, shape=(1,), dtype=dtype))
    joined = len(names) > 1
    nodes += [layer("join", "Concatenate")] * joined
    nodes.append(layer("out", "Dense", units=3))
    after = "join" if joined else "out"
    links = [(f"in_{number}", after) for number in range(len(names))]
    links += [("join", "out")] * joined
    inputs = tuple(
        InputBinding(name, MODEL, f"in_{number}") for number, name in enumerate(names)
    )
    spec = Spec(
        "dlstudio.sources.table", FrozenMap({"path": str(path), **(source or {})})
    )
    losses = {REGRESSION: "MeanSquaredError", MULTI_LABEL: "BinaryCrossentropy"}
    loss = losses.get(head, "SparseCategoricalCrossentropy")
    return Project(
        "Table",
        data=DataRecipe(source=spec, features=FrozenMap(features), **recipe),
        inputs=inputs,
        outputs=(OutputBinding(target, head, output="out"),),
        plan=TrainingPlan(loss=Spec(f"keras.losses.{loss}"), metrics=()),
    ).with_graph(MODEL, connected(nodes, links))


CLASSIFICATION = Spec("dlstudio.heads.classification")
RANDOM = np.random.default_rng(9)
GRADES = "\n".join(
    f"{RANDOM.integers(1, 4)};{RANDOM.normal():.3f}" for _row in range(37)
)
TAGS = "\n".join(
    f"{RANDOM.normal():.2f},{'|'.join(n for n in 'pqr' if RANDOM.random() < 0.4)}"
    for _row in range(41)
)
SEEN = ["", "2020-01-11", "2020-02-29", "later", "2019-12-24"]
DATES = "born,seen,age\n" + "\n".join(
    f"{day}/{1 + day % 12}/20{day:02} 1{day % 9}:30,{SEEN[day % 5]},{day}"
    for day in range(1, 29)
)
CASES: Mapping[str, tuple[str, str, Mapping[str, Feature], Spec, dict[str, Any]]] = {
    "words that say that there is nothing": (
        "grade,size,kind\n1,3.5,a\n2,N/A,b\n?,4,null\nNA,x,a\n3,inf,b\n1,2,a\n2,5,b\n",
        "utf-8",
        {
            "grade": _feature(CATEGORY),
            "size": _feature(NUMBER),
            "kind": _feature(CATEGORY),
        },
        CLASSIFICATION,
        {"split": Split(validation=0.4, test=0.5)},
    ),
    "a header twice, and rows of other lengths": (
        "size,kind\n1,a\n2\n3,b\nsize,kind\n4,a,what\n,b\n6,a\n7,b\n8,a\n",
        "utf-8",
        {"size": _feature(NUMBER), "kind": _feature(CATEGORY)},
        CLASSIFICATION,
        {"changed": FrozenMap({"5": FrozenMap({"size": "2.5"})})},
    ),
    "no header, no strata, another seed": (
        GRADES,
        "utf-8",
        {"column 2": _feature(NUMBER), "column 1": _feature(CATEGORY)},
        CLASSIFICATION,
        {"split": Split(stratify=False, seed=-5)},
    ),
    "tenths of a number, and an encoding": (
        "größe;preis\n" + GRADES,
        "cp1252",
        {"größe": _feature(CATEGORY), "preis": _feature(NUMBER)},
        REGRESSION,
        {"split": Split(seed=11)},
    ),
    "rare labels first, and blank lines": (
        "size,tags\n" + TAGS.replace("\n", "\n\n,\n", 3),
        "utf-8",
        {"size": _feature(NUMBER, missing="drop"), "tags": _feature(SETS)},
        MULTI_LABEL,
        {"leave_out": ("7", "8")},
    ),
    "dates with gaps, and rows without them": (
        DATES,
        "utf-8",
        {
            "born": _feature(DATE, order="day_first", representation="days"),
            "seen": _feature(DATE, missing="drop", representation="days"),
            "age": _feature(NUMBER),
        },
        REGRESSION,
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_and_splits_are_those_of_the_studio(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, encoding, features, head, recipe = CASES[name]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding)
    project = _project(path, features, head, **recipe)
    space = _run(ProjectScripts(CATALOG).write(project, tmp_path).text, monkeypatch)
    token = StopSource().token
    prepared = prepare_project(project, tmp_path, CATALOG, None, token)

    table = space["read_table"]()
    assert [str(number) for number in table.index] == list(prepared.ids)
    splits = space["split_rows"](table)
    for split, rows in prepared.splits.items():
        assert splits[split].tolist() == rows.tolist(), split
    given = space["prepare"](table, splits["train"])
    *names, target = features
    for name in names:
        ours, theirs = prepared.rows[name], given[0][name]
        if features[name].kind == CATEGORY:
            known = ["[UNK]", "", *prepared.fitted[name]["names"]]
            theirs = [known.index(x) - 2 if x in known else -2 for x in theirs]
        np.testing.assert_allclose(theirs, ours, rtol=1e-6, err_msg=name)
    np.testing.assert_allclose(given[1][target], prepared.rows[target], rtol=1e-6)


def _run(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setitem(sys.modules, "pandas", pandas_stand_in.module())
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), space)
    return space


SCHEDULES = (
    ("Constant", {"warmup_epochs": 1.5}),
    ("Step", {"every_epochs": 2, "factor": 0.3}),
    ("Exponential", {"factor": 0.8}),
    ("Cosine", {}),
    ("Cosine", {"warmup_epochs": 2.0, "final": 0.1}),
    ("OneCycle", {}),
)


@pytest.mark.parametrize(("name", "params"), SCHEDULES, ids=str)
def test_schedules_are_those_of_the_studio(
    name: str,
    params: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x;y\n" + GRADES, "utf-8")
    features = {"y": _feature(NUMBER), "x": _feature(CATEGORY)}
    project = _project(path, features, CLASSIFICATION)
    spec = Spec(f"dlstudio.schedules.{name}", FrozenMap(params))
    plan = TrainingPlan(schedule=spec, epochs=8, metrics=())
    project = replace(project, plan=plan)
    space = _run(ProjectScripts(CATALOG).write(project, tmp_path).text, monkeypatch)
    places = np.linspace(0, 7.99, 50)
    wanted = getattr(schedules, name)(**params).factors(places, 8)
    found = [space["rate_factor"](float(place)) for place in places]
    np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_a_table_that_is_not_there_leaves_the_model_and_says_so(tmp_path: Path) -> None:
    features = {"x": _feature(NUMBER), "y": _feature(NUMBER)}
    project = _project(tmp_path / "gone.csv", features, REGRESSION)
    scripts = ProjectScripts(CATALOG)
    text = scripts.write(project, tmp_path).text
    assert "gone.csv" in text
    assert "def read_table" not in text
    assert "def build_model" in text

    (tmp_path / "gone.csv").write_text("x,y\n1,2\n2,3\n3,4\n4,5\n", "utf-8")
    assert "def read_table" in scripts.write(project, tmp_path).text


def test_an_image_model_is_written_as_before(tmp_path: Path) -> None:
    nodes = [node("image", INPUT, shape=(4, 4, 1)), layer("out", "Flatten")]
    project = Project().with_graph(MODEL, connected(nodes, [("image", "out")]))
    written = ProjectScripts(CATALOG).write(project, tmp_path)
    assert written == script(project, CATALOG)


@pytest.mark.parametrize("description", FEATURES, ids=lambda each: each.name)
def test_every_feature_type_writes_its_lines(description: Description) -> None:
    assert callable(load_tensor_feature(description).script)


def test_titles_above_the_header_of_a_sheet_are_skipped(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    rows = [["Flats"], [], ["size ", "kind", "kind"]]
    rows += [[number, "ab"[number % 2], "c"] for number in range(1, 9)]
    path = write_xlsx(tmp_path / "flats.xlsx", {"About": [], "Data": rows})
    features = {"size": _feature(NUMBER), "kind": _feature(CATEGORY)}
    project = _project(path, features, CLASSIFICATION)
    text = ProjectScripts(CATALOG).write(project, tmp_path).text
    assert 'sheet_name="Data",\n        skiprows=2,\n        header=0,' in text
    assert 'names=["size", "kind", "kind (2)"]' in text
