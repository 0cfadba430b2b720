"""Scripts of tables: run by themselves, they train the model that the studio trains."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas_stand_in
import pytest
import tensorflow as tf
from photo_tables import photo_table
from tiny import layer
from tiny_features import connected

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.open_source import open_source
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, node
from dlstudio.document.plan import DataRecipe, EarlyStopping, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.prediction.feature_model import FeatureModel, load_feature_model
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
ROWS = 60
REGRESSION = Spec("dlstudio.heads.regression")


@pytest.fixture(autouse=True)
def pandas(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "pandas", pandas_stand_in.module())
    return


def _feature(kind: str, **params: Any) -> Feature:
    return Feature(f"dlstudio.features.{kind}", "", FrozenMap(params))


def _spec(kind: str, **params: Any) -> Spec:
    return Spec(kind, FrozenMap(params))


def _project(
    path: Path,
    graph: Any,
    features: Mapping[str, Feature],
    inputs: Mapping[str, str],
    outputs: tuple[OutputBinding, ...],
    plan: TrainingPlan,
    **recipe: Any,
) -> Project:
    params = {"path": str(path), **recipe.pop("source", {})}
    source = Spec("dlstudio.sources.table", FrozenMap(params))
    data = DataRecipe(source=source, features=FrozenMap(features), **recipe)
    bound = tuple(InputBinding(name, MODEL, id) for name, id in inputs.items())
    project = Project(path.stem, data=data, inputs=bound, outputs=outputs, plan=plan)
    return project.with_graph(MODEL, graph)


def numbers_to_class(folder: Path) -> Project:
    """Semicolons, decimal commas, a unit, gaps; changed, moved and left out rows."""
    random = np.random.default_rng(1)
    rows = ["width;price;sold"]
    for number in range(ROWS):
        width = random.normal()
        price = f"{1000 + 90 * random.normal():,.1f} €".replace(",", " ")
        price = "" if number % 9 == 0 else price.replace(".", ",")
        sold = "yes" if width + random.normal() / 3 > 0.4 else "no"
        rows.append(f"{width:.2f};{price};{sold}".replace(".", ","))
    rows[7] = rows[7].replace("€", "EUR")
    path = folder / "flats.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    nodes = [
        node("width", INPUT, shape=(1,)),
        node("price", INPUT, shape=(1,)),
        layer("both", "Concatenate"),
        layer("normalize", "Normalization"),
        layer("hidden", "Dense", units=8, activation="relu"),
        layer("drop", "Dropout", rate=0.3),
        layer("sold", "Dense", units=1, activation="sigmoid"),
    ]
    links = [("width", "both"), ("price", "both"), ("both", "normalize")]
    links += [("normalize", "hidden"), ("hidden", "drop"), ("drop", "sold")]
    return _project(
        path,
        connected(nodes, links),
        {
            "width": _feature("number", decimal="comma", minimum=-1.5, maximum=1.5),
            "price": _feature("number", decimal="comma", unit="€", missing="mean"),
            "sold": _feature("category"),
        },
        {"width": "width", "price": "price"},
        (OutputBinding("sold", output="sold"),),
        TrainingPlan(
            loss=_spec("keras.losses.BinaryCrossentropy"),
            optimizer=_spec("keras.optimizers.Adam", learning_rate=0.05),
            schedule=_spec("dlstudio.schedules.Cosine", warmup_epochs=1.0),
            metrics=(_spec("dlstudio.metrics.accuracy"), _spec("dlstudio.metrics.auc")),
            class_weights="balanced",
            epochs=3,
            batch_size=16,
            seed=7,
        ),
        split=Split(seed=3),
        leave_out=("5", "900"),
        changed=FrozenMap({"3": FrozenMap({"width": "0,25", "sold": "yes"})}),
        moved=FrozenMap({"8": "test", "9": "validation"}),
    )


def texts_to_number(folder: Path) -> Project:
    """Names, some of them missing, and dates, to a number; layers of many kinds."""
    random = np.random.default_rng(2)
    rows = ["city,kind,built,price"]
    for number in range(ROWS):
        city = ("Rome", " Oslo", "N/A", "北京")[random.integers(4)]
        kind = ("house", "flat", "")[random.integers(3)]
        built = f"{random.integers(1, 29):02}.{random.integers(1, 13):02}.1990"
        built = "" if number % 11 == 0 else built
        price = 100 + 20 * random.normal() + 30 * (kind == "house")
        rows.append(f"{city},{kind},{built},{price:.2f}")
    rows[10] = rows[10].rpartition(",")[0] + ",unknown"
    rows[20] = rows[20].replace(".1990", ". Mai 1990").replace(".05. ", ". ")
    path = folder / "houses.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8-sig")
    nodes = [
        node("city", INPUT, shape=(1,), dtype="string"),
        node("kind", INPUT, shape=(1,), dtype="string"),
        node("built", INPUT, shape=(8,)),
        layer("city_lookup", "StringLookup"),
        layer("city_vector", "Embedding", input_dim=6, output_dim=3),
        layer("city_row", "Flatten"),
        layer("kind_lookup", "StringLookup", output_mode="one_hot"),
        layer("scaled", "Normalization"),
        layer("bins", "Discretization", num_bins=4, output_mode="multi_hot"),
        layer("join", "Concatenate"),
        layer("price", "Dense", units=1),
    ]
    links = [("city", "city_lookup"), ("city_lookup", "city_vector")]
    links += [("city_vector", "city_row"), ("kind", "kind_lookup")]
    links += [("built", "scaled"), ("scaled", "bins"), ("city_row", "join")]
    links += [("kind_lookup", "join"), ("scaled", "join"), ("bins", "join")]
    links += [("join", "price")]
    return _project(
        path,
        connected(nodes, links),
        {
            "city": _feature("category", missing="most_frequent"),
            "kind": _feature("category"),
            "built": _feature("date", order="day_first"),
            "price": _feature("number"),
        },
        {"city": "city", "kind": "kind", "built": "built"},
        (OutputBinding("price", REGRESSION, output="price", weight=0.1),),
        TrainingPlan(
            loss=_spec("keras.losses.Huber", delta=5.0),
            optimizer=_spec("keras.optimizers.Adam", learning_rate=0.5),
            schedule=_spec("dlstudio.schedules.OnPlateau", patience=1),
            metrics=(_spec("dlstudio.metrics.mae"), _spec("dlstudio.metrics.r2")),
            early_stopping=EarlyStopping("val_mae", patience=1),
            epochs=6,
            batch_size=8,
        ),
    )


def two_outputs(folder: Path) -> Project:
    """A class and a number, in the splits of the table; labels and numbers enter."""
    random = np.random.default_rng(4)
    rows = ["tags,size,part,species,model"]
    for number in range(ROWS):
        size = random.normal()
        tags = "|".join(name for name in "abc" if random.random() < 0.4)
        species = ("ant", "bee", "cow")[int(np.clip(size + 1, 0, 2))]
        part = ("train", "train", "train", "val", "test")[number % 5]
        rows.append(f"{tags},{size:.3f},{part},{species},{3 * size + 40:.3f}")
    path = folder / "animals.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    nodes = [
        node("tags_in", INPUT, shape=(3,)),
        node("size_in", INPUT, shape=(1,)),
        layer("join", "Concatenate"),
        layer("hidden", "Dense", units=6, activation="tanh"),
        layer("kind", "Dense", units=3),
        layer("heavy", "Dense", units=1),
    ]
    links = [("tags_in", "join"), ("size_in", "join"), ("join", "hidden")]
    links += [("hidden", "kind"), ("hidden", "heavy")]
    logits = "keras.losses.SparseCategoricalCrossentropy"
    return _project(
        path,
        connected(nodes, links),
        {
            "tags": _feature("categories", separator="|"),
            "size": _feature("number"),
            "species": _feature("category"),
            "model": _feature("number"),
        },
        {"tags": "tags_in", "size": "size_in"},
        (
            OutputBinding(
                "species",
                output="kind",
                loss=_spec(logits, from_logits=True),
                metrics=(_spec("dlstudio.metrics.accuracy"),),
            ),
            OutputBinding(
                "model",
                REGRESSION,
                output="heavy",
                loss=_spec("keras.losses.MeanSquaredError"),
                weight=0.01,
                metrics=(_spec("dlstudio.metrics.mae"),),
            ),
        ),
        TrainingPlan(
            optimizer=_spec("keras.optimizers.SGD", learning_rate=0.1, momentum=0.9),
            early_stopping=EarlyStopping("val_model_mae", patience=2),
            class_weights="custom",
            class_weight=FrozenMap({"bee": 3.0}),
            epochs=4,
            batch_size=10,
        ),
        source={"split_column": "part"},
        split=Split(mode="folders"),
    )


def image_to_number(folder: Path) -> Project:
    """Images of a table, one of them lost, one damaged, and a number, to a number."""
    path = photo_table(folder, 24, lost=(5,))
    torn = folder / "photos" / "7.png"
    torn.write_bytes(torn.read_bytes()[:80])
    nodes = [
        node("photo", INPUT, shape=(8, 8, 3)),
        node("extra", INPUT, shape=(1,)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("flat", "Flatten"),
        layer("number", "Normalization"),
        layer("join", "Concatenate"),
        layer("glow", "Dense", units=1),
    ]
    links = [("photo", "scale"), ("scale", "flat"), ("extra", "number")]
    links += [("flat", "join"), ("number", "join"), ("join", "glow")]
    return _project(
        path,
        connected(nodes, links),
        {
            "photo": _feature("image"),
            "extra": _feature("number"),
            "glow": _feature("number"),
        },
        {"photo": "photo", "extra": "extra"},
        (OutputBinding("glow", REGRESSION, output="glow"),),
        TrainingPlan(
            loss=_spec("keras.losses.MeanSquaredError"),
            metrics=(_spec("dlstudio.metrics.rmse"),),
            epochs=2,
            batch_size=4,
        ),
    )


PROJECTS = (numbers_to_class, texts_to_number, two_outputs, image_to_number)


def _trained(project: Project, folder: Path) -> Run:
    token = StopSource().token
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    run = Trainer(
        project, folder, CATALOG, lambda event: None, token, dependencies
    ).train()
    assert run.outcome == "succeeded", run.record.message
    return run


@pytest.mark.parametrize("make", PROJECTS, ids=lambda make: make.__name__)
def test_a_script_trains_the_model_that_the_studio_trains(
    make: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make(tmp_path)
    text = ProjectScripts(CATALOG).write(project, tmp_path).text
    lines = [line for line in text.splitlines() if not line.startswith("TABLE")]
    assert max(map(len, lines)) <= 88
    run = _trained(project, tmp_path)
    ours = load_feature_model(run, CATALOG)

    monkeypatch.chdir(tmp_path)
    keras.utils.clear_session()
    (tmp_path / "program.py").write_text(text, "utf-8")
    runpy.run_path("program.py", run_name="__main__")
    theirs = keras.saving.load_model(tmp_path / f"{project.name}.keras")
    assert [w.path for w in theirs.weights] == [w.path for w in ours.model.weights]
    for mine, other in zip(ours.model.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(other, mine, rtol=1e-3, atol=1e-4, err_msg=mine.path)
    printed = capsys.readouterr().out
    assert "Test: {" in printed

    served = tf.saved_model.load(str(tmp_path / f"{project.name}_savedmodel"))
    signature = served.signatures["serving_default"]
    takes = signature.structured_input_signature[1]
    assert set(takes) == set(ours.inputs)
    cells = _cells(project, tmp_path)
    given = {name: tf.constant(_raw(ours, name, cells[name])) for name in takes}
    answers = signature(**given)
    predicted = ours.predict(ours.encode(cells))
    for output in ours.outputs:
        wanted = output.head_type.tensors(
            tf.constant(predicted[output.name]), output.fitted, output.from_logits
        )
        for kind, value in wanted.items():
            name = output.name if kind == "value" else f"{output.name}_{kind}"
            np.testing.assert_allclose(answers[name], value, rtol=1e-3, atol=1e-3)


def _cells(project: Project, folder: Path) -> dict[str, Cells]:
    """The first rows of the table, as they stand there."""
    columns = open_source(project.data.source, CATALOG, folder).columns
    return {name: columns[name].take(np.arange(5)) for name in project.data.features}


def _raw(model: FeatureModel, name: str, cells: Cells) -> Any:
    feature = model.feature(name)
    tensor_feature = load_tensor_feature(CATALOG[feature.kind])
    return tensor_feature.raw(cells, model.fitted[name], feature)
