"""`script`: the model as a Keras script, on stdout or in a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.codegen.script import script
from tests.cli.conftest import ROOT, Run

LIGHT = """
import sys
from dlstudio.cli import main
status = main(["script", sys.argv[1], "--out", sys.argv[2]])
print(status, *[name for name in ("tensorflow", "keras") if name in sys.modules])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small model, saved."""
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        node("flat", "keras.layers.Flatten"),
        node("head", "keras.layers.Dense", units=3, activation="softmax"),
    ]
    folder = tmp_path / "small"
    graphs = FrozenMap({"model": Graph.chain(nodes)})
    save_project(Project(name="Small", graphs=graphs), folder)
    return folder


def test_the_script_is_the_one_the_engine_writes(run: Run, project: Path) -> None:
    done = run("script", project)
    assert done.status == 0
    assert done.out == script(load_project(project), Catalog.load()).text
    assert "layers.Dense(" in done.out
    compile(done.out, "model.py", "exec")


def test_it_goes_into_a_file_where_one_is_named(
    run: Run, project: Path, tmp_path: Path
) -> None:
    text = run("script", project, "--json").json["script"]
    out = tmp_path / "new" / "model.py"
    assert run("script", project, "--out", out).out.strip() == str(out)
    assert out.read_text("utf-8") == text
    assert run("script", project, "--out", out, "--json").json == {"path": str(out)}
    notebook = tmp_path / "model.ipynb"
    assert run("script", project, "-o", notebook).status == 0
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    assert any("".join(cell["source"]) in text for cell in cells)
    assert run("read-script", project, notebook).out.strip() == "Nothing changed."


def test_a_model_without_layers_is_reported(run: Run, tmp_path: Path) -> None:
    save_project(Project(name="Nothing"), tmp_path / "nothing")
    done = run("script", tmp_path / "nothing")
    assert done.status == 1
    assert done.out == ""
    assert done.err.startswith("Error: ")


def test_tensorflow_is_not_loaded_for_it(project: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIGHT, str(project), str(tmp_path / "m.py")]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "0", done.stderr
