"""`draw`: the model as a drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap
from tests.cli.conftest import Run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        node("flat", "keras.layers.Flatten"),
        node("head", "keras.layers.Dense", units=3),
    ]
    folder = tmp_path / "small"
    graphs = FrozenMap({"model": Graph.chain(nodes)})
    save_project(Project(name="Small", graphs=graphs), folder)
    return folder


def test_the_model_is_drawn_with_its_shapes(run: Run, project: Path) -> None:
    before, out = load_project(project), project.parent / "model.svg"
    assert run("draw", project, "--out", out).out.strip() == str(out)
    text = out.read_text("utf-8")
    assert "<title>Small</title>" in text
    assert ">8×8×1<" in text and ">64<" in text and ">195<" in text
    assert load_project(project) == before


def test_scale_and_theme_are_chosen(run: Run, project: Path) -> None:
    out = project.parent / "model.png"
    options = ("--scale", "1", "--theme", "dark", "--no-shapes")
    done = run("draw", project, "--out", out, *options, "--json")
    assert done.json == {"path": str(out), "layer_count": 2}
    image = Image.open(out)
    assert image.size == (224, 288) and image.getpixel((2, 2)) == (18, 21, 27)


def test_an_unknown_format_is_refused(run: Run, project: Path) -> None:
    done = run("draw", project, "--out", project.parent / "model.gif")
    assert done.status == 1 and ".svg" in done.err
