"""Networks of KerasHub as Backbone nodes: outputs, weights, and what is refused."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hub_presets import SIDE, features_by_hub, save_preset

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.preset_config import preset_config_of
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model import hub_catalog
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model.backbone_blocks import backbone_blocks
from dlstudio.engine.model.backbone_weights import set_backbone_weights
from dlstudio.engine.model.build import build
from dlstudio.engine.model.hub_catalog import find_preset, published_presets
from dlstudio.engine.model.preset_download import download_preset
from dlstudio.engine.model.preset_files import read_preset
from dlstudio.engine.model.published_weights import missing_weights, place_of
from dlstudio.engine.model.weights_path import weights_path
from dlstudio.errors import UserError

pytest.importorskip("keras_hub")
CATALOG = Catalog.load()
SHAPE = (40, 48, 3)
PUBLISHED = "resnet_18_imagenet"


@pytest.fixture(scope="module")
def presets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("presets")
    for kind in ("resnet", "mobilenet", "vit"):
        save_preset(kind, folder / kind)
    return folder


def images(count: int = 2) -> Any:
    random = np.random.default_rng(0)
    return random.uniform(0, 255, (count, *SHAPE)).astype(np.float32)


def project_with(folder: Path, **params: object) -> Project:
    graph = Graph.chain(
        [
            node("image", INPUT, shape=SHAPE),
            node("net", BACKBONE, preset=str(folder), **params),
        ]
    )
    return Project(name="birds", graphs=FrozenMap({"model": graph}))


def features(project: Project) -> Any:
    """What a project's network gives with its weights, written and read before."""
    project = project_from_json(project_to_json(project))
    model = build(project, CATALOG)
    (told,) = set_backbone_weights(project, model, Path(), None).values()
    assert told["matched"] and not told["missing"] and not told["unused"]
    return np.asarray(model(images(), training=False))


@pytest.mark.parametrize(
    ("kind", "pooling", "pool"),
    [
        ("resnet", "none", lambda maps: maps),
        ("resnet", "max", lambda maps: maps.max((1, 2))),
        ("mobilenet", "avg", lambda maps: maps.mean((1, 2))),
        ("vit", "avg", lambda tokens: tokens.mean(1)),
    ],
)
def test_outputs_are_those_of_keras_hub(
    presets: Path, kind: str, pooling: str, pool: Any
) -> None:
    found = features(project_with(presets / kind, pooling=pooling))
    wanted = pool(features_by_hub(presets / kind, images()))
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)
    assert np.ptp(found) > 0


def test_a_kept_configuration_needs_no_folder(presets: Path, tmp_path: Path) -> None:
    kept = read_preset(presets / "resnet").text()
    gone = {"preset": "./gone", "preset_config": kept}
    model = make_network(BackboneConfig(**gone), (64, 64, 3))
    assert model.output_shape == (None, 4, 4, 8) and len(kept) < 900
    assert [each.name for each in model.layers[:3]] == ["images", "resize", "rescale"]
    assert BackboneConfig(**gone).network.size == SIDE
    assert preset_config_of(kept).text() == kept
    plain = BackboneConfig(**gone, preprocess=False)
    assert make_network(plain, (64, 64, 3)).output_shape == (None, 8, 8, 8)


def test_blocks_are_frozen_and_random_layers_stay_in_inference(presets: Path) -> None:
    config = BackboneConfig(preset=str(presets / "resnet"), preset_config="")
    names = [each.name for each in backbone_blocks(config, SHAPE)]
    assert names == ["stack0_block0", "stack1_block0"]
    model = make_network(replace(config, trainable_from="stack1_block0"), SHAPE)
    trained = {weight.path.split("/")[0] for weight in model.trainable_weights}
    assert trained and all(each.startswith("stack1_block0") for each in trained)
    assert not any("_bn" in each for each in trained)
    vit = BackboneConfig(preset=str(presets / "vit"))
    blocks = backbone_blocks(vit, SHAPE)
    assert [each.name for each in blocks] == [
        "vit_patching_and_embedding",
        "vit_encoder",
    ]
    given = make_network(vit, SHAPE)
    first, again = (np.asarray(given(images(), training=True)) for _turn in range(2))
    np.testing.assert_array_equal(first, again)  # its dropout of 0.5 does nothing


def test_what_has_no_class_token_says_so(presets: Path) -> None:
    config = BackboneConfig(preset=str(presets / "resnet"), pooling="token")
    with pytest.raises(UserError, match="resnet has no class token"):
        make_network(config, SHAPE)
    with pytest.raises(UserError, match="no class token"):
        make_network(BackboneConfig(weights="none", pooling="token"), (32, 32, 3))


def changed(preset: Path, place: Path, **values: object) -> BackboneConfig:
    """A preset whose `config.json` has other values."""
    place.mkdir()
    whole = json.loads((preset / "config.json").read_text("utf-8"))
    for name, value in values.items():
        (whole if name in whole else whole["config"])[name] = value
    (place / "config.json").write_text(json.dumps(whole), "utf-8")
    return BackboneConfig(preset=str(place))


LAMBDA = {"module": "keras.layers", "class_name": "Lambda", "config": {}}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"class_name": "Lambda", "registered_name": None}, "no image network"),
        ({"registered_name": "other>ResNetBackbone"}, "no image network"),
        (
            {"class_name": "BertBackbone", "registered_name": "keras_hub>BertBackbone"},
            "no image network",
        ),
        ({"block_type": LAMBDA}, "has an object inside"),
        ({"stackwise_num_blocks": [1, 10_000]}, "too large"),
        ({"input_conv_filters": [10**9]}, "too large"),
        ({"stackwise_num_filters": list(range(9999))}, "too large"),
        ({"block_type": "os.system"}, "cannot be built"),
        ({"config": []}, "no configuration of KerasHub"),
    ],
)
def test_foreign_configurations_are_refused(
    presets: Path, tmp_path: Path, values: dict[str, object], message: str
) -> None:
    config = changed(presets / "resnet", tmp_path / "preset", **values)
    with pytest.raises(UserError, match=message):
        make_network(config, SHAPE)


def test_kept_configurations_are_checked_as_well(presets: Path) -> None:
    kept = read_preset(presets / "resnet")
    for text, message in (
        ("[" * 100, "is damaged"),
        ('{"class_name": 1}', "is damaged"),
        (replace(kept, class_name="Lambda").text(), "no image network"),
        (replace(kept, converter={"image_size": [10_000, 10]}).text(), "too large"),
        (replace(kept, network={"data_format": "channels_first"}).text(), "channels"),
    ):
        config = BackboneConfig(preset="./gone", preset_config=text)
        with pytest.raises(UserError, match=message):
            make_network(config, SHAPE)


def test_weights_of_other_files_are_refused(presets: Path, tmp_path: Path) -> None:
    config = changed(presets / "resnet", tmp_path / "preset")
    path = tmp_path / "preset" / "model.weights.h5"
    project = project_with(tmp_path / "preset")
    with pytest.raises(UserError, match="no weights of a preset"):
        weights_path(config, SIDE, tmp_path)
    with h5py.File(path, "w") as file:
        file["layers"] = h5py.ExternalLink("/etc/passwd", "/")
    with pytest.raises(UserError, match="another place"):
        features(project)
    path.write_bytes((presets / "vit" / "model.weights.h5").read_bytes())
    with pytest.raises(UserError, match="does not fit preset"):
        features(project)
    with pytest.raises(UserError, match="have changed"):
        weights_path(replace(config, weights_sha256="0" * 64), SIDE, tmp_path)


def test_published_presets_are_those_of_the_installed_library() -> None:
    import keras_hub

    known = published_presets()
    assert set(keras_hub.models.ResNetBackbone.presets) <= set(known)
    assert {"vit_base_patch16_224_imagenet", "dinov2_small"} <= set(known)
    assert not {"bert_base_en", "sam_base_sa1b"} & set(known)
    about = keras_hub.models.ResNetBackbone.presets[PUBLISHED]["metadata"]
    assert known[PUBLISHED].weights.parameters == about["params"]
    sizes = [each.weights.parameters for each in known.values()]
    assert sizes == sorted(sizes)
    with pytest.raises(UserError, match="no preset") as caught:
        find_preset("resnet18_imagenet")
    assert PUBLISHED in (caught.value.hint or "")


def test_a_published_preset_is_downloaded_into_the_cache_of_keras_hub(
    presets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kagglehub

    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    project = project_with(Path("x")).with_graph(
        "model",
        Graph.chain(
            [
                node("image", INPUT, shape=SHAPE),
                node("net", BACKBONE, preset=PUBLISHED, pooling="avg"),
            ]
        ),
    )
    (weights,) = missing_weights(project.model)
    place = place_of(weights)
    with pytest.raises(UserError, match=f"preset {PUBLISHED} .* not at hand") as caught:
        weights_path(BackboneConfig(preset=PUBLISHED), SIDE, tmp_path)
    assert str(place) in (caught.value.hint or "")

    def offline(_handle: str, _path: str) -> str:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(kagglehub, "model_download", offline)
    with pytest.raises(UserError, match="no route to host") as caught:
        download_preset(weights, lambda *_bytes: None)
    assert str(place) in (caught.value.hint or "")

    def online(handle: str, path: str) -> str:
        assert handle == weights.handle
        place.mkdir(parents=True, exist_ok=True)
        target = place / path
        target.write_bytes((presets / "resnet" / path).read_bytes())
        return str(target)

    monkeypatch.setattr(kagglehub, "model_download", online)
    told: list[int] = []
    download_preset(weights, lambda done, _total: told.append(done))
    assert told[0] == 0 < told[-1] and not missing_weights(project.model)
    wanted = features_by_hub(presets / "resnet", images()).mean((1, 2))
    np.testing.assert_allclose(features(project), wanted, rtol=1e-4, atol=1e-5)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    hub_catalog.image_backbones.cache_clear()
    hub_catalog.published_presets.cache_clear()
    with pytest.raises(UserError, match="keras_hub, which is not installed") as caught:
        make_network(BackboneConfig(preset=PUBLISHED), SHAPE)
    assert 'pip install "dlstudio[hub]"' in (caught.value.hint or "")
