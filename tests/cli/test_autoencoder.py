"""An autoencoder from `new` to predictions, by the command line alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dlstudio.catalog.groups_of_findings import ABOUT_CLASSES
from dlstudio.cli import main
from dlstudio.document.image_sections import ImageWalk, SampledImages, threshold_of
from dlstudio.engine.export.image_submodel import ImageSubmodel
from tests.cli.conftest import Run
from tests.support.small_autoencoders import folders

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]


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


def test_a_scan_reports_nothing_about_classes(tmp_path: Path, run: Run) -> None:
    images, project = folders(tmp_path), tmp_path / "p"
    shutil.rmtree(images / "right")
    run("new", project, "--data", images, "--template", "image-autoencoder")

    def kinds(place: Path) -> set[str]:
        return {each["kind"] for each in run("scan", place, "--json").json["findings"]}

    assert kinds(images) == {"unlabeled"}
    assert not kinds(project) & ABOUT_CLASSES


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


def test_a_threshold_of_anomalies_is_kept(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(trained.parent, tmp_path / "copy")) / trained.name
    before = threshold_of(run("evaluate", copy, "--json").json)
    assert before is not None and before.default is None
    found = threshold_of(run("evaluate", copy, "--threshold", "0", "--json").json)
    assert found == before.chosen(0.0, share=1.0), "each error is above it"
    kept = threshold_of(json.loads(next(copy.glob("runs/*/report.json")).read_text()))
    assert kept == found
    images = copy.parent / "images" / "left"
    for each in run("predict", copy, images, "--json").json["predictions"]:
        answer = each["outputs"]["image"]
        assert answer["anomaly"] and answer["threshold"] == 0
    assert "by default those above" in run("evaluate", copy).out
    again = run("evaluate", copy, "--threshold", "image=default", "--json").json
    assert threshold_of(again) == before
    assert run("evaluate", copy, "--threshold", "-1").status == 1


def test_what_reconstructs_has_no_importance_of_columns(
    trained: Path, run: Run
) -> None:
    refused = run("evaluate", trained, "--importance")
    assert refused.status == 1 and "importance of columns cannot" in refused.err


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


@pytest.fixture(scope="module")
def variational(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A variational autoencoder that was trained and evaluated."""
    root = tmp_path_factory.mktemp("vae")
    images = folders(root, 24, (8, 9))
    project = root / "p"
    arguments = ("--data", str(images), "--template", "image-vae", "--latent", "3")
    assert main(["new", str(project), *arguments]) == 0
    settings = ("plan.epochs=6", "plan.method.beta=0.5")
    assert main(["set", str(project), *settings]) == 0
    assert main(["check", str(project)]) == 0
    assert main(["train", str(project)]) == 0
    return project


def test_a_variational_model_reports_both_parts_of_its_loss(
    variational: Path, run: Run
) -> None:
    (folder,) = (variational / "runs").iterdir()
    record = json.loads((folder / "run.json").read_text("utf-8"))
    metrics = record["metrics"]
    parts = metrics["val_reconstruction_loss"] + 0.5 * metrics["val_kl_loss"]
    assert metrics["val_loss"] == pytest.approx(parts, rel=1e-4)
    found = run("evaluate", variational, "--json").json
    sections = found["outputs"]["image"]["sections"]
    assert len(SampledImages.from_json(sections["samples"]).images) == 16
    assert len(ImageWalk.from_json(sections["walk"]).images) == 8


def test_new_images_are_the_same_for_the_same_seed(
    variational: Path, run: Run, tmp_path: Path
) -> None:
    made = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        arguments = ("--out", tmp_path / name, "--samples", 3, "--seed", seed)
        found = run("generate", variational, *arguments, "--json").json
        assert len(found["images"]) == 3
        made.append([Path(each).read_bytes() for each in found["images"]])
    assert made[0] == made[1] != made[2]
    with Image.open(tmp_path / "a" / "sample_1.png") as image:
        assert image.size == (9, 8)


def test_a_walk_begins_and_ends_with_the_reconstructions(
    variational: Path, run: Run, tmp_path: Path
) -> None:
    images = variational.parent / "images"
    ends = (images / "left" / "00.png", images / "right" / "00.png")
    arguments = ("--walk", *ends, "--steps", 4)
    found = run("generate", variational, "--out", tmp_path / "w", *arguments, "--json")
    walk = found.json["images"]
    assert len(walk) == 4
    out = tmp_path / "ends"
    given = run("predict", variational, *ends, "--out", out, "--json").json
    shown = [each["outputs"]["image"]["image"] for each in given["predictions"]]
    for one, other in zip((walk[0], walk[-1]), shown, strict=True):
        with Image.open(one) as first, Image.open(other) as second:
            far = np.asarray(first, int) - np.asarray(second, int)
        assert abs(far).max() <= 1


def test_an_autoencoder_that_draws_nothing_makes_no_new_images(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    found = run("generate", trained, "--out", tmp_path / "none")
    assert found.status == 1 and "variational" in found.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("part", "results"),
    [
        ("both", {"image", "error", "anomaly"}),
        ("encoder", {"latent"}),
        ("decoder", {"image"}),
    ],
)
@pytest.mark.parametrize("format", ["savedmodel", "keras"])
def test_each_part_is_exported_and_verified(
    variational: Path,
    run: Run,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    format: str,
    part: str,
    results: set[str],
) -> None:
    if part != "both":
        request.getfixturevalue("verified_here")
    arguments = ("--format", format, "--part", part, "--out", tmp_path / part)
    found = run("export", variational, *arguments, "--json")
    assert found.status == 0, found.err
    certificate = found.json["certificate"]
    assert certificate["passed"] and certificate["samples"] >= 32
    path = Path(found.json["path"])
    if format == "keras":
        model = keras.saving.load_model(path, custom_objects={}, safe_mode=True)
        assert "Sampling" not in {type(each).__name__ for each in model.layers}
        return
    saved = tf.saved_model.load(str(path))
    serve = saved.signatures["serving_default"]
    assert set(serve.structured_outputs) == results
    card = json.loads((path / "model_card.json").read_text("utf-8"))
    assert card["part"] == part and card["threshold"]["value"] > 0
    assert ("serve_bytes" in saved.signatures) == (part != "decoder")


@pytest.mark.usefixtures("verified_here")
def test_an_export_that_answers_otherwise_is_refused(
    variational: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = ImageSubmodel.results

    def wrong(part: ImageSubmodel, given: object) -> dict[str, object]:
        return {name: each + 0.01 for name, each in right(part, given).items()}

    monkeypatch.setattr(ImageSubmodel, "results", wrong)
    out = tmp_path / "wrong"
    arguments = ("--format", "savedmodel", "--part", "decoder", "--out", out)
    found = run("export", variational, *arguments)
    assert found.status == 1 and "differs by 0.01" in found.err
    assert not out.exists()
