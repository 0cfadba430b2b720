"""Templates for images: sized to the data, drawn in order, and built by Keras."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import image_spec
from dlstudio.document.project import Project, reconstructs_images
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

CATALOG = Catalog.load()
SHAPES = ShapeInference()
NAMES = ("digits-cnn", "image-cnn", "image-mlp", "image-resnet")
RECONSTRUCTING = ("image-autoencoder", "image-vae")
SOURCE = Spec("dlstudio.sources.folder", FrozenMap({"path": "pictures"}))

BRIEFS = st.builds(
    TemplateContext,
    name=st.just("it"),
    source=st.just(SOURCE),
    classes=st.integers(2, 300),
    samples=st.integers(4, 10**6),
    height=st.integers(1, 5000),
    width=st.integers(1, 5000),
    varying=st.booleans(),
    channels=st.sampled_from([1, 3]),
    has_several_labels=st.booleans(),
    has_splits=st.booleans(),
)


def made(name: str, context: TemplateContext) -> Project:
    return make_project(CATALOG.find("templates", name), context)


def dataset(context: TemplateContext) -> DatasetStatistics:
    return DatasetStatistics(
        classes=context.classes,
        has_several_labels=context.has_several_labels,
        height=None if context.varying else context.height,
        width=None if context.varying else context.width,
        channels=context.channels,
        samples=context.samples,
    )


def test_there_is_a_template_for_each_name() -> None:
    images = {e.name for e in CATALOG.family("templates") if e.category == "images"}
    assert images == {*NAMES, *RECONSTRUCTING, "image-transfer"}


@pytest.mark.parametrize(
    "context",
    [
        TemplateContext("small", SOURCE, 2, 22, 28, 28, channels=1),
        TemplateContext("photos", SOURCE, 7, 900, 375, 500, varying=True),
        TemplateContext("tags", SOURCE, 5, 5000, 224, 224, has_several_labels=True),
    ],
    ids=lambda context: context.name,
)
def test_a_pretrained_network_is_frozen_and_only_lacks_its_weights(
    context: TemplateContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    project = made("image-transfer", context)
    backbone = project.model.nodes["backbone"]
    assert backbone.frozen and image_spec(project.model).shape == (224, 224, 3)
    (missing,) = check(project, CATALOG, SHAPES, dataset(context))
    assert missing.code == "backbone-weights"
    trained = SHAPES.infer(project.model, CATALOG)
    parameters = sum(each.cost.trainable for each in trained.values())
    assert parameters == 577 * context.classes


@pytest.mark.parametrize("name", RECONSTRUCTING)
@settings(max_examples=25, deadline=None)
@given(context=BRIEFS, latent=st.integers(0, 300))
def test_images_of_any_size_are_reconstructed_in_their_size(
    name: str, context: TemplateContext, latent: int
) -> None:
    context = replace(context, latent=latent)
    project = made(name, context)
    assert project_from_json(project_to_json(project)) == project
    assert reconstructs_images(project)
    graph, spec = project.model, image_spec(project.model)
    assert spec.channels == context.channels
    (output,) = graph.output_ids()
    shapes = SHAPES.infer(graph, CATALOG, project.graphs)
    assert shapes[output].outputs[0].shape[1:] == spec.shape
    (size,) = shapes["latent"].outputs[0].shape[1:]
    assert size == latent if latent else 2 <= size <= 32
    assert {group.name for group in graph.groups} == {"encoder", "decoder"}
    found = check(project, CATALOG, SHAPES, dataset(context), fixes=False)
    codes = {each.code for each in found if each.severity != "hint"}
    assert codes <= {"memory-tight", "memory-exceeded", "few-samples", "enlarged"}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(context=BRIEFS)
def test_every_context_gives_a_sound_project(
    name: str, context: TemplateContext
) -> None:
    project = made(name, context)
    assert project_from_json(project_to_json(project)) == project
    graph = project.model
    order, on_cycles = graph.order()
    assert not on_cycles and len(order) == len(graph.nodes)
    assert [node.id for node in graph.inputs] == ["image"]
    assert graph.output_ids() == ("head",)
    spec = image_spec(graph)
    assert 4 <= min(spec.height, spec.width) <= max(spec.height, spec.width) <= 5000
    if name != "digits-cnn":
        assert spec.channels == context.channels
        assert graph.nodes["head"].params["units"] == context.classes
        assert project.data.source == SOURCE
        assert project.head.endswith("multi_label") == context.has_several_labels
        assert (project.data.split.mode == "folders") == context.has_splits


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "context",
    [
        TemplateContext("small", SOURCE, 2, 22, 28, 28, channels=1),
        TemplateContext("photos", SOURCE, 7, 900, 375, 500, varying=True),
        TemplateContext("tags", SOURCE, 5, 5000, 64, 48, has_several_labels=True),
    ],
    ids=lambda context: context.name,
)
def test_templates_have_no_problems(name: str, context: TemplateContext) -> None:
    project = made(name, context)
    if name == "digits-cnn":
        context = TemplateContext("digits", SOURCE, 10, 1797, 8, 8, channels=1)
    found = check(project, CATALOG, SHAPES, dataset(context))
    assert [each for each in found if each.severity != "hint"] == []


@pytest.mark.parametrize("name", NAMES)
def test_models_answer_with_one_probability_for_each_class(name: str) -> None:
    project = made(name, TemplateContext("it", SOURCE, 10, 100, 12, 40, varying=True))
    spec = image_spec(project.model)
    model = build(project, CATALOG)
    scores = np.asarray(model(np.zeros((2, *spec.shape), np.float32)))
    assert scores.shape == (2, 10)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)


def test_nodes_stand_below_each_other_and_beside_where_they_branch() -> None:
    graph = made("image-resnet", TemplateContext("it", SOURCE)).model
    for edge in graph.edges:
        above, below = graph.nodes[edge.source], graph.nodes[edge.target]
        assert below.position[1] > above.position[1]
    places = [node.position for node in graph.nodes.values()]
    assert len(set(places)) == len(places)


def test_residual_shortcuts_are_additions_of_two() -> None:
    graph = made("image-resnet", TemplateContext("it", SOURCE)).model
    adds = [n.id for n in graph.nodes.values() if n.kind == "keras.layers.Add"]
    assert len(adds) >= 3
    assert all([e.target_port for e in graph.into(id)] == [0, 1] for id in adds)


def test_grey_images_are_not_mirrored() -> None:
    kinds = [
        {
            n.kind
            for n in made(
                "image-cnn", TemplateContext("it", SOURCE, channels=c)
            ).model.nodes.values()
        }
        for c in (1, 3)
    ]
    assert [("keras.layers.RandomFlip" in found) for found in kinds] == [False, True]


@pytest.mark.parametrize(
    ("names", "mirrored"),
    [
        (("cat", "dog"), True),
        (("left", "right"), False),
        (("左转", "右转"), False),
        (("up", "down"), True),
        (("a", "b"), False),
    ],
)
def test_opposite_classes_are_not_mirrored(
    names: tuple[str, ...], mirrored: bool
) -> None:
    project = made(
        "image-cnn", TemplateContext("it", SOURCE, len(names), class_names=names)
    )
    kinds = {each.kind for each in project.model.nodes.values()}
    assert ("keras.layers.RandomFlip" in kinds) == mirrored


def test_a_graph_builder_numbers_repeated_names() -> None:
    builder = GraphBuilder()
    builder.add("image", "InputLayer", shape=(4, 4, 1))
    builder.add("conv", "Conv2D", filters=1, kernel_size=(1, 1))
    builder.add("conv", "Conv2D", filters=1, kernel_size=(1, 1))
    graph = builder.graph()
    assert list(graph.nodes) == ["image", "conv_1", "conv_2"]
    assert [(edge.source, edge.target) for edge in graph.edges] == [
        ("image", "conv_1"),
        ("conv_1", "conv_2"),
    ]
