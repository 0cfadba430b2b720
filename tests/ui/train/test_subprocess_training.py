"""Training in a subprocess, seen from the real window."""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, TrainRoomDriver, driver

__all__ = ("driver",)

pytestmark = pytest.mark.slow


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_child_leaves_the_window_alive(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(process="child")
    driver.begin(qtbot)
    room = driver.room
    until(lambda: room.view_state.history.checkpoint > 0)
    run = driver.newest()
    pid = int(run.record.platform["pid"])
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    driver.ends.wait()
    until(lambda: room.interrupted is not None)
    messages = [text for text in driver.messages if "was killed" in text]
    assert len(messages) == 1 and "checkpoint is saved" in messages[0]
    assert "was killed" in room.note.text() and "failed" in driver.pill
    assert "can resume" in room.interrupted.text
    assert driver.newest().outcome == "failed"
    assert room.start.isVisible() and room.start.isEnabled()
    epochs = driver.newest().record.epochs
    driver.plan(process="thread")
    (go,) = (
        each
        for each in room.interrupted.findChildren(QPushButton)
        if each.text() == "Resume"
    )
    qtbot.mouseClick(go, LEFT)
    until(lambda: room.view_state.history.epoch > epochs + 1)
    assert room.interrupted is None
    assert driver.newest().id == run.id, "it is the same run"
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()
    assert driver.newest().outcome == "cancelled"


def test_it_is_steered_from_the_same_buttons(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(process="child")
    driver.begin(qtbot)
    room = driver.room
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: room.view_state.history.paused)
    room.trainings.control.set_learning_rate(0.004)
    until(lambda: room.view_state.history.base_rate == 0.004)
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: not room.view_state.history.paused)
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()
    assert "stopped" in driver.pill and driver.newest().model_path is not None


def test_closing_saves_a_checkpoint_and_leaves_no_process(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(process="child")
    driver.begin(qtbot)
    window, pid = driver.window, int(driver.newest().record.platform["pid"])
    driver.session.save()
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    assert "Training is in progress" in box.text()
    (way,) = (each for each in box.buttons() if each.text() == "Stop and quit")
    qtbot.mouseClick(way, LEFT)
    until(lambda: window.is_closed)
    assert not psutil.pid_exists(pid)
    run = driver.newest()
    assert run.outcome == "cancelled" and any(run.checkpoints.iterdir())
