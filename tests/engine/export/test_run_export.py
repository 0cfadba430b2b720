"""Runs on real folders: their data, other data, and verification samples."""

from __future__ import annotations

import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.guess_source import guess_source
from dlstudio.document.graph import Graph, node
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.evaluation.evaluate_image_classes import evaluate
from dlstudio.engine.evaluation.held_out import ALL, held_out
from dlstudio.engine.export.image_samples import run_verification_samples
from dlstudio.engine.export.run_export import export_run
from dlstudio.engine.prediction.image_classifier import load_trained
from dlstudio.engine.project.run_data import prepare_other, prepare_run
from dlstudio.engine.runs.evaluation_report import save_report
from dlstudio.engine.runs.store import RunStore
from dlstudio.errors import UserError

COLORS = {"red": (250, 5, 5), "green": (5, 250, 5), "blue": (5, 5, 250)}


def paint(folder, name, color, count, suffix=".jpg"):
    (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        size = (20 + number, 14)
        Image.new("RGB", size, color).save(folder / name / f"{number}{suffix}")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(BUILTIN)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project's folder beside images in three formats."""
    folder = tmp_path_factory.mktemp("project")
    for (name, color), suffix in zip(
        COLORS.items(), (".jpg", ".png", ".tiff"), strict=True
    ):
        paint(folder / "pictures", name, color, 4, suffix)
    return folder


@pytest.fixture(scope="module")
def run(project):
    """A run whose model predicts colours (classes sorted by name)."""
    layers = keras.layers
    graph = Graph.chain(
        [
            node("input", "keras.layers.InputLayer", shape=(6, 5, 3)),
            node("dense", "keras.layers.Dense", units=3),
        ]
    )
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": "pictures"}))
    recipe = DataRecipe(source, Split(validation=0.25, test=0.25))
    value = Project(name="Colours", data=recipe).with_graph("model", graph)
    model = keras.Sequential(
        [
            keras.Input((6, 5, 3)),
            layers.Rescaling(1 / 255),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, "softmax"),
        ]
    )
    model.layers[-1].set_weights(
        [10 * np.eye(3, dtype=np.float32)[[2, 1, 0]], np.zeros(3, np.float32)]
    )
    made = RunStore(project).create(
        project_to_json(value), data={"classes": ["blue", "green", "red"]}
    )
    model.save(made.folder / "model.keras")
    return made


@pytest.fixture(scope="module")
def opened(run, project, catalog):
    return load_trained(run, catalog), prepare_run(run, project, catalog)


def test_evaluates_its_own_held_out_split(opened):
    trained, prepared = opened
    report = evaluate(trained, prepared, held_out(prepared))
    assert (report.split, report.samples) == ("test", 3)
    assert report.metrics["accuracy"] == 1
    assert report.fingerprint == prepared.fingerprint


def test_evaluates_another_folder_whole_and_names_the_mistakes(
    opened, run, project, catalog, tmp_path
):
    paint(tmp_path, "red", COLORS["red"], 2)
    shutil.copy(tmp_path / "red" / "0.jpg", tmp_path / "red" / "9.jpg")
    paint(tmp_path, "blue", COLORS["green"], 1)
    source = guess_source(tmp_path, catalog)
    report = evaluate(opened[0], prepare_other(run, project, catalog, source), ALL)
    assert report.samples == 4
    assert report.per_class["red"]["recall"] == 1
    (mistake,) = report.mistakes
    assert mistake["input"] == "blue/0.jpg"
    assert (mistake["truth"], mistake["label"]) == ("blue", "green")


def test_another_folder_with_a_strange_class_is_refused(
    opened, run, project, catalog, tmp_path
):
    paint(tmp_path, "violet", (100, 0, 200), 1)
    paint(tmp_path, "red", COLORS["red"], 1)
    other = prepare_other(run, project, catalog, guess_source(tmp_path, catalog))
    with pytest.raises(UserError, match="violet"):
        evaluate(opened[0], other, ALL)


def test_verifies_with_held_out_samples_first_and_original_files(
    opened, run, project, catalog
):
    trained, prepared = opened
    chosen = run_verification_samples(run, project, catalog, trained, prepared)
    assert dict(chosen.drawn_from) == {"test": 3, "validation": 3, "train": 6}
    assert sorted(chosen.names) == sorted(prepared.ids)
    heads = [each[:4] for each in chosen.encoded]
    for name, head in zip(chosen.names, heads, strict=True):
        # TensorFlow cannot decode TIFF in a graph, so its pixels are encoded as PNG.
        assert head == (b"\xff\xd8\xff\xe0" if "red" in name else b"\x89PNG")
    assert chosen.original_files == 8
    np.testing.assert_array_equal(chosen.pixels, chosen.encoded_pixels)


@pytest.mark.usefixtures("verified_here")
def test_exports_with_the_reports_metrics(opened, run, project, catalog, tmp_path):
    trained, prepared = opened
    save_report(evaluate(trained, prepared), run.folder)
    result = export_run(run, "keras", tmp_path / "colours", project, catalog)
    assert result.path == tmp_path / "colours.keras"
    assert result.certificate.samples == 12
    text = (tmp_path / "colours.keras.card.md").read_text("utf-8")
    assert text.startswith("# Colours\n")
    assert "| accuracy | 1.0000 |" in text


def test_no_export_without_data(run, project, catalog, tmp_path):
    images = project / "pictures"
    images.rename(project / "elsewhere")
    try:
        with pytest.raises(UserError, match="does not exist"):
            export_run(run, "keras", tmp_path / "colours", project, catalog)
    finally:
        (project / "elsewhere").rename(images)
    assert list(tmp_path.iterdir()) == []


def test_unknown_format_is_reported(run, project, catalog, tmp_path):
    with pytest.raises(UserError, match="onnx"):
        export_run(run, "onnx", tmp_path / "colours", project, catalog)
