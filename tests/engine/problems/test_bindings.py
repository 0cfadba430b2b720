"""Features against the inputs and outputs of a model; each fix makes it right."""

from __future__ import annotations

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
