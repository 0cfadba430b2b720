"""Problems of backbones, and their fixes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import keras
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Graph, Node, node
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG = Catalog.load()
SHAPES = ShapeInference()
SCALED = node("scale", "keras.layers.Rescaling", scale=1 / 255)


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


def project_with(
    shape: tuple[int, ...], *before: Node, frozen: bool = False, **params: object
) -> Project:
    given = {"architecture": "MobileNet", "alpha": 0.25, "pooling": "avg", **params}
    backbone = node("backbone", "dlstudio.layers.Backbone", **given)
    layers = [
        node("image", "keras.layers.InputLayer", shape=shape),
        *before,
        replace(backbone, frozen=frozen),
        node("head", "keras.layers.Dense", units=2, activation="softmax"),
    ]
    return Project(name="birds", graphs=FrozenMap({"model": Graph.chain(layers)}))


def problems(project: Project) -> dict[str, Problem]:
    found = check(project, CATALOG, SHAPES)
    return {each.code: each for each in found if each.code != "no-data"}


@pytest.mark.parametrize(
    ("shape", "params", "code", "text"),
    [
        ((64, 64, 1), {"weights": "x"}, "backbone-images", "3 channels, not 1"),
        ((20, 20, 3), {"weights": "none"}, "backbone-images", "at least 32×32"),
        ((64, 64, 3), {"architecture": "VGG16"}, "backbone-images", "alpha"),
        (
            (64, 64, 3),
            {"weights": "none", "trainable_from": "x"},
            "backbone-images",
            "no layer or block “x”",
        ),
        ((64, 64, 3), {}, "backbone-weights", "about 1 MB.*https.*models"),
        ((64, 64, 3), {"alpha": 0.3}, "backbone-weights", "no ImageNet weights"),
    ],
)
def test_a_fix_is_offered(
    shape: tuple[int, ...], params: dict[str, object], code: str, text: str
) -> None:
    project = project_with(shape, **params)
    found = problems(project)[code]
    assert found.severity == "error"
    assert re.search(text, found.message)
    for fix in found.fixes[:1]:
        for edit in fix.edits:
            project = edit.apply(project)
    assert found.fixes and code not in problems(project)


def test_a_file_that_fits_in_part_is_listed_before_a_training(tmp_path: Path) -> None:
    shape = (32, 32, 3)
    path = tmp_path / "wider.weights.h5"
    small = BackboneConfig("MobileNet", "none", alpha=0.25)
    network = make_network(small, shape)
    part = keras.Model(network.inputs, network.get_layer("conv_dw_13_relu").output)
    part.save_weights(path)
    found = problems(project_with(shape, weights=str(path)))["backbone-partial"]
    assert found.severity == "warning"
    assert "52 of 54 layers" in found.message
    assert "conv_pw_13, conv_pw_13_bn" in found.message
    network.save_weights(path)
    assert not problems(project_with(shape, weights=str(path)))
    wider = project_with(shape, weights=str(path), alpha=0.5)
    assert "no layer like those" in problems(wider)["backbone-weights"].message


def test_images_are_not_scaled_twice() -> None:
    assert not problems(project_with((64, 64, 3), weights="none"))
    project = project_with((64, 64, 3), SCALED, weights="none")
    found = problems(project)["backbone-scaling"]
    for edit in found.fixes[0].edits:
        project = edit.apply(project)
    assert not problems(project)


def test_frozen_weights_may_be_pretrained_but_not_random() -> None:
    random = project_with((64, 64, 3), frozen=True, weights="none")
    assert "frozen-untrained" in problems(random)
    pretrained = project_with((64, 64, 3), frozen=True)
    assert "frozen-untrained" not in problems(pretrained)


def test_a_preset_that_is_not_at_hand_is_one_of_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("keras_hub")
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    project = project_with((64, 64, 3), preset="resnet_18_imagenet", weights="none")
    found = problems(project)
    assert "backbone-images" not in found
    assert (
        "resnet_18_imagenet (about 45 MB) is not at hand"
        in found["backbone-weights"].message
    )
    (reset,) = found["backbone-weights"].fixes
    for edit in reset.edits:
        project = edit.apply(project)
    assert "preset" not in project.model.nodes["backbone"].params
    relative = problems(project_with((64, 64, 3), preset="./own"))
    assert "Give its full path" in relative["backbone-weights"].message
    damaged = problems(project_with((64, 64, 3), preset="./own", preset_config="{"))
    assert "is damaged" in damaged["backbone-weights"].message
