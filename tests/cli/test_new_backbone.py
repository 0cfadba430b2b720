"""`new --backbone`: a pretrained network, its weights, and first settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hub_presets import SIDE, save_preset
from PIL import Image
from small_images import CATALOG, write

from dlstudio.cli.new_backbone import (
    note_weights,
    with_backbone,
    with_first_settings,
)
from dlstudio.cli.output import Output
from dlstudio.document.backbone_text import backbone_facts, weights_text
from dlstudio.document.graph import Node
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.engine.model import hub_catalog, weights_match
from dlstudio.engine.model.weights_file import MatchedWeights
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.errors import UserError
from tests.cli.conftest import Run


def project_of(template: str = "image-transfer") -> Project:
    context = TemplateContext("birds", height=64, width=80)
    return make_project(CATALOG.find("templates", template), context)


def backbone(project: Project) -> Node:
    return project.model.nodes["backbone"]


def test_images_get_the_size_of_the_network() -> None:
    project = with_backbone(project_of(), "inception_v3", "none")
    assert dict(backbone(project).params) == {
        "architecture": "InceptionV3",
        "weights": "none",
    }
    assert not backbone(project).frozen, "random weights have to be trained"
    assert project.model.nodes["resize"].params["height"] == 299


def test_a_file_of_weights_is_kept_with_its_checksum(tmp_path: Path) -> None:
    path = write(tmp_path / "own.h5", b"weights")
    params: Any = backbone(with_backbone(project_of(), "", str(path))).params
    assert params["weights"] == str(path) and len(params["weights_sha256"]) == 64


def test_what_of_a_file_fits_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "own.h5", b"weights")
    part = MatchedWeights(("conv1", "conv2"), ("bn2",), ("head",))
    monkeypatch.setattr(weights_match, "match_weights", lambda *_given: part)
    note_weights(with_backbone(project_of(), "", str(path)), tmp_path, Output())
    told = capsys.readouterr().err
    assert "own.h5 has the weights of 2 of 3 layers." in told
    assert "shape: bn2." in told and "Not used of the file: head." in told


def test_weights_that_fit_nothing_are_not_begun_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "own.h5", b"no weights")
    note_weights(with_backbone(project_of(), "", str(path)), tmp_path, Output())
    told = capsys.readouterr().err
    assert "own.h5 has no weights" in told and "begins with" not in told


def test_settings_of_layers_and_plan(tmp_path: Path) -> None:
    settings = ["backbone.alpha=0.75", "plan.epochs=3", "backbone.frozen=false"]
    project = with_first_settings(project_of(), settings, CATALOG, tmp_path)
    assert backbone(project).params["alpha"] == 0.75 and project.plan.epochs == 3
    assert not backbone(project).frozen


@pytest.mark.parametrize(
    ("template", "name", "weights", "text"),
    [
        ("image-cnn", "VGG16", "", "no pretrained network"),
        ("image-transfer", "MobilNet", "", "no network “MobilNet”"),
        ("image-transfer", "Foo", "", "no network “Foo”"),
        ("image-transfer", "", "gone.h5", "gone.h5 are missing"),
    ],
)
def test_what_does_not_exist_is_refused(
    template: str, name: str, weights: str, text: str
) -> None:
    with pytest.raises(UserError, match=text) as raised:
        with_backbone(project_of(template), name, weights)
    assert raised.value.hint
    assert ("Did you mean" in raised.value.hint) == (name == "MobilNet")


@pytest.mark.parametrize(("side", "told"), [(40, True), (28, False)])
def test_few_photos_are_told_of_pretrained_networks(
    side: int,
    told: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name in ("a", "b"):
        for number in range(3):
            path = tmp_path / "photos" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (side, side), (40 * number, 9, 9)).save(path)
    note = run("new", tmp_path / "made", "--data", tmp_path / "photos").err
    assert ("--template image-transfer" in note) == told
    assert ("https://" in note) == ("train" in note and "--download" in note) == told
    assert "backbone" not in load_project(tmp_path / "made").model.nodes


def test_a_folder_with_a_preset_is_the_network(tmp_path: Path) -> None:
    folder = tmp_path / "vit"
    save_preset("vit", folder)
    project = with_backbone(project_of(), "", str(folder))
    params: Any = backbone(project).params
    assert params["preset"] == str(folder) and "architecture" not in params
    assert len(params["weights_sha256"]) == 64
    assert project.model.nodes["resize"].params["height"] == SIDE
    assert project.model.nodes["mean"].kind.endswith("Pooling1D"), "it gives tokens"
    node = backbone(project)
    assert weights_text(node) == "weights of the preset"
    assert backbone_facts(node) == (
        "ViTBackbone of KerasHub, made for images of 32×32 pixels."
    )
    (folder / "config.json").write_text("{}", "utf-8")
    with pytest.raises(UserError, match="no configuration of KerasHub"):
        with_backbone(project_of(), "", str(folder))


def test_a_preset_is_set_with_what_is_known_of_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    save_project(project_of(), folder)
    save_preset("vit", folder / "vit")
    done = run("layers", "set", folder, "backbone", "preset=./vit")
    assert done.status == 0, done.err
    assert "layers.backbone.preset: ./vit" in done.out
    assert "preset_config" not in done.out
    model = load_project(folder).model
    assert "ViTBackbone" in str(model.nodes["backbone"].params["preset_config"])
    assert model.nodes["mean"].kind.endswith("Pooling1D")
    refused = run("layers", "set", folder, "backbone", "preset=./none")
    assert refused.status == 1 and "no preset of KerasHub" in refused.err


def test_published_presets_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("keras_hub")
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    project = with_backbone(project_of(), "vit_base_patch16_224_imagenet", "")
    assert project.model.nodes["mean"].kind.endswith("Pooling1D")
    note_weights(project, tmp_path, Output())
    told = capsys.readouterr().err
    assert "vit_base_patch16_224_imagenet (about 343 MB) is not at hand" in told
    assert str(tmp_path / "models" / "keras" / "vit") in told
    with pytest.raises(UserError, match="no network") as caught:
        with_backbone(project_of(), "resnet_18_imagenet1k", "")
    assert "resnet_18_imagenet" in (caught.value.hint or "")
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    for cached in (hub_catalog.image_backbones, hub_catalog.published_presets):
        cached.cache_clear()
    with pytest.raises(UserError, match="no network") as caught:
        with_backbone(project_of(), "vit_base_patch16_224_imagenet", "")
    assert 'pip install "dlstudio[hub]"' in (caught.value.hint or "")
