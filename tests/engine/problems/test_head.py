"""Heads whose scores do not match the number of classes, and their fixes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import (
    FACTS,
    FLATTEN,
    SCALE,
    TAGGING,
    TWO,
    conv,
    dense,
    head,
    image,
    layer,
    project,
    spec,
)

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Node
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.engine.model.build import build
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG = Catalog.load()
SHAPES = ShapeInference()
POOL = layer("pool", "GlobalAveragePooling2D")
LOGITS = {"loss": spec("keras.losses.SparseCategoricalCrossentropy", from_logits=True)}
BINARY = {"loss": spec("keras.losses.BinaryCrossentropy")}
TAGS = replace(FACTS, has_several_labels=True)


def look(made: Project, dataset: DatasetStatistics) -> tuple[Problem, ...]:
    return check(made, CATALOG, SHAPES, dataset)


def fixed(made: Project, problem: Problem, number: int) -> Project:
    for edit in problem.fixes[number].edits:
        made = edit.apply(made)
    return made


CASES: dict[str, tuple[tuple[Node, ...], dict[str, object], DatasetStatistics, str]] = {
    "features of a convolution": (
        (conv("c", filters=64), POOL),
        {},
        FACTS,
        "Append Dense 10, softmax",
    ),
    "as many features as there are scores with from_logits": (
        (conv("c", filters=64), POOL),
        LOGITS,
        FACTS,
        "Append Dense 10",
    ),
    "a hidden layer": (
        (FLATTEN, dense("d", units=64, activation="relu")),
        {},
        FACTS,
        "Append Dense 10, softmax",
    ),
    "too wide a softmax": (
        (FLATTEN, head(64)),
        {},
        FACTS,
        "Set units of head to 10",
    ),
    "too wide without an activation": (
        (FLATTEN, head(64, None)),
        {},
        FACTS,
        "Set units of head to 10",
    ),
    "too wide with from_logits": (
        (FLATTEN, head(64, None)),
        LOGITS,
        FACTS,
        "Set units of head to 10",
    ),
    "one too many": ((FLATTEN, head(11)), {}, FACTS, "Set units of head to 10"),
    "too narrow": ((FLATTEN, head(7)), {}, FACTS, "Set units of head to 10"),
    "one score for ten classes": (
        (FLATTEN, head(1, "sigmoid")),
        BINARY,
        FACTS,
        "Set units of head to 10",
    ),
    "three for two": ((FLATTEN, head(3)), {}, TWO, "Set units of head to 2"),
    "features for two": (
        (conv("c"), POOL),
        BINARY,
        TWO,
        "Append Dense 2, softmax",
    ),
    "tags": (
        (FLATTEN, head(12, "sigmoid")),
        {**BINARY, "head": TAGGING},
        TAGS,
        "Set units of head to 10",
    ),
    "features for tags": (
        (conv("c", filters=64), POOL),
        {**BINARY, "head": TAGGING},
        TAGS,
        "Append Dense 10, sigmoid",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_scores_that_are_not_one_for_each_class_are_an_error(case: str) -> None:
    nodes, values, dataset, label = CASES[case]
    made = project([image(), SCALE, *nodes], **values)
    found = look(made, dataset)
    (problem,) = [p for p in found if p.severity == "error"]
    assert problem.code == "head-units"
    assert problem.fixes[0].label == label
    for number in range(len(problem.fixes)):
        mended = fixed(made, problem, number)
        assert [p for p in look(mended, dataset) if p.severity == "error"] == []
        assert build(mended, CATALOG).output_shape == (None, dataset.classes)


@pytest.mark.parametrize(
    ("end", "values", "dataset"),
    [
        (head(10), {}, FACTS),
        (head(10, None), LOGITS, FACTS),
        (head(2), {}, TWO),
        (head(1, "sigmoid"), BINARY, TWO),
        (head(10, "sigmoid"), {**BINARY, "head": TAGGING}, TAGS),
    ],
)
def test_one_score_for_each_class_is_fine(
    end: Node, values: dict[str, object], dataset: DatasetStatistics
) -> None:
    found = look(project([image(), SCALE, FLATTEN, end], **values), dataset)
    assert [p.code for p in found if p.severity == "error"] == []


REGRESSION = "dlstudio.heads.regression"
NUMBERS = DatasetStatistics(height=12, width=12, channels=1, samples=1000, training=700)
SQUARES = {
    "loss": spec("keras.losses.MeanSquaredError"),
    "metrics": (spec("dlstudio.metrics.mae"), spec("keras.metrics.R2Score")),
}


def of_numbers(*nodes: Node, **plan: object) -> Project:
    return project([image(), SCALE, *nodes], head=REGRESSION, **{**SQUARES, **plan})


def codes(made: Project, dataset: DatasetStatistics = NUMBERS) -> list[str]:
    return [each.code for each in look(made, dataset) if each.severity != "hint"]


def test_a_regression_with_one_linear_unit_is_fine() -> None:
    assert codes(of_numbers(FLATTEN, head(1, None))) == []


@pytest.mark.parametrize(
    ("nodes", "plan", "code", "label"),
    [
        (
            (FLATTEN, head(3, None)),
            {},
            "head-units",
            "Set units of head to 1",
        ),
        (
            (FLATTEN, head(1, "sigmoid")),
            {},
            "head-activation",
            "Set the activation to linear",
        ),
        (
            (FLATTEN, head(1, None)),
            {"loss": spec("keras.losses.SparseCategoricalCrossentropy")},
            "loss-labels",
            "Use MeanSquaredError",
        ),
        (
            (FLATTEN, head(1, None)),
            {"metrics": (spec("dlstudio.metrics.accuracy"),)},
            "metric-misfit",
            "Use mae instead of accuracy",
        ),
    ],
)
def test_what_does_not_fit_a_number_is_fixed(
    nodes: tuple[Node, ...], plan: dict[str, object], code: str, label: str
) -> None:
    made = of_numbers(*nodes, **plan)
    (problem,) = [p for p in look(made, NUMBERS) if p.severity != "hint"]
    assert (problem.code, problem.fixes[0].label) == (code, label)
    assert codes(fixed(made, problem, 0)) == []


def test_classes_are_no_numbers() -> None:
    made = of_numbers(FLATTEN, head(1, None))
    found = {each.code: each for each in look(made, FACTS)}
    assert found["task-labels"].severity == "error"
    assert [fix.label for fix in found["task-labels"].fixes] == [
        "Choose classification"
    ]


def test_metrics_of_numbers_are_not_for_classes() -> None:
    made = project(
        [image(), SCALE, FLATTEN, head()], metrics=(spec("dlstudio.metrics.rmse"),)
    )
    (problem,) = [p for p in look(made, FACTS) if p.code == "metric-misfit"]
    assert problem.fixes[0].label == "Remove the metric rmse"
