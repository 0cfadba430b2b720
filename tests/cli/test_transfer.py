"""A pretrained network on a few photos: head first, then its last block; exported."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hub_presets import save_preset
from PIL import Image

from dlstudio.document.backbone import BackboneConfig
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import Run

SIDE = 32


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name, level in (("dark", 60), ("light", 190)):
        folder = tmp_path / "photos" / name
        folder.mkdir(parents=True)
        for number in range(14):
            pixels = random.normal(level, 30, (SIDE, SIDE, 3)).clip(0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "photos"


@pytest.mark.slow
@pytest.mark.usefixtures("verified_here")
def test_the_folder_of_a_preset_is_needed_only_once(
    run: Run, photos: Path, tmp_path: Path
) -> None:
    preset, folder = tmp_path / "vit", tmp_path / "made"
    save_preset("vit", preset)
    done = run(
        *("new", folder, "--template", "image-transfer", "--data", photos),
        *("--weights", preset, "--set", "plan.epochs=1"),
    )
    assert done.status == 0, done.err
    assert "vit begins with the weights in" in done.err
    trained = run("train", folder, "--no-evaluate")
    assert trained.status == 0 and "Computing features" in trained.out + trained.err
    shutil.rmtree(preset)  # its configuration is kept, and its weights are the run's
    exported = run(
        *("export", folder, "--format", "keras", "--out", tmp_path / "out.keras"),
        "--json",
    )
    assert exported.status == 0 and exported.json["certificate"]["passed"], exported.err
    cards = [each.read_text("utf-8") for each in tmp_path.glob("out*.md")]
    assert any("import keras_hub" in card for card in cards)
    found = run("summary", folder, "--json")
    assert found.status == 0, found.err


@pytest.mark.slow
@pytest.mark.usefixtures("verified_here")
def test_head_first_then_a_block_and_a_verified_export(
    run: Run, photos: Path, tmp_path: Path
) -> None:
    config = BackboneConfig("MobileNet", "none", alpha=0.25)
    weights = tmp_path / "own.weights.h5"
    make_network(config, (SIDE, SIDE, 3)).save_weights(weights)
    settings = (
        *("backbone.alpha=0.25", "layers.resize.height=32", "layers.resize.width=32"),
        *("backbone.frozen=false", "backbone.trainable_from=conv_dw_13"),
        *("plan.head_first.epochs=1", "plan.epochs=2"),
    )
    folder = tmp_path / "made"
    done = run(
        *("new", folder, "--template", "image-transfer", "--data", photos),
        *("--backbone", "MobileNet", "--weights", weights),
        *(part for each in settings for part in ("--set", each)),
    )
    assert done.status == 0, done.err
    assert "has the weights of 54 of 54 layers." in done.err
    assert run("train", folder, "--no-evaluate").status == 0
    (trained,) = RunStore(folder).all()
    phases = [e.value for e in trained.events() if getattr(e, "what", "") == "phase"]
    assert [phase for phase, *_rest in phases] == [1, 2]
    exported = run(
        "export", folder, "--format", "savedmodel", "--out", tmp_path / "out", "--json"
    )
    assert exported.status == 0 and exported.json["certificate"]["passed"], exported.err
