"""`runs`: runs listed by number and compared by a metric."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json, save_project
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import ROOT, Run

KILLED_NEW = """
import os, signal, sys
from dlstudio.cli import main

os.replace = lambda *_paths: os.kill(os.getpid(), signal.SIGKILL)
main(["new", sys.argv[1], "--template", "digits-cnn"])
"""
VALUES = (
    {"val_accuracy": (0.2258, 1), "val_loss": (0.50, 1)},
    {"val_accuracy": (0.3226, 4), "val_loss": (0.55, 2)},
    {"val_accuracy": (0.2258, 2), "val_loss": (0.45, 3)},
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three runs, each the best by a different metric."""
    folder = tmp_path / "fruit"
    save_project(Project("fruit"), folder)
    store = RunStore(folder)
    for number, values in enumerate(VALUES, 1):
        best = {n: {"value": v, "epoch": e} for n, (v, e) in values.items()}
        store.create(project_to_json(Project("fruit"))).set_outcome(
            "succeeded",
            epochs=5,
            seconds=20.1,
            elapsed=37.5 + number,
            best={"epoch": 1, "metrics": {"val_accuracy": 0.2258}},
            best_values=best,
            smaller_is_better=("loss",),
        )
    return folder


def test_the_best_value_of_a_named_metric_is_shown(run: Run, project: Path) -> None:
    done = run("runs", project)
    assert "Best val_accuracy" in done.out
    assert "0.3226" in done.out
    assert "38.5 s" in done.out and "20.1 s" in done.out


def test_the_choice_of_the_metric_is_kept(run: Run, project: Path) -> None:
    assert "Best val_loss" in run("runs", project, "--metric", "val_loss").out
    assert "Best val_loss" in run("runs", project).out
    assert run("runs", project, "--json").json[0]["metric"] == "val_loss"
    assert "Best val_accuracy" in run("runs", project, "--metric", "").out


@pytest.mark.parametrize(
    ("metric", "order"), [("val_accuracy", [2, 1, 3]), ("val_loss", [3, 1, 2])]
)
def test_the_best_comes_first_whichever_way_is_better(
    run: Run, project: Path, metric: str, order: list[int]
) -> None:
    done = run("runs", project, "--metric", metric, "--sort", "metric", "--json")
    assert [each["number"] for each in done.json] == order


def test_an_unknown_choice_is_reported_with_the_known_ones(
    run: Run, project: Path
) -> None:
    done = run("runs", project, "--metric", "f1")
    assert done.status == 1 and "val_accuracy, val_loss" in done.err
    done = run("runs", project, "--sort", "colour")
    assert done.status == 1 and "parameters" in done.err


def test_a_damaged_run_is_named_once_and_tidied(run: Run, project: Path) -> None:
    bad = RunStore(project).all()[1]
    item = {**bad.record.to_json(), "created": 1e18}
    (bad.folder / "run.json").write_text(json.dumps(item))
    done = run("runs", project)
    assert done.status == 0 and done.err.count(bad.id) == 1
    assert "0.3226" not in done.out and "0.2258" in done.out
    assert "--tidy" in done.err
    done = run("runs", project, "--tidy")
    assert done.status == 0 and f"Moved to runs/.damaged: {bad.id}" in done.err
    assert not run("runs", project).err


@pytest.mark.parametrize("name", ["2", "letters", "id"])
def test_a_run_is_named_by_its_number_or_its_id(
    run: Run, project: Path, name: str
) -> None:
    second = RunStore(project).all()[1]
    second.update(note="x")
    names = {"letters": second.id.rpartition("-")[2], "id": second.id}
    done = run("verdict", project, "--run", names.get(name, name))
    assert done.status == 1 and second.label in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_new_begins_again_where_it_was_killed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    command = [sys.executable, "-c", KILLED_NEW, str(folder)]
    done = subprocess.run(command, cwd=ROOT, timeout=120, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(folder.iterdir()), "something is left of it"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    assert [each.name for each in folder.iterdir()] == ["project.json"]
