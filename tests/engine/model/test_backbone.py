"""Backbones: built from a graph, given weights, written as a script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model.backbone_weights import set_backbone_weights
from dlstudio.engine.model.build import build
from dlstudio.engine.model.published_weights import keras_folder
from dlstudio.engine.model.weights_file import load_matching
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SIDE = 32
KIND = "dlstudio.layers.Backbone"
SMALL = {"architecture": "MobileNet", "alpha": 0.25, "pooling": "avg"}
FILE = "mobilenet_2_5_224_tf_no_top.h5"


def project_with(channels: int = 3, **params: object) -> Project:
    graph = Graph.chain(
        [
            node("image", "keras.layers.InputLayer", shape=(SIDE, SIDE, channels)),
            node("backbone", KIND, **{**SMALL, **params}),
            node("head", "keras.layers.Dense", units=2),
        ]
    )
    return Project(name="birds", graphs=FrozenMap({"model": graph}))


def images() -> Any:
    return np.random.default_rng(0).uniform(0, 255, (2, SIDE, SIDE, 3)).astype("f4")


@pytest.fixture(scope="module")
def reference() -> Any:
    """The network as Keras makes it, with other weights than any built here."""
    keras.utils.set_random_seed(5)
    model = keras.applications.MobileNet(
        alpha=0.25,
        include_top=False,
        weights=None,
        input_shape=(SIDE, SIDE, 3),
        pooling="avg",
    )
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(0.1, 0.3, w.shape) for w in model.get_weights()])
    return model


def expected(reference: Any) -> Any:
    scale = keras.applications.mobilenet.preprocess_input
    return np.asarray(reference(scale(images())))


def write_legacy(path: Path, model: Any, renamed: str = "") -> None:
    """A file of weights as Keras 2 wrote it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        names = [renamed + layer.name for layer in model.layers]
        file.attrs["layer_names"] = [name.encode() for name in names]
        for name, layer in zip(names, model.layers, strict=True):
            group = file.create_group(name)
            arrays = layer.get_weights()
            keys = [f"{name}/w{number}:0" for number in range(len(arrays))]
            group.attrs["weight_names"] = [key.encode() for key in keys]
            for key, array in zip(keys, arrays, strict=True):
                group[key] = array


def test_the_project_stays_small_and_the_model_is_keras_own(reference: Any) -> None:
    project = project_with(weights="none")
    assert len(json.dumps(project_to_json(project)["graphs"])) < 1500
    model = build(project, CATALOG)
    backbone = model.get_layer("backbone")
    backbone.set_weights(reference.get_weights())
    answers = np.asarray(backbone(images()))
    np.testing.assert_array_equal(answers, expected(reference))
    shapes = ShapeInference().infer(project.model, CATALOG)
    assert shapes["backbone"].outputs[0].shape == (None, 256)
    assert shapes["backbone"].cost.params == reference.count_params()
    assert shapes["backbone"].cost.multiply_adds


def test_the_script_gives_the_same_answers() -> None:
    project = project_with(weights="none", trainable_from="conv_dw_11")
    text = script(project, CATALOG).text
    assert "keras.applications.MobileNet(" in text
    names: dict[str, Any] = {"__name__": "written"}
    exec(text, names)
    written, model = names["build_model"](), build(project, CATALOG)
    written.set_weights(model.get_weights())
    np.testing.assert_array_equal(written(images()), model(images()))
    trained = [len(each.trainable_variables) for each in (written, model)]
    assert trained[0] == trained[1] < len(model.variables) / 2


def test_pretrained_networks_do_the_same_in_training() -> None:
    config = BackboneConfig("EfficientNetB0", weights="imagenet", pooling="avg")
    model = make_network(config, (SIDE, SIDE, 3))
    answers = [np.asarray(model(images(), training=each)) for each in (True, False)]
    np.testing.assert_array_equal(*answers)


def test_efficientnet_for_imagenet_is_keras_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = make_network(BackboneConfig("EfficientNetB0"), (SIDE, SIDE, 3))
    module = keras.src.applications.efficientnet
    monkeypatch.setattr(module.file_utils, "get_file", lambda *_a, **_k: "")
    monkeypatch.setattr(keras.Model, "load_weights", lambda *_a, **_k: None)
    keras_own = keras.applications.EfficientNetB0(
        include_top=False, input_shape=(SIDE, SIDE, 3)
    )
    random = np.random.default_rng(1)
    weights = [random.uniform(0.1, 0.3, w.shape) for w in made.get_weights()]
    for each in (made, keras_own):
        each.set_weights(weights)
    np.testing.assert_allclose(made(images()), keras_own(images()), 1e-4)


def test_layers_that_keras_numbered_otherwise_are_matched_in_order(
    tmp_path: Path,
) -> None:
    def network(first: int) -> Any:
        images = keras.Input((4, 4, 3))
        tensor = images
        for number in range(first, first + 3):
            conv = keras.layers.Conv2D(3, 1, name=f"conv2d_{number}")
            tensor = conv(tensor)
        return keras.Model(images, tensor)

    source, other = network(1), network(0)
    headed = keras.layers.Dense(2, name="head")(source.output)
    write_legacy(tmp_path / "own.h5", keras.Model(source.input, headed))
    found = load_matching(other, tmp_path / "own.h5")
    assert (found.missing, found.unused) == ((), ("head",))
    for mine, expected in zip(other.get_weights(), source.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, expected)


@pytest.mark.parametrize("kind", ["legacy", "renamed", ".weights.h5", ".keras"])
def test_weights_are_found_by_name_in_every_format(
    kind: str, reference: Any, tmp_path: Path
) -> None:
    path = tmp_path / f"own{kind if kind[0] == '.' else '.h5'}"
    if kind == ".keras":
        inside = keras.Sequential([keras.Input((SIDE, SIDE, 3)), reference])
        inside.save(path)
    elif kind == ".weights.h5":
        reference.save_weights(path)
    else:
        write_legacy(path, reference, "other_" * (kind == "renamed"))
    model = make_network(BackboneConfig(**SMALL), (SIDE, SIDE, 3))
    found = load_matching(model, path)
    assert (found.missing, found.unused) == ((), ())
    np.testing.assert_array_equal(model(images()), expected(reference))


def test_what_does_not_fit_is_listed(reference: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.h5"
    write_legacy(path, reference)
    with h5py.File(path, "r+") as file:
        del file["conv1/conv1/w0:0"]
        file["conv1/conv1/w0:0"] = np.zeros((1, 1))
        file["conv_pw_1/conv_pw_1/w0:0"].attrs["note"] = "elsewhere"
        del file["conv_pw_1/conv_pw_1/w0:0"]
        file["conv_pw_1/conv_pw_1/w0:0"] = h5py.ExternalLink("other.h5", "/x")
        shape = file["conv_pw_2/conv_pw_2/w0:0"].shape
        del file["conv_pw_2/conv_pw_2/w0:0"]
        parts = h5py.VirtualLayout(shape, "f4")
        parts[:] = h5py.VirtualSource("other.h5", "x", shape)
        file["conv_pw_2/conv_pw_2"].create_virtual_dataset("w0:0", parts)
    model = make_network(BackboneConfig(**SMALL), (SIDE, SIDE, 3))
    found = load_matching(model, path)
    assert found.missing == ("conv1", "conv_pw_1", "conv_pw_2") and found.unused == (
        "conv1",
    )
    other = make_network(BackboneConfig("VGG16"), (SIDE, SIDE, 3))
    with pytest.raises(UserError, match="no layer like those"):
        load_matching(other, path)


def test_published_weights_come_from_keras_folder_or_are_named(
    reference: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    project = project_with(weights="imagenet")
    model = build(project, CATALOG)
    with pytest.raises(UserError, match=f"{FILE}.*not at hand") as raised:
        set_backbone_weights(project, model, tmp_path, None)
    assert "https://" in raised.value.hint and str(tmp_path) in raised.value.hint
    write_legacy(keras_folder() / FILE, reference)
    kept = set_backbone_weights(project, model, tmp_path, None)
    assert kept["backbone"]["weights"] == FILE and not kept["backbone"]["missing"]
    answers = model.get_layer("backbone")(images())
    np.testing.assert_array_equal(answers, expected(reference))
    (keras_folder() / FILE).unlink()  # a resumed run has them in its checkpoint
    assert set_backbone_weights(project, model, tmp_path, kept) == kept
