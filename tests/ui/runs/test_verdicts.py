"""The verdict in the window: after training, in Evaluate, and its suggestions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from digits_world import World
from drag_and_drop import drop
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, class_page, open_room, settle, until

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.room_capabilities import DATA
from dlstudio.ui.services.evaluation_job import EvaluationJob
from dlstudio.ui.shell.rooms import ROOMS

LEFT = Qt.MouseButton.LeftButton
WILD = Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 1e30}))


def evaluation_job(window: Any) -> EvaluationJob:
    return window.core.services.evaluation_job


def trained(window: Any, qtbot: QtBot) -> str:
    """Train by a click and wait for the end; returns the run's id."""
    room = window.shell.room()
    ends = TrainingEnds(room.trainings)
    qtbot.mouseClick(room.start, LEFT)
    ends.wait()
    until(lambda: bool(room.view_state.history.outcome))
    return str(room.view_state.history.run)


def report(world: World, run: str) -> Path:
    return world.folder / "runs" / run / "report.json"


def texts(card: Any) -> list[str]:
    return [each.text() for each in card.buttons]


def test_a_run_is_evaluated_automatically_and_shows_its_verdict(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    room = window.shell.room()
    assert not room.verdict.isVisible(), "nothing was trained here yet"
    run = trained(window, qtbot)
    until(room.verdict.card.isVisible)
    assert report(world, run).is_file()
    card = room.verdict.card
    assert card.title.text() == "The model has learned."
    assert "always predicting" in card.text.text()
    qtbot.mouseClick(room.verdict.evaluation, LEFT)
    assert window.shell.room_key() == "evaluate"
    room = window.shell.room()
    found = json.loads(report(world, run).read_text("utf-8"))
    assert class_page(room.view).matrix.isVisible(), "it is shown on opening the room"
    assert class_page(room.view).samples.text() == str(found["samples"])
    until(room.verdict.isVisible)
    assert "confidence interval" in room.verdict.text.text()
    window.shell.set(language="zh_CN", theme="dark")
    room = window.shell.room()
    until(room.verdict.isVisible)
    assert "置信区间" in room.verdict.text.text()


def test_more_epochs_take_one_click(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    run = trained(window, qtbot)
    card = window.shell.room().verdict.card
    until(card.isVisible)
    longer = next(each for each in card.buttons if "more epochs" in each.text())
    window.shell.go("evaluate")
    other = window.shell.room().verdict
    until(lambda: longer.text() in texts(other))
    again = next(each for each in other.buttons if each.text() == longer.text())
    qtbot.mouseClick(again, LEFT)
    assert window.shell.room_key() == "train"
    room = window.shell.room()
    until(lambda: room.view_state.history.epochs == 11)
    assert room.view_state.history.run == run, "the same run continues"
    assert not card.isVisible(), "no verdict on a running training"
    until(lambda: room.view_state.history.outcome == "succeeded")


def test_an_edit_is_applied_and_undone(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    session = window.core.session
    session.do(SetPlan("optimizer", WILD))
    trained(window, qtbot)
    card = window.shell.room().verdict.card
    until(card.isVisible)
    assert card.title.text() == "Training failed."
    assert texts(card) == ["Set the learning rate to 0.01"]
    qtbot.mouseClick(card.buttons[0], LEFT)
    assert session.project.plan.optimizer.params["learning_rate"] == 0.01
    until(lambda: not card.buttons)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.project.plan.optimizer == WILD
    until(lambda: bool(card.buttons))


def test_a_training_does_not_wait_for_an_evaluation(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    room, job = window.shell.room(), evaluation_job(window)
    first = trained(window, qtbot)
    until(lambda: job.running or report(world, first).exists())
    second = trained(window, qtbot)
    assert second != first
    until(lambda: report(world, first).exists() and report(world, second).exists())
    until(lambda: not job.running)
    until(room.verdict.card.isVisible)
    assert room.verdict.card.reported.run == second


def test_all_runs_of_a_queue_are_evaluated(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    room = window.shell.room()
    for epochs in (1, 2):
        window.core.session.do(SetPlan("epochs", epochs))
        qtbot.mouseClick(room.waiting.add, LEFT)
    qtbot.mouseClick(room.waiting.begin, LEFT)
    runs = world.folder / "runs"
    until(lambda: len(list(runs.glob("*/report.json"))) == 2)
    assert not report(world, world.run).exists(), "it was trained before"


def test_verdicts_of_another_project_are_not_shown(
    make_window: Callable[..., Any], world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(world.folder / "project.json", other)
    window = open_room(make_window, world, "train", runs=False)
    trained(window, qtbot)
    verdict = window.shell.room().verdict
    until(verdict.card.isVisible)
    window.core.session.open(other)
    until(lambda: not verdict.card.isVisible())
    window.shell.go("evaluate")
    assert not window.shell.room().verdict.isVisible()
    window.core.session.open(world.folder)
    until(window.shell.room().verdict.isVisible)


def test_automatic_evaluation_can_be_disabled(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "train", runs=False)
    window.shell.set(evaluate_after_training=False)
    job = evaluation_job(window)
    seen: list[bool] = []
    job.changed.connect(lambda: seen.append(job.running))
    run = trained(window, qtbot)
    settle()
    assert not seen and not report(world, run).exists()
    assert not window.shell.room().verdict.isVisible()


def test_the_training_split_gives_no_verdict(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "evaluate")
    room = window.shell.room()
    room.split.setCurrentIndex(room.split.findData("train"))
    qtbot.mouseClick(room.evaluate, LEFT)
    until(lambda: room.verdict.isVisible())
    assert room.verdict.title.text() == "The model was trained on these images."
    assert not report(world, world.run).exists()
    room.split.setCurrentIndex(room.split.findData("test"))
    until(lambda: room.evaluate.isEnabled())
    qtbot.mouseClick(room.evaluate, LEFT)
    until(lambda: room.verdict.title.text() == "The model has learned.")


def test_a_class_is_shown_in_the_data_room(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "start", runs=False)
    window.shell.visit(DATA, lambda room: room.show_class("3"))
    room = window.shell.room()
    until(lambda: room.gallery.bar.filter.classes == frozenset(["3"]))
    until(lambda: 0 < len(room.gallery.grid.selection.rows) < 300)
    window.shell.visit(DATA, lambda room: room.show_class(""))
    assert not room.gallery.bar.filter.classes
    settle()


def make_images(folder: Path, each: int = 12) -> Path:
    random = np.random.default_rng(0)
    for name, level in (("dark", 40), ("light", 200)):
        (folder / name).mkdir(parents=True)
        for number in range(each):
            pixels = random.integers(level, level + 40, (12, 12, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.slow
def test_from_a_dropped_folder_to_a_training(
    make_window: Callable[..., Any], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(ROOMS, with_catalog=Catalog.load())
    window.shell.engine_status.begin()
    drop(window, make_images(tmp_path / "lamps"))
    until(lambda: window.shell.room_key() == "data")
    room = window.shell.room()
    until(room.next_step.isVisible)
    assert room.next_step.what.text() == "24 images, 2 classes"
    window.core.session.do(SetPlan("epochs", 1))
    qtbot.mouseClick(room.next_step.train, LEFT)
    assert window.shell.room_key() == "train"
    train = window.shell.room()
    until(lambda: train.view_state.history.outcome == "succeeded")
    until(train.verdict.card.isVisible)
    window.shell.go("data")
    until(lambda: not room.next_step.isVisible())
    settle()
