"""A training in a process of its own, seen from the real window."""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from rooms import until
from train_bench import LEFT, Bench, bench

__all__ = ("bench",)

pytestmark = pytest.mark.slow


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_child_leaves_the_window_alive(bench: Bench, qtbot: QtBot) -> None:
    bench.plan(process="child")
    bench.begin(qtbot)
    room = bench.room
    until(lambda: room.record.series.checkpoint > 0)
    run = bench.newest()
    pid = int(run.record.platform["pid"])
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    bench.ends.wait()
    until(lambda: room.interrupted is not None)
    said = [text for text in bench.said if "was killed" in text]
    assert len(said) == 1 and "checkpoint was kept" in said[0]
    assert "was killed" in room.note.text() and "failed" in bench.pill
    assert "can go on" in room.interrupted.text
    assert bench.newest().outcome == "failed"
    assert room.start.isVisible() and room.start.isEnabled()
    epochs = bench.newest().record.epochs
    bench.plan(process="thread")
    (go,) = (
        each
        for each in room.interrupted.findChildren(QPushButton)
        if each.text() == "Go on"
    )
    qtbot.mouseClick(go, LEFT)
    until(lambda: room.record.series.epoch > epochs + 1)
    assert room.interrupted is None
    assert bench.newest().id == run.id, "it is the same run"
    qtbot.mouseClick(room.stop, LEFT)
    bench.ends.wait()
    assert bench.newest().outcome == "cancelled"


def test_it_is_steered_from_the_same_buttons(bench: Bench, qtbot: QtBot) -> None:
    bench.plan(process="child")
    bench.begin(qtbot)
    room = bench.room
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: room.record.series.paused)
    room.trainings.control.set_learning_rate(0.004)
    until(lambda: room.record.series.base_rate == 0.004)
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: not room.record.series.paused)
    qtbot.mouseClick(room.stop, LEFT)
    bench.ends.wait()
    assert "stopped" in bench.pill and bench.newest().model_path is not None


def test_closing_keeps_a_checkpoint_and_leaves_no_process(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.plan(process="child")
    bench.begin(qtbot)
    window, pid = bench.window, int(bench.newest().record.platform["pid"])
    bench.session.save()
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    assert "training is running" in box.text()
    (way,) = (each for each in box.buttons() if each.text() == "Stop and quit")
    qtbot.mouseClick(way, LEFT)
    until(lambda: window.is_closed)
    assert not psutil.pid_exists(pid)
    run = bench.newest()
    assert run.outcome == "cancelled" and any(run.checkpoints.iterdir())
