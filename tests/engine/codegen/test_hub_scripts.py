"""Networks of KerasHub in scripts: run with the same outputs, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hub_presets import save_preset

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.backbone_weights import set_backbone_weights
from dlstudio.engine.model.build import build
from dlstudio.engine.model.preset_files import read_preset
from dlstudio.engine.script_reader.new_project import new_project
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.engine.script_reader.reader import read_script

pytest.importorskip("keras_hub")
CATALOG = Catalog.load()


@pytest.fixture(scope="module")
def presets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("presets")
    for kind in ("resnet", "vit"):
        save_preset(kind, folder / kind)
    return folder


def project_with(folder: Path, *, frozen: bool = False, **params: object) -> Project:
    kept = read_preset(folder).text()
    backbone = node("net", BACKBONE, preset=str(folder), preset_config=kept, **params)
    if frozen:
        from dataclasses import replace

        backbone = replace(backbone, frozen=True)
    head = node("head", "keras.layers.Dense", units=2)
    graph = Graph.chain([node("image", INPUT, shape=(40, 48, 3)), backbone, head])
    return Project().with_graph(MODEL, graph)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("resnet", {"pooling": "avg", "trainable_from": "stack1_block0"}),
    ("vit", {"pooling": "token", "frozen": True}),
    ("resnet", {"preprocess": False, "weights": "none"}),
]


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_a_script_gives_the_same_outputs_and_comes_back(
    presets: Path, kind: str, params: dict[str, Any]
) -> None:
    project = project_with(presets / kind, **params)
    text = script(project, CATALOG).text
    assert "import keras_hub\n" in text and str(presets / kind) in text
    assert project_from_script(text, project, CATALOG) == project
    new = new_project(read_script(text, CATALOG), "", CATALOG).model.nodes["net"]
    old = project.model.nodes["net"]
    assert new.frozen == old.frozen
    assert dict(new.params) == {
        key: value for key, value in old.params.items() if key != "preset_config"
    }
    if params.get("weights") == "none":
        return
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(text, "model.py", "exec"), names)
    theirs = names["build_model"]()
    ours = build(project, CATALOG)
    set_backbone_weights(project, ours, presets, None)
    ours.get_layer("head").set_weights(theirs.get_layer("head").get_weights())
    images = np.random.default_rng(0).uniform(0, 255, (2, 40, 48, 3)).astype("f4")
    for training in (False, True):  # nothing is dropped or normalized anew
        found, wanted = (
            np.asarray(model(images, training=training)) for model in (ours, theirs)
        )
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    counts = [len(model.trainable_weights) for model in (ours, theirs)]
    assert counts[0] == counts[1]


def test_pooling_by_hand_is_a_layer_of_its_own() -> None:
    text = """
import keras
import keras_hub
from keras import layers

images = keras.Input((64, 64, 3))
net = keras_hub.models.ResNetBackbone.from_preset("resnet_18_imagenet", trainable=False)
maps = net(images)
first = layers.GlobalAveragePooling2D()(maps)
second = layers.GlobalMaxPooling2D()(maps)
model = keras.Model(images, layers.Concatenate()([first, second]))
"""
    graph = new_project(read_script(text, CATALOG), "", CATALOG).model
    kinds = sorted(each.kind.rpartition(".")[2] for each in graph.nodes.values())
    assert kinds == [
        *("Backbone", "Concatenate", "GlobalAveragePooling2D"),
        *("GlobalMaxPooling2D", "InputLayer"),
    ]
    (found,) = (each for each in graph.nodes.values() if each.kind == BACKBONE)
    assert found.frozen and found.params["preset"] == "resnet_18_imagenet"
    assert found.params["preprocess"] is False
