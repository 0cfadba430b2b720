"""`trust`, and `import` with code: nothing runs before, everything works after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from custom_code_files import save_layers, trusted_nowhere, write_code

from dlstudio.document.storage import load_project, project_file
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, its code, and rows."""
    folder = tmp_path_factory.mktemp("files")
    save_layers(folder / "layers.keras", write_code(folder / "layers.py"))
    rows = [f"{n % 5},{n % 3},{n % 7},1,class {n % 2}" for n in range(30)]
    text = "\n".join(["row_1,row_2,row_3,row_4,label", *rows])
    (folder / "rows.csv").write_text(text + "\n")
    return folder


@pytest.fixture(autouse=True)
def nothing_trusted(tmp_path: Path) -> Iterator[None]:
    with trusted_nowhere(tmp_path / "config"):
        yield


def test_code_is_shown_trusted_and_revoked(
    files: Path, tmp_path: Path, run: Run
) -> None:
    project, code = tmp_path / "project", files / "layers.py"
    done = run("import", files / "layers.keras", "--out", project)
    assert done.status == 0 and "theirs>Squeezer" in done.err
    assert "--trust-code" in done.err and "--code FILE" in done.err
    assert run("trust", project, "--code", code).status == 0
    assert load_project(project).code == ("code/layers.py",)
    done = run("trust", project)
    assert '"""Layers of somebody else."""' in done.out and "not trusted" in done.out
    assert "Names in it: " in done.out and "--yes" in done.out
    done = run("trust", project, "--yes", "--json")
    assert [each["trusted"] for each in done.json["code"]] == [True, True]
    done = run("summary", project, "--json")
    assert done.json["parameters"] == 24 + 20 + 10
    (project / "code" / "layers.py").write_text(code.read_text() + "# changed\n")
    done = run("trust", project, "--json")
    assert [each["trusted"] for each in done.json["code"]] == [False, True]
    done = run("trust", project, "--revoke", "--json")
    assert [each["trusted"] for each in done.json["code"]] == [False, False]
    assert run("trust", project, "--yes", "--revoke").status != 0
    item = json.loads(project_file(project).read_text())
    item["code"] = ["../secret.py"]
    project_file(project).write_text(json.dumps(item))
    done = run("trust", project, "--yes")
    assert done.status == 1 and "not a code file" in done.err


def test_no_command_runs_code_that_is_not_trusted(
    files: Path, tmp_path: Path, run: Run
) -> None:
    project, mark = tmp_path / "project", tmp_path / "mark"
    trap = write_code(tmp_path / "layers.py", f"open({str(mark)!r}, 'w').close()")
    model = files / "layers.keras"
    assert run("import", model, "--out", project, "--code", trap).status == 0
    script = tmp_path / "model.py"
    for command in (
        ("check",), ("summary",), ("script", "--out", script), ("trust",), ("train",),
        ("draw", "--out", tmp_path / "model.svg"), ("set",), ("read-script", script),
    ):  # fmt: skip
        name, *more = command
        done = run(name, project, *more)
        assert done.status == (1 if name in ("check", "train") else 0), done.err
    assert script.is_file() and not mark.exists()


def test_a_trusted_model_trains_predicts_and_is_exported(
    files: Path, tmp_path: Path, run: Run
) -> None:
    project, rows = tmp_path / "project", files / "rows.csv"
    options = ("--code", files / "layers.py", "--trust-code", "--json")
    done = run("import", files / "layers.keras", "--out", project, *options)
    assert done.json["difference"] == 0 and done.json["predicts"]
    assert not done.json["missing"]
    first = run("predict", project, rows, "--json").json["predictions"]
    settings = (f"data.source.path={rows}", "plan.epochs=1")
    rate = "plan.optimizer.learning_rate=1e-9"
    assert run("set", project, *settings, rate).status == 0
    done = run("train", project)
    assert done.status == 0, done.err
    again = run("predict", project, rows, "--json").json["predictions"]
    assert [each["label"] for each in again] == [each["label"] for each in first]
    out = tmp_path / "exported.keras"
    done = run("export", project, "--format", "keras", "--out", out, "--json")
    assert done.status == 0, done.err
    card = (tmp_path / "exported.keras.card.md").read_text("utf-8")
    assert "import layers as custom_layers" in card and "safe_mode=False" in card
    # Without trust, the run is as closed as the project.
    run("trust", project, "--revoke")
    for command in ("predict", "evaluate", "export", "train"):
        more = [rows] if command == "predict" else []
        if command == "export":
            more = ["--format", "keras", "--out", tmp_path / "none"]
        done = run(command, project, *more)
        assert done.status != 0 and "dlstudio trust" in done.err, command
