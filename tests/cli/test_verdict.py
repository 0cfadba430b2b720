"""Verdicts of `verdict`, `train` and `evaluate` on what a run has learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from digits_world import World, trained_folder, world

from dlstudio.document.edit_lock import EditLock
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.project import SetData, SetPlan
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from tests.cli.conftest import Run

__all__ = ("trained_folder", "world")

WILD = Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 1e30}))


def change(world: World, *edits: Any) -> None:
    project = CompositeEdit(edits).apply(load_project(world.folder))
    save_project(project, world.folder)


def report(world: World, run: str = "") -> Path:
    return world.folder / "runs" / (run or world.run) / "report.json"


def test_an_evaluation_ends_with_the_verdict(run: Run, world: World) -> None:
    done = run("verdict", world.folder)
    assert done.status == 1 and "evaluate" in done.err
    (row,) = run("runs", world.folder, "--json").json
    assert row["verdict"] is None
    found = run("evaluate", world.folder, "--json").json["verdict"]
    assert found["outcome"] == "learned"
    comparison = found["comparison"]
    assert comparison["value"] > comparison["low"] > comparison["baseline"]
    assert found["text"].startswith("The model has learned.")
    again = run("verdict", world.folder, "--json").json
    assert again.pop("run") == world.run and again.pop("applied") is None
    assert again == found
    (row,) = run("runs", world.folder, "--json").json
    assert row["verdict"]["outcome"] == "learned"
    assert "yes" in run("runs", world.folder).out
    assert "always predicting" in run("evaluate", world.folder).out


def test_other_data_is_compared_too_but_nothing_is_kept(run: Run, world: World) -> None:
    found = run("evaluate", world.folder, "--data", "digits", "--json").json
    assert found["verdict"]["outcome"] == "learned"
    assert found["verdict"]["causes"] == [] and found["training"] == {}
    assert not report(world).exists()


def test_a_training_ends_with_the_verdict(run: Run, world: World) -> None:
    done = run("train", world.folder, "--json")
    assert done.status == 0
    judged, ended = done.lines[-2:]
    assert judged["event"] == "RunEvaluated" and ended["event"] == "RunEnded"
    assert judged["run"] == ended["run"]
    assert judged["verdict"]["outcome"] == "learned"
    assert report(world, ended["run"]).is_file()
    text = run("train", world.folder).out
    assert "The model has learned." in text and "What to try next:" in text


def test_the_verdict_can_be_skipped(run: Run, world: World) -> None:
    done = run("train", world.folder, "--no-evaluate", "--json")
    assert done.status == 0
    assert "RunEvaluated" not in [line["event"] for line in done.lines]
    assert not report(world, done.lines[-1]["run"]).exists()
    assert "learned" not in run("train", world.folder, "--no-evaluate").out


def test_a_training_stays_good_when_it_cannot_be_evaluated(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_all: object) -> None:
        raise UserError("The images are gone.")

    monkeypatch.setattr("dlstudio.cli.evaluation.evaluate_run", fail)
    done = run("train", world.folder, "--json")
    assert done.status == 0 and "images are gone" in done.err
    assert done.lines[-1]["event"] == "RunEnded"


def test_interrupting_the_evaluation_still_reports_the_outcome(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_all: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dlstudio.cli.evaluation.evaluate_run", interrupt)
    done = run("train", world.folder, "--json")
    assert done.status == 130
    assert done.lines[-1]["event"] == "RunEnded"
    assert done.lines[-1]["outcome"] == "succeeded"


def test_a_loss_that_exploded_is_explained_and_fixed(run: Run, world: World) -> None:
    change(world, SetPlan("optimizer", WILD))
    done = run("train", world.folder, "--json")
    assert done.status == 1
    judged, ended = done.lines[-2:]
    assert judged["verdict"]["outcome"] == "failed"
    assert ended["event"] == "RunEnded" and ended["reason"] == "diverged"
    text = run("verdict", world.folder).out
    assert "Training failed." in text and "--apply 1" in text
    window, before = EditLock(world.folder, "a window"), world.folder / "project.json"
    window.acquire()
    text = before.read_bytes()
    held = run("verdict", world.folder, "--apply", 1)
    assert held.status == 1 and "a window, process" in held.err
    assert before.read_bytes() == text, "nothing is overwritten while a window has it"
    window.release()
    done = run("verdict", world.folder, "--apply", 1)
    assert done.status == 0 and "Applied" in done.out
    rate = load_project(world.folder).plan.optimizer.params["learning_rate"]
    assert rate == 0.01
    assert run("verdict", world.folder, "--apply", 1).status == 1, "it is done"


def test_what_is_no_change_of_the_project_names_its_command(
    run: Run, world: World
) -> None:
    change(world, SetPlan("epochs", 2), SetPlan("optimizer.learning_rate", 1e-4))
    done = run("train", world.folder, "--json").lines[-2]["verdict"]
    kinds = [each["kind"] for each in done["suggestions"]]
    assert "train_longer" in kinds
    number = kinds.index("train_longer") + 1
    refused = run("verdict", world.folder, "--apply", number, "--json")
    assert refused.status == 1
    assert "--resume" in refused.json["error"]["hint"]
    before = (world.folder / "project.json").read_bytes()
    assert run("verdict", world.folder, "--apply", 99).status == 1
    assert (world.folder / "project.json").read_bytes() == before
    # The command works, and the earlier report is gone.
    run_id = done["suggestions"][number - 1]["run"]
    last = run("train", world.folder, "--resume", run_id, "--epochs", 3, "--json")
    assert last.status == 0, last.err
    assert json.loads(report(world, run_id).read_text("utf-8"))["run"] == run_id


def test_without_anything_held_out_it_says_so(run: Run, world: World) -> None:
    change(world, SetData("split.validation", 0.0), SetData("split.test", 0.0))
    done = run("train", world.folder, "--json")
    assert done.status == 0
    assert done.lines[-2]["verdict"]["outcome"] == "untested"
    assert run("verdict", world.folder, "--apply", 1).status == 0
    assert load_project(world.folder).data.split.test == 0.15
