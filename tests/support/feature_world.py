"""A table of flats, and a model with every type of input and of output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from tiny import layer, tiny_project
from tiny_features import BINARY, MULTI_LABEL, connected

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.feature_model import FeatureModel

CATALOG = Catalog.load()
ROWS = 40
CITIES = ("Rome", "Oslo", "北京", "São Paulo")
KINDS = {
    "rooms": "number",
    "Area (m²)": "number",
    "城市": "category",
    "class": "category",
    "built": "date",
    "extras": "categories",
    "price": "number",
    "sold": "category",
    "fits": "categories",
}
PARAMS: Mapping[str, dict[str, Any]] = {
    "Area (m²)": {"missing": "mean", "minimum": 10.0, "maximum": 200.0},
    "class": {"missing": "most_frequent"},
}
LOGITS = Spec(
    "keras.losses.SparseCategoricalCrossentropy", FrozenMap({"from_logits": True})
)
SQUARED = Spec("keras.losses.MeanSquaredError")
REGRESSION = Spec("dlstudio.heads.regression")


@cache
def flat_cells() -> Mapping[str, Cells]:
    """Cells of all columns, some of them blank."""
    random = np.random.default_rng(3)

    def some(names: tuple[str, ...]) -> list[str]:
        return [names[n] for n in random.integers(0, len(names), ROWS)]

    columns: dict[str, list[Any]] = {
        "rooms": random.integers(1, 9, ROWS).tolist(),
        "Area (m²)": random.normal(90, 40, ROWS).round(1).tolist(),
        "城市": some(CITIES),
        "class": some(("a", "b", "b")),
        "built": [f"19{n}-05-1{n % 9}" for n in random.integers(20, 99, ROWS)],
        "extras": some(("lift", "lift|bath", "balcony")),
        "price": random.normal(5000, 900, ROWS).tolist(),
        "sold": some(("yes", "no", "later")),
        "fits": some(("one", "one|two", "two")),
    }
    for name in ("rooms", "城市", "class", "built"):
        columns[name][::7] = [None] * len(columns[name][::7])
    return {name: Cells(pl.Series(values)) for name, values in columns.items()}


def flat_project() -> Project:
    """Six features enter the model; a number, a class and labels leave it."""
    names = {name: _id(name) for name in KINDS}
    inputs = [
        node(names["rooms"], INPUT, shape=(1,)),
        node(names["Area (m²)"], INPUT, shape=(1,)),
        node(names["城市"], INPUT, shape=(1,), dtype="string"),
        node(names["class"], INPUT, shape=(1,), dtype="string"),
        node(names["built"], INPUT, shape=(8,)),
        node(names["extras"], INPUT, shape=(3,)),
    ]
    nodes = [
        *inputs,
        layer("small", "Rescaling", scale=0.01),
        layer("days", "Rescaling", scale=1e-5),
        layer("names", "StringLookup", vocabulary=list(CITIES), output_mode="one_hot"),
        layer("letters", "StringLookup", vocabulary=["a", "b"], output_mode="one_hot"),
        layer("join", "Concatenate"),
        layer("hidden", "Dense", units=8, activation="tanh"),
        layer("drop", "Dropout", rate=0.5),
        layer("price", "Dense", units=1),
        layer("sold", "Dense", units=3),
        layer("fits", "Dense", units=2, activation="sigmoid"),
    ]
    ids = [each.id for each in inputs]
    edges = [(ids[1], "small"), (ids[2], "names"), (ids[3], "letters")]
    edges += [(ids[4], "days"), (ids[0], "join"), ("small", "join")]
    edges += [("names", "join"), ("letters", "join"), ("days", "join")]
    edges += [(ids[5], "join"), ("join", "hidden"), ("hidden", "drop")]
    edges += [("drop", "price"), ("drop", "sold"), ("drop", "fits")]
    features = {
        name: Feature(f"dlstudio.features.{kind}", "", FrozenMap(PARAMS.get(name, {})))
        for name, kind in KINDS.items()
    }
    entered = [name for name in KINDS if name not in ("price", "sold", "fits")]
    return replace(
        tiny_project(connected(nodes, edges)),
        name="Flats",
        data=DataRecipe(features=FrozenMap(features)),
        inputs=tuple(InputBinding(name, input=names[name]) for name in entered),
        outputs=(
            OutputBinding("sold", output="sold", loss=LOGITS),
            OutputBinding("price", REGRESSION, output="price", loss=SQUARED),
            OutputBinding("fits", MULTI_LABEL, output="fits", loss=BINARY),
        ),
    )


def flat_fitted(project: Project) -> dict[str, Any]:
    """What each feature learns from all rows."""
    found = {}
    for name, feature in project.data.features.items():
        feature_type = load_feature_type(CATALOG[feature.kind])
        column = feature_type.parse(flat_cells()[name], feature).column
        found[name] = feature_type.fit(column, np.arange(ROWS), feature)
    return found


def flat_model() -> FeatureModel:
    """The model, with weights that let every input matter."""
    import keras

    keras.utils.set_random_seed(5)
    project = flat_project()
    model: Any = build(project, CATALOG)
    head = model.get_layer("price")
    head.set_weights([900 * head.get_weights()[0], np.array([5000.0])])
    return FeatureModel(model, project, flat_fitted(project), CATALOG, "run")


def _id(name: str) -> str:
    return "in_" + "".join(each for each in name if each.isascii() and each.isalnum())
