"""Three projects opened in turn: everything shown belongs to the open one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from digits_world import World, digit_files, trained_folder, world
from rooms import TrainingEnds, until
from visible_text import visible_texts

from dlstudio.document.edits.project import SetData, SetName, SetPlan
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.run_text import short_id
from dlstudio.ui.shell.rooms import ROOMS

__all__ = ("digit_files", "trained_folder", "world")

BARE = "folder-without-images"
WORKED = ("data", "model", "train", "evaluate", "predict", "export")


class Traveller:
    """A user who opens projects and reads everything displayed about them."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.shell = window.shell

    def open(self, folder: Path) -> None:
        self.shell.controller.open(folder)
        assert self.window.core.session.folder == folder

    def go(self, key: str) -> Any:
        self.shell.go(key)
        return self.shell.room()

    def settle(self) -> None:
        """Wait until nothing is being read or opened."""
        core = self.window.core
        made = vars(core.services)
        data, run_monitor = made.get("dataset"), made.get("run_monitor")
        until(lambda: not core.files.busy and not core.engine._texts.busy)
        until(lambda: data is None or not data.busy)
        until(lambda: run_monitor is None or core.session.folder == run_monitor._folder)
        until(lambda: core.engine.last is not None)

    def read(self) -> dict[str, list[str]]:
        """All texts of each room and of the window around it."""
        found = {}
        for key in WORKED:
            room = self.go(key)
            picker = getattr(room, "picker", None)
            until(lambda picker=picker: picker is None or picker.known)
            self.settle()
            found[key] = visible_texts(self.window)
        self.go("start")
        around = (self.shell.content.header, self.shell.content.status)
        found["start"] = [text for part in around for text in visible_texts(part)]
        return found

    def expect_no_mention_of(self, *strange: str) -> None:
        pattern = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in strange))
        for key, texts in self.read().items():
            wrong = [text for text in texts if pattern.search(text)]
            assert not wrong, f"shown in {key}: {wrong}"


def work_with_alpha(traveller: Traveller, files: list[Path]) -> list[str]:
    """Train and stop, evaluate, predict, attempt an export; returns the texts seen."""
    window = traveller.window
    window.core.session.do(SetName("alpha"))
    window.core.session.do(SetPlan("epochs", 5_000))
    for key in WORKED:
        traveller.go(key)
    train = traveller.go("train")
    ends = TrainingEnds(train.trainings)
    train.train()
    until(lambda: len(train.view_state.history.losses) > 0)
    train.trainings.stop()
    ends.wait()
    until(lambda: "stopped" in pill(window))
    assert train.metric_cards.epoch.text() != "–"
    evaluate = traveller.go("evaluate")
    until(lambda: bool(evaluate.picker.run))
    evaluate.start()
    until(lambda: evaluate._evaluation_job.found is not None)
    predict = traveller.go("predict")
    predict.predict(files)
    until(lambda: len(predict.images.rows) == len(files))
    export = traveller.go("export")
    until(lambda: bool(export.picker.run))
    export.place.setText(str(files[0] / "below-a-file"))
    export.export()
    until(lambda: not export._export_job.running and bool(export.note.text()))
    runs = [each.name for each in (window.core.session.folder / "runs").iterdir()]
    return ["alpha", "stopped", "below-a-file", *map(short_id, runs)]


def pill(window: Any) -> str:
    return str(window.core.activity.text)


@pytest.mark.slow
def test_everything_shown_belongs_to_the_open_project(
    make_window: Callable[..., Any],
    world: World,
    digit_files: Callable[[int], list[Path]],
    tmp_path: Path,
) -> None:
    (tmp_path / BARE).mkdir()
    bare = Spec("dlstudio.sources.folder", FrozenMap({"path": str(tmp_path / BARE)}))
    beta = SetName("beta").apply(load_project(world.folder))
    save_project(SetData("source", bare).apply(beta), tmp_path / "second")
    save_project(Project(name="gamma"), tmp_path / "third")
    window = make_window(ROOMS, with_catalog=world.catalog)
    window.shell.engine_status.begin()
    traveller = Traveller(window)
    traveller.open(world.folder)
    of_alpha = work_with_alpha(traveller, digit_files(2))
    window.shell.controller.save()

    traveller.open(tmp_path / "third")
    assert not pill(window) and not window.shell.notices.bars
    traveller.expect_no_mention_of(*of_alpha)
    assert traveller.go("train").metric_cards.epoch.text() == "–"
    assert traveller.go("predict").images.rows == []

    traveller.open(tmp_path / "second")
    train = traveller.go("train")
    ends = TrainingEnds(train.trainings)
    train.train()
    ends.wait()
    until(lambda: bool(pill(window)))
    traveller.expect_no_mention_of(*of_alpha)
    assert BARE in str(traveller.read())

    traveller.open(tmp_path / "third")
    assert not pill(window) and not window.shell.notices.bars
    traveller.expect_no_mention_of(*of_alpha, "beta", BARE, "could not begin")

    traveller.open(world.folder)
    assert traveller.go("train").run_monitor.refresh() is None
    until(lambda: traveller.go("train").metric_cards.epoch.text() != "–")
    traveller.expect_no_mention_of("beta", "gamma", BARE, "could not begin")


@pytest.mark.slow
def test_a_continuing_training_is_reported_with_its_project(
    make_window: Callable[..., Any], world: World, tmp_path: Path
) -> None:
    save_project(Project(name="gamma"), tmp_path / "third")
    window = make_window(ROOMS, with_catalog=world.catalog)
    traveller = Traveller(window)
    traveller.open(world.folder)
    window.core.session.do(SetName("alpha"))
    window.core.session.do(SetPlan("epochs", 5_000))
    train = traveller.go("train")
    ends = TrainingEnds(train.trainings)
    train.train()
    until(lambda: len(train.view_state.history.losses) > 0)
    traveller.open(tmp_path / "third")
    train = traveller.go("train")
    until(lambda: "alpha: Run" in pill(window))
    assert train.metric_cards.epoch.text() == "–", "these are another project's figures"
    train.trainings.stop()
    ends.wait()
    until(lambda: pill(window).startswith("alpha:") and "stopped" in pill(window))
    assert train.note.text() == "" and train.metric_cards.epoch.text() == "–"
