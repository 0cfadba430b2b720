"""Augmentation that turns one class into another: when it is reported, and fixes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from drawn import FLATTEN, SCALE, TWO, head, image, layer, project

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED, Graph, Node, node
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG, SHAPES = Catalog.load(), ShapeInference()
CODE = "mirrored-classes"
LEFT, UP, SENSE = ("left", "right"), ("up", "down"), ("clockwise", "counterclockwise")
FOUR = (*LEFT, *UP)
FLIP = {"kind": "RandomFlip"}
TURN = {"kind": "RandomRotation"}


def dataset(names: tuple[str, ...], **more: Any) -> DatasetStatistics:
    count = len(names)
    shared = {"classes": count, "class_names": names, "counts": (100,) * count}
    return replace(TWO, **shared, **more)


def found(made: Project, known: DatasetStatistics) -> list[Problem]:
    return [p for p in check(made, CATALOG, SHAPES, known) if p.code == CODE]


def augmented(names: tuple[str, ...], kind: str, **params: Any) -> Project:
    aug = layer("aug", kind, **params)
    return project([image(), SCALE, aug, FLATTEN, head(max(len(names), 2))])


@pytest.mark.parametrize(
    ("names", "params", "first"),
    [
        (LEFT, {**FLIP, "mode": "horizontal"}, "Remove aug"),
        (LEFT, FLIP, "Flip vertically only"),
        (UP, {**FLIP, "mode": "vertical"}, "Remove aug"),
        (UP, FLIP, "Flip horizontally only"),
        (FOUR, FLIP, "Remove aug"),
        (SENSE, {**FLIP, "mode": "vertical"}, "Remove aug"),
        (LEFT, {**TURN, "factor": 0.5}, "Rotate by at most 18°"),
        (LEFT, {**TURN, "factor": [-0.4, 0.0]}, "Rotate by at most 18°"),
        (FOUR, {**TURN, "factor": 0.125}, "Rotate by at most 18°"),
    ],
)
def test_is_reported_with_a_fix(
    names: tuple[str, ...], params: dict[str, Any], first: str
) -> None:
    made = augmented(names, **params)
    (problem,) = found(made, dataset(names))
    assert problem.node == "aug" and problem.severity == "warning"
    assert problem.fixes[0].label == first
    for fix in problem.fixes:
        after = made
        for edit in fix.edits:
            after = edit.apply(after)
        assert not found(after, dataset(names)), fix.label


@pytest.mark.parametrize(
    ("names", "params"),
    [
        (LEFT, {**FLIP, "mode": "vertical"}),
        (UP, {**FLIP, "mode": "horizontal"}),
        (LEFT, {**TURN, "factor": 0.2}),
        (SENSE, {**TURN, "factor": 0.5}),
        (("cat", "dog"), FLIP),
        (LEFT, {"kind": "RandomZoom", "height_factor": 0.1}),
    ],
)
def test_harmless_augmentation_is_not_reported(
    names: tuple[str, ...], params: dict[str, Any]
) -> None:
    assert not found(augmented(names, **params), dataset(names))


def test_a_layer_in_a_nested_model_is_reported_too() -> None:
    inner = Graph.chain([image(), layer("flip", "RandomFlip", mode="horizontal")])
    nested: Node = node("front", NESTED, graph="front")
    made = project([image(), SCALE, nested, FLATTEN, head(2)])
    made = replace(made, graphs=made.graphs.set("front", inner))
    (problem,) = found(made, dataset(LEFT))
    assert (problem.graph, problem.node) == ("front", "flip")


def test_images_say_it_where_names_do_not() -> None:
    known = dataset(("a1", "a2"), mirrored=FrozenMap({"across": ("a1", "a2")}))
    (problem,) = found(augmented(("a1", "a2"), **FLIP, mode="horizontal"), known)
    assert "“a1”" in problem.message and "“a2”" in problem.message
