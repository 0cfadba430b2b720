"""An autoencoder from `new` to predictions, by the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlstudio.cli import main
from dlstudio.document.image_sections import threshold_of
from tests.cli.conftest import Run
from tests.support.small_autoencoders import folders

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was trained and evaluated."""
    root = tmp_path_factory.mktemp("autoencoder")
    images = folders(root, 24, (9, 8))
    project = root / "p"
    arguments = ("--data", str(images), "--template", "image-autoencoder")
    assert main(["new", str(project), *arguments]) == 0
    settings = ("plan.epochs=20", "plan.optimizer.learning_rate=0.005")
    assert main(["set", str(project), *settings]) == 0
    assert main(["check", str(project)]) == 0
    assert main(["train", str(project)]) == 0
    return project


def test_evaluating_compares_with_the_mean_image_and_chooses_a_threshold(
    trained: Path, run: Run
) -> None:
    found = run("evaluate", trained, "--json").json
    assert found["classes"] == [] and found["verdict"] is None
    image = found["outputs"]["image"]
    assert set(image["metrics"]) == {"mse", "mae", "psnr", "ssim"}
    assert image["baseline"]["better"]["mse"] > 0
    anomaly = threshold_of(found)
    assert anomaly is not None and anomaly.split == "validation"
    assert 0 <= anomaly.share <= 1
    assert len(json.dumps(found)) < 300_000
    text = run("evaluate", trained).out
    assert "Always the mean image" in text and "anomalies" in text
    assert "ccuracy" not in text and "class" not in text


def test_images_unlike_the_others_are_anomalies(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.png"
    values = np.random.default_rng(1).integers(0, 256, (9, 8)).astype(np.uint8)
    Image.fromarray(values).save(strange)
    usual = trained.parent / "images" / "left" / "00.png"
    out = tmp_path / "out"
    found = run("predict", trained, strange, usual, "--out", out, "--json").json
    first, second = (each["outputs"]["image"] for each in found["predictions"])
    assert first["anomaly"] and not second["anomaly"]
    assert first["error"] > first["threshold"] > second["error"]
    with Image.open(second["image"]) as image:
        given = np.asarray(image, np.float64) / 255
    with Image.open(usual) as image:
        error = np.square(np.asarray(image, np.float64) / 255 - given).mean()
    assert error == pytest.approx(second["error"], abs=1e-3)
    refused = run("predict", trained, usual, "--out", out)
    assert refused.status == 1 and "not empty" in refused.err
    assert "anomaly" in run("predict", trained, strange).out
