"""Templates for tables: an input for each column, and an output for each target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Graph
from dlstudio.document.layout import HEIGHT, WIDTH
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.classification import CLASSIFICATION
from dlstudio.engine.heads.multi_label import MULTI_LABEL
from dlstudio.engine.heads.regression import REGRESSION
from dlstudio.engine.model.build import build
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import layer_id
from dlstudio.engine.templates.table_features import (
    InputFeature,
    TableFeatures,
    TargetFeature,
)
from dlstudio.errors import UserError

CATALOG = Catalog.load()
NAMES = ("table-mlp", "table-wide-deep")
SOURCE = Spec("dlstudio.sources.csv", FrozenMap({"path": "table.csv"}))
KINDS = NUMBER, DATE, CATEGORY, CATEGORIES = tuple(
    f"dlstudio.features.{name}" for name in ("number", "date", "category", "categories")
)


def column(name: str, feature: Feature, distinct: int = 0) -> InputFeature:
    return InputFeature.of(name, feature, distinct, CATALOG)


TARGETS = (
    TargetFeature("kind", Feature(CATEGORY), CLASSIFICATION, 4),
    TargetFeature("tags", Feature(CATEGORIES), MULTI_LABEL, 3),
    TargetFeature("price", Feature(NUMBER), REGRESSION, 0, 250_000.0, 90_000.0),
    TargetFeature("rate", Feature(NUMBER), REGRESSION, 0, 1e-4, 1e-5, outliers=True),
)

INPUTS = st.lists(
    st.builds(
        column,
        # Names that a template itself uses, and names that are none in Python.
        st.sampled_from(["a", "dense", "dense_1", "columns", "deep", "年龄", "x / y"]),
        st.sampled_from(KINDS).map(Feature),
        st.integers(1, 5000),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each.name,
)


@st.composite
def contexts(draw: st.DrawFn) -> TemplateContext:
    inputs = tuple(draw(INPUTS))
    targets = draw(st.lists(st.sampled_from(TARGETS), min_size=1, unique=True))
    names = [each.name for each in inputs if each.feature.kind == CATEGORY]
    crosses = [tuple(names[at : at + 2]) for at in range(len(names) - 1)][:2]
    table = TableFeatures(inputs, tuple(targets), tuple(crosses))
    rows = draw(st.integers(4, 10**6))
    return TemplateContext("it", SOURCE, samples=rows, table=table)


def made(name: str, context: TemplateContext) -> Project:
    return make_project(CATALOG.find("templates", name), context)


def table(*inputs: InputFeature, targets: tuple[TargetFeature, ...]) -> TemplateContext:
    return TemplateContext(
        "it", SOURCE, samples=500, table=TableFeatures(inputs, targets)
    )


def check_drawing(graph: Graph) -> None:
    """Cards stand beside and below each other, and edges lead downwards."""
    order, on_cycles = graph.order()
    assert not on_cycles and len(order) == len(graph.nodes)
    for edge in graph.edges:
        above, below = graph.nodes[edge.source], graph.nodes[edge.target]
        assert above.position[1] < below.position[1]
    places = [node.position for node in graph.nodes.values()]
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[number + 1 :]:
            assert abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60)
@given(context=contexts())
def test_every_table_gives_a_sound_project(name: str, context: TemplateContext) -> None:
    project, features = made(name, context), context.table
    assert features is not None
    assert project_from_json(project_to_json(project)) == project
    check_drawing(project.model)
    wanted = [each.name for each in features.inputs]
    assert [each.feature for each in project.inputs] == wanted
    entered = [each.input for each in project.inputs]
    assert len(set(entered)) == len(wanted)
    assert {node.id for node in project.model.inputs} == set(entered)
    assert all(id.isascii() for id in project.model.nodes)
    outputs = {each.feature: each.output for each in project.outputs}
    assert list(outputs) == [each.name for each in features.targets]
    assert set(outputs.values()) == set(project.model.output_ids())
    assert {*wanted, *outputs} == set(project.data.features)
    for target, binding in zip(features.targets, project.outputs, strict=True):
        assert binding.head.kind == target.head.kind
        described = CATALOG.find("heads", target.head.kind).extra["features"]
        assert project.data.features[target.name].kind in described


def test_a_drawing_with_cards_on_each_other_is_caught() -> None:
    graph = made("table-mlp", TemplateContext("")).model
    first, second, *_rest = graph.nodes.values()
    moved = replace(second, position=first.position)
    with pytest.raises(AssertionError):
        check_drawing(replace(graph, nodes=graph.nodes.set(second.id, moved)))


EVERY = (
    column("length", Feature(NUMBER), 90),
    column("color", Feature(CATEGORY), 3),
    column("city", Feature(CATEGORY), 200),
    column("day", Feature(DATE), 50),
    column("tags of it", Feature(CATEGORIES), 4),
)
ROWS = {
    "length": tf.constant([[1.0], [2.0]]),
    "color": tf.constant([["red"], [""]]),
    "city": tf.constant([["b"], ["?"]]),
    "day": tf.zeros((2, 8)),
    "tags of it": tf.constant([[1.0, 0, 0, 1], [0.0, 0, 0, 0]]),
}


def predicted(project: Project) -> dict[str, np.ndarray]:
    """The outputs of two rows by target, with lookups of a few names."""
    model, names = build(project, CATALOG), layer_names(project.model)
    for layer in model.layers:
        if isinstance(layer, keras.layers.StringLookup):
            layer.set_vocabulary(["", "red", "a", "b"])
    rows = {names[each.input]: ROWS[each.feature] for each in project.inputs}
    found: Any = model(rows if len(rows) > 1 else next(iter(rows.values())))
    outputs = found if isinstance(found, (list, tuple)) else [found]
    ids = project.model.output_ids()
    by_id = dict(zip(ids, outputs, strict=True))
    return {e.feature: np.asarray(by_id[e.output]) for e in project.outputs}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("crosses", [(), (("color", "city"),)])
def test_keras_builds_models_of_columns_of_all_types(
    name: str, crosses: tuple[tuple[str, str], ...]
) -> None:
    features = TableFeatures(EVERY, TARGETS, crosses)
    project = made(name, TemplateContext("it", SOURCE, samples=500, table=features))
    found = predicted(project)
    shapes = {name: each.shape for name, each in found.items()}
    assert shapes == {"kind": (2, 4), "tags": (2, 3), "price": (2, 1), "rate": (2, 1)}
    np.testing.assert_allclose(found["kind"].sum(axis=1), 1, atol=1e-5)
    assert ((found["tags"] > 0) & (found["tags"] < 1)).all()
    # Without any training, numbers are of the target's size.
    assert (np.abs(found["price"] - 250_000) < 10 * 90_000).all()
    crossed = [n for n in project.model.nodes.values() if "Hashed" in n.kind]
    assert len(crossed) == (len(crosses) if name == "table-wide-deep" else 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_single_column_needs_no_joining(name: str) -> None:
    project = made(name, table(EVERY[0], targets=TARGETS[2:3]))
    assert not any("Concat" in n.kind for n in project.model.nodes.values())
    assert predicted(project)["price"].shape == (2, 1)


def test_few_values_are_one_hot_and_many_are_embedded() -> None:
    graph = made("table-mlp", table(*EVERY[1:3], targets=TARGETS[:1])).model
    sizes = {
        node.kind.rpartition(".")[2]: dict(node.params)
        for node in graph.nodes.values()
        if node.kind.endswith(("Encoding", "Embedding"))
    }
    assert sizes["CategoryEncoding"]["num_tokens"] == 5
    assert sizes["Embedding"]["input_dim"] == 202
    assert 4 <= sizes["Embedding"]["output_dim"] <= 32


def test_the_plan_fits_the_targets() -> None:
    one = made("table-mlp", table(EVERY[0], targets=TARGETS[2:3]))
    assert one.plan.loss.kind == "keras.losses.MeanSquaredError"
    assert one.outputs[0].loss is None and one.outputs[0].weight == 1
    assert one.plan.early_stopping is not None and one.plan.early_stopping.restore_best
    assert one.plan.schedule.kind.endswith("Cosine")
    several = made("table-mlp", table(EVERY[0], targets=TARGETS))
    losses = [several.loss_of(each).kind.rpartition(".")[2] for each in several.outputs]
    assert losses == [
        "SparseCategoricalCrossentropy",
        "BinaryCrossentropy",
        "MeanSquaredError",
        "Huber",
    ]
    # A number counts as much as a class, whatever its unit is.
    weights = [each.weight for each in several.outputs]
    assert weights == pytest.approx([1, 1, 90_000.0**-2, 1e5])
    small = made("table-mlp", table(EVERY[0], targets=TARGETS[3:]))
    assert small.outputs[0].weight == pytest.approx(1e5)


def test_a_date_is_predicted_in_days_and_a_predicted_number_in_its_unit() -> None:
    graph = made("table-mlp", table(EVERY[0], targets=TARGETS[2:3])).model
    end = graph.nodes["price"]
    assert end.kind == "keras.layers.Rescaling"
    assert dict(end.params) == {"scale": 90_000.0, "offset": 250_000.0}


@pytest.mark.parametrize("name", NAMES)
def test_without_data_there_is_an_example(name: str) -> None:
    project = made(name, TemplateContext(""))
    assert len(project.inputs) == 3 and len(project.model.output_ids()) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "context",
    [
        TemplateContext("images", SOURCE),
        TemplateContext("no target", SOURCE, table=TableFeatures(EVERY, ())),
        TemplateContext("no input", SOURCE, table=TableFeatures((), TARGETS)),
    ],
    ids=lambda context: context.name,
)
def test_data_that_does_not_fit_is_refused(name: str, context: TemplateContext) -> None:
    with pytest.raises(UserError) as caught:
        made(name, context)
    assert caught.value.hint


@pytest.mark.parametrize("name", NAMES)
def test_large_units_are_learned(name: str) -> None:
    """A line through house prices, with the plan's loss and optimizer."""
    random = np.random.default_rng(0)
    area = random.uniform(30, 200, (400, 1)).astype(np.float32)
    price = 3000 * area[:, 0] + random.normal(0, 20_000, 400)
    spread = float(price.mean()), float(price.std())
    target = TargetFeature("price", Feature(NUMBER), REGRESSION, 0, *spread)
    sizes = column("area", Feature(NUMBER))
    project = made(name, table(sizes, targets=(target,)))
    keras.utils.set_random_seed(0)
    model = build(project, CATALOG)
    (scaling,) = (
        each for each in model.layers if isinstance(each, keras.layers.Normalization)
    )
    scaling.adapt(area)
    model.compile("adam", "mean_squared_error")
    model.fit(area, price, epochs=12, batch_size=16, verbose=0)
    errors = np.abs(model.predict(area, verbose=0)[:, 0] - price)
    assert errors.mean() < np.abs(price - price.mean()).mean() / 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("age", "age"),
        ("column 1", "column_1"),
        ("年龄", "column"),
        ("_price (€)", "price"),
        ("", "column"),
    ],
)
def test_layers_are_called_as_keras_allows(name: str, expected: str) -> None:
    assert layer_id(name) == expected
