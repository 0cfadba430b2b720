"""12-bit images stored as 16 bits, from the finding to the export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from small_images import photo

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run

LOW, HIGH = 966, 1550


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes, bright above or below, using few of 65,536 values."""
    root = tmp_path_factory.mktemp("deep") / "data"
    for number in range(24):
        noise = np.asarray(photo(number, 16, 16).convert("L")) / 255
        slope = np.linspace(0, 1, 16)[:: 1 if number % 2 else -1, np.newaxis]
        share = np.clip(0.7 * slope + 0.3 * noise, 0, 1)
        share[0, :2] = 0, 1
        values = np.rint(LOW + share * (HIGH - LOW)).astype(np.uint16)
        path = root / ("above", "below")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(values).save(path)
    return root


@pytest.fixture
def project(run: Run, tmp_path: Path, data: Path) -> Path:
    made = tmp_path / "project"
    assert run("new", made, "--data", data, "--template", "image-cnn").status == 0
    return made


def test_scan_and_check_say_how_to_keep_the_values(
    run: Run, project: Path, data: Path
) -> None:
    text = run("scan", data).out
    assert "Images with too few gray levels" in text
    assert f"--value-range={LOW},{HIGH}" in text
    text = run("scan", data, f"--value-range={LOW},{HIGH}").out
    assert "nearly flat" not in text
    found = run("check", project, "--json").json["problems"]
    assert "narrow-values" in {each["code"] for each in found}
    done = run("check", project, "--fix", "all", "--json")
    assert f"Use the value range {LOW} to {HIGH:,}" in done.json["applied"]
    assert load_project(project).data.source.params["value_range"] == (LOW, HIGH)
    assert run("set", project, "data.source.value_range=none").status == 0
    assert load_project(project).data.source.params["value_range"] is None


@pytest.mark.parametrize("text", ["5", "9,1", "high"])
def test_a_range_that_is_none_is_refused(run: Run, project: Path, text: str) -> None:
    done = run("set", project, f"data.source.value_range={text}")
    assert done.status == 1 and "value_range" in done.err


@pytest.mark.usefixtures("verified_here")
def test_training_prediction_and_export_take_the_same_numbers(
    run: Run, tmp_path: Path, data: Path
) -> None:
    project = tmp_path / "ranged"
    options = ("--data", data, f"--value-range={LOW},{HIGH}")
    assert run("new", project, *options, "--template", "image-cnn").status == 0
    trained = run("train", project, "--epochs", "1", "--set=plan.batch_size=8")
    assert trained.status == 0
    image = data / "below" / "3.png"
    (before,) = run("predict", project, image, "--json").json["predictions"]
    # Later changes of the project do not affect a finished run.
    run("set", project, "data.source.value_range=0,65535")
    (answer,) = run("predict", project, image, "--json").json["predictions"]
    assert answer["scores"] == before["scores"]
    out = tmp_path / "exported"
    assert run("export", project, "--format", "savedmodel", "--out", out).status == 0
    ask = tf.saved_model.load(str(out)).signatures["serve_bytes"]
    served = ask(image_bytes=tf.constant([image.read_bytes()]))
    mine = sorted(answer["scores"].values())
    theirs = sorted(served["scores"].numpy()[0].tolist())
    assert theirs == pytest.approx(mine, abs=1e-5)
