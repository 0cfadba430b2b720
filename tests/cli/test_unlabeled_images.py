"""Images without classes, from `new` to an export, by the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlstudio.cli import main
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run
from tests.support.photo_tables import photo_table
from tests.support.small_autoencoders import folders
from tests.support.small_images import class_folders

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Color images of two sizes in one folder, and a text."""
    folder = tmp_path_factory.mktemp("loose") / "photos"
    folder.mkdir()
    random = np.random.default_rng(5)
    for number in range(48):
        shape = (10 + 2 * (number % 2), 9, 3)
        values = random.integers(0, 80, shape) + 3 * number
        Image.fromarray(values.astype(np.uint8)).save(folder / f"{number:02}.png")
    (folder / "notes.txt").write_text("no image")
    return folder


@pytest.fixture(scope="module")
def trained(images: Path) -> Path:
    """An autoencoder that was made without naming a template."""
    project = images.parent / "p"
    assert main(["new", str(project), "--data", str(images), "--latent", "4"]) == 0
    plan = ("plan.epochs=2", "plan.precision=mixed_bfloat16", "data.split.test=0.2")
    assert main(["set", str(project), *plan]) == 0
    assert main(["check", str(project)]) == 0
    assert main(["train", str(project)]) == 0
    return project


def test_new_begins_with_an_autoencoder_and_says_why(
    images: Path, run: Run, tmp_path: Path
) -> None:
    done = run("new", tmp_path / "p", "--data", images)
    assert done.status == 0, done.err
    assert "have no classes" in done.out and "separate subfolder" in done.out
    assert "0 classes" not in done.out and "34 for training" in done.out
    made = run("new", tmp_path / "vae", "--data", images, "--template", "image-vae")
    assert made.status == 0 and "begins with" not in made.out
    one = class_folders(tmp_path / "one", ("only",))
    alone = run("new", tmp_path / "q", "--data", one, "--layout", "classes")
    assert "only one class" in alone.out
    assert load_project(tmp_path / "q").head.endswith("reconstruction")


def test_a_template_that_needs_classes_is_refused(
    images: Path, run: Run, tmp_path: Path
) -> None:
    done = run("new", tmp_path / "p", "--data", images, "--template", "image-cnn")
    assert done.status == 1 and not (tmp_path / "p").exists()
    assert "image-autoencoder, image-vae" in done.err and "subfolder" in done.err


def test_a_scan_says_what_to_do(images: Path, trained: Path, run: Run) -> None:
    text = run("scan", images)
    assert text.status == 0 and "Images: 48, without classes." in text.out
    assert "autoencoder" in text.out and "classes: 0" not in text.out
    plain = run("scan", images, "--json").json
    assert plain["classes"] == {} and plain["samples"] == 48
    kinds = {each["kind"] for each in plain["findings"]}
    assert kinds == {"unlabeled", "not-an-image"}
    own = run("scan", trained, "--json").json
    assert {each["kind"] for each in own["findings"]} == {"not-an-image"}
    assert sum(own["planned_splits"].values()) == 48


def test_it_is_evaluated_and_predicts(
    images: Path, trained: Path, run: Run, tmp_path: Path
) -> None:
    found = run("evaluate", trained, "--json").json
    assert found["classes"] == [] and found["samples"] == 10
    assert found["outputs"]["image"]["sections"]["anomaly"]["split"] == "validation"
    other = run("evaluate", trained, "--data", images, "--json").json
    assert other["samples"] == 48 and len(other["training_overlap"]["same"]) > 20
    rows = run("predict", trained, images / "00.png", images / "01.png", "--json").json
    for each in rows["predictions"]:
        assert each["outputs"]["image"]["error"] >= 0


@pytest.mark.usefixtures("verified_here")
def test_it_is_exported(trained: Path, run: Run, tmp_path: Path) -> None:
    done = run("export", trained, "--format", "keras", "--out", tmp_path / "m.keras")
    assert done.status == 0, done.err


def test_a_model_for_classes_is_replaced_by_a_fix(
    images: Path, run: Run, tmp_path: Path
) -> None:
    project, pets = tmp_path / "p", class_folders(tmp_path / "pets", count=8)
    assert run("new", project, "--data", pets).status == 0
    assert run("set", project, f"data.source={images}").status == 0
    found = run("check", project, "--json")
    (problem,) = (e for e in found.json["problems"] if e["severity"] == "error")
    assert problem["code"] == "no-classes" and problem["fixes"]
    refused = run("train", project)
    assert refused.status == 1 and "subfolder" in refused.err
    assert run("check", project, "--fix", 1).status == 0
    made = load_project(project)
    assert made.head.endswith("reconstruction") and made.data.source.params["path"]


def test_labels_given_by_hand_are_enough_to_classify(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "p"
    images = folders(tmp_path, 12)
    assert run("new", project, "--data", images).status == 0
    for path in images.glob("*/*.png"):
        path.rename(images / f"{path.parent.name}{path.name}")
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    names = {path.name: path.name[:4] for path in images.iterdir()}
    kept = {name: label for name, label in names.items() if not name.endswith("3.png")}
    done = run("set", project, f"data.relabel={json.dumps(kept)}", "plan.epochs=1")
    assert done.status == 0 and "left" in done.out, done.err
    checked = run("check", project)
    assert checked.status == 0, checked.out
    assert "2 of 24 images cannot be used" in checked.out
    assert run("train", project).status == 0
    assert run("evaluate", project, "--json").json["classes"] == ["left", "righ"]


def test_an_autoencoder_keeps_its_head_with_other_data(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    labeled = folders(tmp_path, 4)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "project.json").write_bytes((trained / "project.json").read_bytes())
    assert run("set", copy, f"data.source={labeled}").status == 0
    assert load_project(copy).head.endswith("reconstruction")


def test_images_that_a_table_names_are_reconstructed(run: Run, tmp_path: Path) -> None:
    table, project = photo_table(tmp_path, 30), tmp_path / "p"
    arguments = ("--data", table, "--template", "image-autoencoder")
    done = run("new", project, *arguments)
    assert done.status == 0, done.err
    assert run("set", project, "plan.epochs=1").status == 0
    assert run("train", project).status == 0
    found = run("evaluate", project, "--json").json
    assert set(found["outputs"]) == {"image"} and found["samples"] > 0
    refused = run("new", tmp_path / "q", *arguments, "--target", "glow")
    assert refused.status == 1 and "--target" in refused.err


def test_a_table_without_images_is_offered_what_fits(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"{n},{n % 3},{'ab'[n % 2]}\n" for n in range(30))
    table = tmp_path / "t.csv"
    table.write_text(f"size,age,kind\n{rows}", "utf-8")
    for template in ("image-autoencoder", "image-and-table", "image-cnn"):
        arguments = ("--data", table, "--template", template)
        done = run("new", tmp_path / "p", *arguments)
        assert done.status == 1 and template in done.err
        hint = done.err.replace(template, "", 1)
        assert "table-mlp, table-wide-deep" in hint and "image-" not in hint
