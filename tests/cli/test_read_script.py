"""`read-script` and `diff`: a script back into a project, and what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A project of the digits, with its script beside it."""
    folder = tmp_path / "digits"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    assert run("script", folder, "--out", tmp_path / "model.py").status == 0
    return folder


def test_edits_come_back_and_are_described(run: Run, project: Path) -> None:
    script = project.parent / "model.py"
    before = load_project(project)
    assert "Nothing changed." in run("read-script", project, script).out
    assert load_project(project) == before
    text = script.read_text("utf-8").replace("filters=64", "filters=48")
    script.write_text(text.replace("SEED = 20, 32", "SEED = 5, 32"), "utf-8")
    done = run("read-script", project, script)
    assert "“conv_2” (Conv2D): filters 64 → 48." in done.out, done.err
    assert "Plan: epochs 20 → 5." in done.out
    assert load_project(project).plan.epochs == 5
    assert "Nothing changed." in run("read-script", project, script).out


def test_what_is_not_understood_changes_nothing(run: Run, project: Path) -> None:
    script = project.parent / "model.py"
    text = script.read_text("utf-8").replace("filters=64", "filters=size()")
    script.write_text(text, "utf-8")
    before = (project / "project.json").read_bytes()
    done = run("read-script", project, script)
    assert done.status == 1 and "Conv2D, filters" in done.err and "Line" in done.err
    assert (project / "project.json").read_bytes() == before
    assert run("read-script", script).status == 1
    assert run("read-script", project, project).status == 1
    notebook = project.parent / "model.ipynb"
    assert run("script", project, "--out", notebook).status == 0
    notebook.write_bytes(notebook.read_bytes()[:999])
    assert "is not a whole notebook" in run("read-script", project, notebook).err


def test_a_script_alone_makes_a_project(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "net.py"
    script.write_text(
        "import keras\nmodel = keras.Sequential([keras.Input((4,)),\n"
        "    keras.layers.Dense(3, name='first'), keras.layers.Dense(1)])\n"
        "model.compile(keras.optimizers.SGD(0.2), 'mean_absolute_error')\n"
        "model.fit(x, y, epochs=4)\n",
        "utf-8",
    )
    made = tmp_path / "made"
    done = run("read-script", script, "--out", made)
    assert done.status == 0, done.err
    assert "3 layers" in done.out, "one of them joins the columns"
    project = load_project(made)
    assert project.model.nodes["first"].params["units"] == 3
    assert project.head == "dlstudio.heads.regression"
    assert len(project.inputs) == 4, "a number for each column"
    assert (project.plan.epochs, project.plan.loss.kind) == (
        4,
        "keras.losses.MeanAbsoluteError",
    )
    assert run("read-script", script, "--out", made).status == 1


def test_two_projects_are_compared_layer_by_layer(
    run: Run, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    assert run("new", other, "--template", "digits-cnn").status == 0
    assert run("diff", project, other).out.strip() == "No differences."
    run("layers", "add", other, "dropout", "--after", "conv_1", "--name", "rest")
    run("set", other, "plan.epochs=3", "data.split.test=0.2")
    text = run("diff", project, other).out
    assert "Added “rest” (Dropout" in text and "after “conv_1”." in text
    assert "“conv_2” comes after “rest”, no longer after “conv_1”." in text
    assert "Plan: epochs 20 → 3." in text and "test 0.15 → 0.2" in text
    found = run("diff", project, other, "--json").json
    assert [each["id"] for each in found["graphs"]["model"]["added"]] == ["rest"]
    assert run("diff", project, tmp_path / "nothing").status == 1
    assert run("diff", project, ":1").status == 1


def test_values_that_a_script_takes_from_its_data_are_options(
    run: Run, tmp_path: Path
) -> None:
    script = tmp_path / "net.py"
    script.write_text(
        "import keras\nx, names = load()\nfirst = keras.Sequential(\n"
        "    [keras.Input((2,)), keras.layers.Dense(1)])\n"
        "model = keras.Sequential([keras.layers.Dense(len(names))])\n"
        "count = len(names)\nmodel.add(keras.layers.Dense(count))\n",
        "utf-8",
    )
    folder = tmp_path / "net"
    refused = run("read-script", script, "--out", folder)
    assert refused.status == 1 and "--set NAME=VALUE" in refused.err
    assert "can be read: 3" in refused.err and not folder.exists()
    wrong = run("read-script", script, "--out", folder, "--input", "4 pixels")
    assert "not the shape of an input" in wrong.err
    done = run("read-script", script, "--out", folder, "--model", "3")
    assert done.status == 0 and "2 layers" in done.out
    checked = run("check", folder).out
    assert "needs “path”" in checked and "data.source=PATH" in checked
    assert "data.source=PATH" in run("train", folder).err
