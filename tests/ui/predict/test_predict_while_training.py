"""The Predict and Evaluate rooms during training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from digits_world import World
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import class_page, drop, files_of, open_room, until

from dlstudio.document.storage import load_project
from dlstudio.workers.training import IDLE, TrainingRequest

LEFT = Qt.MouseButton.LeftButton


def test_a_training_predicts_and_is_evaluated_from_its_last_checkpoint(
    make_window, world: World, digit_files: Callable[[int], list[Path]], qtbot: QtBot
) -> None:
    project = load_project(world.folder)
    project = replace(project, plan=replace(project.plan, epochs=5000))
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    window.shell.engine_status.begin()
    until(lambda: window.core.engine.state == "ready")
    trainings = window.core.services.trainings
    trainings.start(TrainingRequest(project, world.folder))
    until(lambda: room.picker.run not in ("", world.run))  # its first checkpoint
    assert "running · after epoch" in room.picker.combo.currentText()
    drop(room, files_of(digit_files(2)))
    until(lambda: len(room.images.rows) == 2 and not room.images.stop.isVisible())
    assert all(
        row.prediction.from_checkpoint and row.prediction.answer.label
        for row in room.images.rows
    )
    running = room.picker.run

    window.shell.go("evaluate")
    room = window.shell.room()
    until(lambda: room.picker.run == running)
    qtbot.mouseClick(room.evaluate, LEFT)
    until(class_page(room.view).matrix.isVisible)
    assert "from the last checkpoint" in room.about.full_text()
    assert not (world.folder / "runs" / running / "report.json").exists()
    assert trainings.state != IDLE, "training has continued"
    trainings.stop()
    until(lambda: trainings.state == IDLE)
