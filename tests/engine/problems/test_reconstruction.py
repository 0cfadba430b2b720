"""Models that give back their input: what is wrong with them, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import FACTS, FLATTEN, conv, dense, layer, spec

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetHead
from dlstudio.document.graph import Node
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project, is_image_model, reconstructs_images
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference
from tests.support.small_autoencoders import last_layer, reconstructing

CATALOG = Catalog.load()
SHAPES = ShapeInference()
POOL = layer("p", "MaxPooling2D")
ONE_CLASS = replace(FACTS, classes=1, class_names=("all",), counts=(1000,))


def problems(project: Project, facts: object = FACTS) -> tuple[Problem, ...]:
    return check(project, CATALOG, SHAPES, facts)


def codes(project: Project, facts: object = FACTS) -> set[str]:
    return {each.code for each in problems(project, facts)}


@pytest.mark.parametrize(
    "facts", [FACTS, ONE_CLASS, replace(FACTS, has_several_labels=True)]
)
def test_classes_do_not_matter(facts: object) -> None:
    assert (
        codes(reconstructing(conv("c", padding="same"), last_layer()), facts) == set()
    )


@pytest.mark.parametrize(
    ("middle", "label"),
    [
        ((FLATTEN, dense("d", 144)), "Append Reshape"),
        ((FLATTEN, dense("d", 10)), "Append Dense, Reshape"),
        ((last_layer(filters=3),), "Set filters of last to 1"),
        ((layer("pad", "ZeroPadding2D"), last_layer()), "Append Cropping2D"),
        ((layer("p", "MaxPooling2D"), last_layer()), "Append Resizing"),
        (
            (layer("p", "MaxPooling2D"), last_layer(filters=2)),
            "Append Resizing, Conv2D",
        ),
    ],
)
def test_another_shape_has_a_fix_that_fits(
    middle: tuple[Node, ...], label: str
) -> None:
    made = reconstructing(*middle)
    (found,) = [e for e in problems(made) if e.code == "reconstruction-shape"]
    assert found.severity == "error" and "12 × 12 × 1" in found.message
    assert found.fixes[0].label == label
    for edit in found.fixes[0].edits:
        made = edit.apply(made)
    assert "reconstruction-shape" not in codes(made)


@pytest.mark.parametrize(
    ("activation", "loss", "wrong"),
    [
        ("sigmoid", "BinaryCrossentropy", False),
        ("linear", "MeanSquaredError", False),
        ("linear", "BinaryCrossentropy", True),
        ("softmax", "MeanSquaredError", True),
    ],
)
def test_an_activation_fits_images_and_the_loss(
    activation: str, loss: str, wrong: bool
) -> None:
    found = codes(reconstructing(last_layer(activation), loss=loss))
    assert ("reconstruction-activation" in found) == wrong


def test_logits_want_no_activation() -> None:
    logits = spec("keras.losses.BinaryCrossentropy", from_logits=True)
    for activation, wrong in (("sigmoid", True), ("linear", False)):
        made = reconstructing(last_layer(activation))
        made = replace(made, plan=replace(made.plan, loss=logits))
        assert ("reconstruction-activation" in codes(made)) == wrong


def test_losses_and_metrics_of_classes_are_refused() -> None:
    made = reconstructing(last_layer(), loss="SparseCategoricalCrossentropy")
    assert "loss-labels" in codes(made)
    metrics = (spec("dlstudio.metrics.accuracy"),)
    made = reconstructing(last_layer())
    made = replace(made, plan=replace(made.plan, metrics=metrics))
    assert "metric-misfit" in codes(made)


def test_a_project_changes_from_classes_to_its_input_and_back() -> None:
    classes = SetHead.of(CATALOG["dlstudio.heads.classification"])
    images = SetHead.of(CATALOG["dlstudio.heads.reconstruction"])
    before = classes.apply(Project())
    made = images.apply(before)
    assert made.output.feature == "image" and reconstructs_images(made)
    assert not is_image_model(made)
    again = classes.apply(made)
    assert again.output.feature == "label" and is_image_model(again)
    assert again == before
