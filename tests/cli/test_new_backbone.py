"""`new --backbone`: a pretrained network, its weights, and first settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_images import CATALOG, write

from dlstudio.cli.new_backbone import with_backbone, with_first_settings
from dlstudio.document.graph import Node
from dlstudio.document.project import Project
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.errors import UserError


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
