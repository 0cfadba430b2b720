"""`summary`: layers, outputs and parameter counts, as Keras counts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model.build import build
from tests.cli.conftest import Run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small model with a layer that is partly trainable."""
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        node("conv", "keras.layers.Conv2D", filters=4, kernel_size=3),
        node("norm", "keras.layers.BatchNormalization"),
        node("flat", "keras.layers.Flatten"),
        node("head", "keras.layers.Dense", units=3, activation="softmax"),
    ]
    folder = tmp_path / "small"
    graphs = FrozenMap({"model": Graph.chain(nodes)})
    save_project(Project(name="Small", graphs=graphs), folder)
    return folder


def test_the_counts_are_those_of_keras(run: Run, project: Path) -> None:
    found = run("summary", project, "--json").json
    model = build(load_project(project), Catalog.load())
    assert found["parameters"] == model.count_params()
    trainable = sum(int(v.numpy().size) for v in model.trainable_variables)
    assert found["trainable"] == trainable < found["parameters"]
    assert found["layer_count"] == 4, "the input is none"
    counts = {each["id"]: each["parameters"] for each in found["layers"]}
    assert counts == {"image": 0, "conv": 40, "norm": 16, "flat": 0, "head": 435}
    work = {each["id"]: each["multiply_adds"] for each in found["layers"]}
    assert work["conv"] == 6 * 6 * 4 * 9 and work["head"] == 144 * 3
    memory = {each["id"]: each["memory"] for each in found["layers"]}
    assert memory["conv"] == 6 * 6 * 4 * 4
    assert found["multiply_adds"] == sum(work.values())
    assert found["memory"] == sum(memory.values()) < found["training_memory"]
    shapes = {each["id"]: each["outputs"] for each in found["layers"]}
    assert shapes["conv"] == [[6, 6, 4]] and shapes["head"] == [[3]]


def test_the_table_ends_with_the_totals(run: Run, project: Path) -> None:
    done = run("summary", project)
    assert done.status == 0, done.err
    assert "4 layers, 491 parameters, 483 of them trainable." in done.out
    assert "1.6 k" in done.out or "1.3 k" in done.out
    assert "For each sample: " in done.out and " multiply-adds" in done.out
    assert "Training in batches of 32 takes about " in done.out
    assert "conv" in done.out and "Conv2D" in done.out and "6×6×4" in done.out


def test_a_converted_model_is_shown(run: Run) -> None:
    path = Path(__file__).parents[1] / "support" / "converted_files" / "tiny.onnx"
    done = run("summary", path)
    assert done.status == 0, done.err
    assert "ONNX: 3 layers, 8 parameters, 32 B." in done.out
    assert "?×2" in done.out and "█" in done.out
    found = run("summary", path, "--json").json
    assert found["inputs"] == {"x": [None, 3]}
    assert sum(found["layers"][0]["weights"]["histogram"]) == 6
