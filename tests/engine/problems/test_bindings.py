"""Features against the inputs and outputs of a model; each fix makes it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Edge, Graph, node
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.script import script
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG = Catalog.load()
NODES = (
    node("age", "keras.layers.InputLayer", shape=(1,)),
    node("city", "keras.layers.InputLayer", shape=(1,), dtype="string"),
    node("lookup", "keras.layers.StringLookup", vocabulary=("Rome", "Oslo")),
    node("embed", "keras.layers.Embedding", input_dim=3, output_dim=2),
    node("flat", "keras.layers.Flatten"),
    node("both", "keras.layers.Concatenate"),
    node("hidden", "keras.layers.Dense", units=4, activation="relu"),
    node("price", "keras.layers.Dense", units=1),
    node("bought", "keras.layers.Dense", units=2, activation="softmax"),
)
EDGES = (
    Edge("city", "lookup"),
    Edge("lookup", "embed"),
    Edge("embed", "flat"),
    Edge("age", "both"),
    Edge("flat", "both", 0, 1),
    Edge("both", "hidden"),
    Edge("hidden", "price"),
    Edge("hidden", "bought"),
)
NUMBER, CATEGORY = "dlstudio.features.number", "dlstudio.features.category"
INPUTS = (InputBinding("age", MODEL, "age"), InputBinding("city", MODEL, "city"))
OUTPUTS = (
    OutputBinding("bought", output="bought"),
    OutputBinding(
        "price",
        Spec("dlstudio.heads.regression"),
        output="price",
        loss=Spec("keras.losses.MeanSquaredError"),
        metrics=(),
    ),
)
GOOD = Project(
    graphs=FrozenMap({MODEL: Graph(FrozenMap((n.id, n) for n in NODES), EDGES)}),
    data=DataRecipe(
        features=FrozenMap(
            {
                "age": Feature(NUMBER),
                "city": Feature(CATEGORY),
                "bought": Feature(CATEGORY),
                "price": Feature(NUMBER),
            }
        )
    ),
    inputs=INPUTS,
    outputs=OUTPUTS,
    plan=TrainingPlan(),
)


def with_param(project: Project, id: str, name: str, value: object) -> Project:
    nodes = project.model.nodes
    changed = nodes[id].params.set(name, value)
    graph = project.model.with_nodes([replace(nodes[id], params=changed)])
    return project.with_graph(MODEL, graph)


def errors(project: Project) -> list[Problem]:
    found = check(project, CATALOG, ShapeInference())
    return [each for each in found if each.severity == "error"]


def test_two_inputs_and_two_outputs_are_right() -> None:
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("project", "code"),
    [
        (replace(GOOD, inputs=INPUTS[:1]), "empty-input"),
        (
            replace(GOOD, inputs=(*INPUTS, InputBinding("price", MODEL, "x"))),
            "lost-input",
        ),
        (
            replace(GOOD, inputs=(*INPUTS, InputBinding("x", MODEL, "age"))),
            "lost-input",
        ),
        (with_param(GOOD, "age", "shape", (3,)), "feature-input"),
        (with_param(GOOD, "city", "shape", (2,)), "feature-input"),
        (
            replace(GOOD, outputs=(*OUTPUTS, OutputBinding("age", output="gone"))),
            "lost-output",
        ),
    ],
)
def test_what_does_not_fit_is_said_and_fixed(project: Project, code: str) -> None:
    found = [each for each in errors(project) if each.code == code]
    assert found, errors(project)
    fix = found[0].fixes[0]
    for edit in fix.edits:
        project = edit.apply(project)
    assert [each for each in errors(project) if each.code == code] == []


def test_an_output_that_predicts_nothing_is_an_error() -> None:
    project = replace(GOOD, outputs=OUTPUTS[:1])
    assert {each.code for each in errors(project)} == {"unbound-output"}


def test_rows_that_are_left_out_are_reported_and_can_be_excluded() -> None:
    dataset = DatasetStatistics(
        samples=8, source=GOOD.data.source, unusable=(("3", "No age."),)
    )

    def found(project: Project) -> list[Problem]:
        problems = check(project, CATALOG, ShapeInference(), dataset)
        return [each for each in problems if each.code == "unusable-rows"]

    (problem,) = found(GOOD)
    assert "1 of 9" in problem.message and "3" in problem.message
    (edit,) = problem.fixes[0].edits
    assert found(edit.apply(GOOD)) == []


def test_a_script_has_a_loss_for_each_output() -> None:
    text = script(GOOD, CATALOG).text
    compile(text, "script.py", "exec")
    assert '"bought": keras.losses.SparseCategoricalCrossentropy()' in text
    assert '"price": keras.losses.MeanSquaredError()' in text
    assert "loss_weights=" in text and "call adapt" in text


REGRESSION = Spec("dlstudio.heads.regression")
CLASSES = {"city": 2, "bought": 2}


def data_errors(project: Project, distinct: Mapping[str, int]) -> list[Problem]:
    dataset = DatasetStatistics(
        distinct=FrozenMap(distinct), samples=90, training=70, validation=10, test=10
    )
    found = check(project, CATALOG, ShapeInference(), dataset)
    return [each for each in found if each.severity == "error"]


def typed(kind: str, name: str) -> Project:
    """The project with another type of a feature."""
    features = GOOD.data.features.set(name, Feature(kind))
    return replace(GOOD, data=DataRecipe(features=features))


def predicting(*outputs: OutputBinding, project: Project = GOOD) -> Project:
    return replace(project, outputs=outputs)


BOUGHT, PRICE = OUTPUTS


@pytest.mark.parametrize(
    ("project", "distinct", "code", "units", "activation", "head"),
    [
        (GOOD, {"bought": 5}, "target-output", 5, "softmax", BOUGHT.head),
        (typed(NUMBER, "bought"), {}, "target-type", 1, "linear", REGRESSION),
        (
            typed(CATEGORY, "price"),
            {"price": 3},
            "target-type",
            3,
            "softmax",
            BOUGHT.head,
        ),
        (
            predicting(
                replace(BOUGHT, head=REGRESSION), PRICE, project=typed(NUMBER, "bought")
            ),
            {},
            "target-output",
            1,
            "linear",
            REGRESSION,
        ),
        (
            with_param(GOOD, "bought", "activation", "linear"),
            CLASSES,
            "target-output",
            2,
            "softmax",
            BOUGHT.head,
        ),
    ],
)
def test_the_fix_fits_the_output_to_its_feature(
    project: Project,
    distinct: dict[str, int],
    code: str,
    units: int,
    activation: str,
    head: Spec,
) -> None:
    (problem,) = data_errors(project, {**CLASSES, **distinct})
    assert problem.code == code
    fixed = project
    for edit in problem.fixes[0].edits:
        fixed = edit.apply(fixed)
    assert data_errors(fixed, {**CLASSES, **distinct}) == []
    layer = fixed.model.nodes[problem.node]
    assert (layer.params["units"], layer.params["activation"]) == (units, activation)
    changed = next(each for each in fixed.outputs if each.output == problem.node)
    assert changed.head == head


def test_nothing_can_be_predicted_of_one_class() -> None:
    assert data_errors(GOOD, CLASSES) == []
    (problem,) = data_errors(GOOD, {**CLASSES, "bought": 1})
    assert problem.code == "one-class" and "bought" in problem.message
    fixed = problem.fixes[0].edits[0].apply(GOOD)
    assert [each.feature for each in fixed.outputs] == ["price"]


def test_an_input_gets_the_layers_of_another_type() -> None:
    """A category becomes a number, and back: both fit where the branches join."""
    features = GOOD.data.features
    changed = DataRecipe(features=features.set("city", Feature(NUMBER)))
    number = replace(GOOD, data=changed)
    (problem,) = data_errors(number, CLASSES)
    assert problem.code == "feature-input" and problem.node == "city"
    for edit in problem.fixes[0].edits:
        number = edit.apply(number)
    assert data_errors(number, CLASSES) == []
    assert {"lookup", "embed", "flat"}.isdisjoint(number.model.nodes)
    again = replace(number, data=GOOD.data)
    (problem,) = data_errors(again, {**CLASSES, "city": 40})
    for edit in problem.fixes[0].edits:
        again = edit.apply(again)
    assert data_errors(again, {**CLASSES, "city": 40}) == []
    kinds = {each.kind.rpartition(".")[2] for each in again.model.nodes.values()}
    assert {"StringLookup", "Embedding", "Flatten"} < kinds


def test_a_rescaled_number_becomes_classes() -> None:
    """The layer that brings a number into its unit gives way to an activation."""
    project = typed(CATEGORY, "price")
    layer = node("euro", "keras.layers.Rescaling", scale=9.0)
    graph = project.model.with_nodes([layer])
    graph = replace(graph, edges=(*graph.edges, Edge("price", "euro")))
    outputs = (BOUGHT, replace(PRICE, output="euro"))
    project = replace(project.with_graph(MODEL, graph), outputs=outputs)
    (problem,) = data_errors(project, {**CLASSES, "price": 3})
    for edit in problem.fixes[0].edits:
        project = edit.apply(project)
    assert data_errors(project, {**CLASSES, "price": 3}) == []
    assert project.model.nodes["euro"].kind == "keras.layers.Activation"
    assert project.model.nodes["price"].params["units"] == 3
