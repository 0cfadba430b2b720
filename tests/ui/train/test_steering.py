"""Steering from the window: pause, rate, layers, weights, epochs; going on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until
from train_bench import LEFT, LONG, Bench, bench

from dlstudio.document.edits import SetParam
from dlstudio.document.events import Intervened
from dlstudio.document.project import Project

__all__ = ("bench",)


def told(bench: Bench) -> list[tuple[str, Any]]:
    found = (e for e in bench.newest().events() if isinstance(e, Intervened))
    return [(e.what, e.value) for e in found]


def test_pause_steer_resume_stop(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    room, steer = bench.room, bench.room.bottom.steer
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: room.record.series.paused)
    assert room.record.series.epoch < LONG, "it did not wait for an end"
    assert room.pause.text() == "Resume" and "Paused" in room.note.text()
    until(lambda: "paused" in bench.pill)
    count = len(room.record.series.losses)
    room.bottom.show_tab("steer")
    until(lambda: steer.isEnabled() and steer.weights.rowCount() == 10)
    steer.rate.selectAll()
    qtbot.keyClicks(steer.rate, "0,005")
    qtbot.mouseClick(steer.apply_rate, LEFT)
    until(lambda: "lr → 0.005" in room.loss.mark_texts())
    steer.weights.item(3, 1).setText("２，５")
    qtbot.mouseClick(steer.apply_weights, LEFT)
    until(lambda: len(told(bench)) == 3)
    assert len(room.record.series.losses) == count, "it waits"
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: len(room.record.series.losses) > count)
    assert room.pause.text() == "Pause"
    assert not room.record.series.paused
    assert "class weights 3 2.5" in room.log.toPlainText()
    qtbot.mouseClick(room.stop, LEFT)
    bench.ends.wait()
    assert [what for what, _value in told(bench)] == [
        "pause",
        "learning_rate",
        "class_weights",
        "resume",
    ]
    assert not steer.isEnabled()


def test_a_paused_training_stops(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    qtbot.mouseClick(bench.room.pause, LEFT)
    until(lambda: bench.room.record.series.paused)
    qtbot.mouseClick(bench.room.stop, LEFT)
    bench.ends.wait()
    assert bench.room.record.series.epoch < LONG
    assert bench.newest().outcome == "cancelled"


def test_what_cannot_be_done_is_said(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    steer = bench.room.bottom.steer
    bench.room.bottom.show_tab("steer")
    steer.rate.selectAll()
    qtbot.keyClicks(steer.rate, "0")
    qtbot.mouseClick(steer.apply_rate, LEFT)
    assert "more than 0" in steer.mistake.text() and not told(bench)
    steer.epochs.selectAll()
    qtbot.keyClicks(steer.epochs, "2,5")
    qtbot.mouseClick(steer.apply_epochs, LEFT)
    assert "Write 2 or 3" in steer.mistake.text() and not told(bench)
    assert steer.epochs.property("wrong") is True
    (row,) = (
        row
        for row in range(steer.layers.rowCount())
        if steer.layers.item(row, 0).text() == "head"
    )
    steer.layers.item(row, 1).setCheckState(Qt.CheckState.Unchecked)
    qtbot.mouseClick(steer.apply_layers, LEFT)
    until(lambda: any("left to train" in each for each in bench.said))
    assert not bench.idle(), "it goes on"
    qtbot.mouseClick(bench.room.stop, LEFT)
    bench.ends.wait()


def test_the_canvas_moves_on_and_the_run_keeps_its_model(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.begin(qtbot)
    assert not bench.room.moved.isVisible()
    bench.session.do(SetParam("head", "use_bias", False))
    assert "head use_bias" in bench.room.moved.text()
    assert bench.room.moved.isVisible()
    qtbot.mouseClick(bench.room.stop, LEFT)
    bench.ends.wait()
    assert not bench.room.moved.isVisible()
    head = bench.newest().project().model.nodes["head"]
    assert "use_bias" not in head.params


def test_one_more_epoch_while_it_runs_and_after(bench: Bench, qtbot: QtBot) -> None:
    bench.plan(epochs=2)
    bench.begin(qtbot)
    room = bench.room
    bench.ends.wait()
    run = room.record.series.run
    until(lambda: room.runs.shown.rowCount() == 2)
    room.runs.choose((run,))
    until(room.runs.details.more.isVisible)
    qtbot.mouseClick(room.runs.details.more, LEFT)
    bench.ends.wait()
    assert bench.newest().id == run and bench.newest().record.epochs == 3
    assert room.figures.epoch.text() == "3 / 3"
    assert len(room.record.series.training["loss"]) == 3, "the curve goes on"
    details = room.runs.details
    room.runs.choose((run,))
    until(lambda: details.longer.isVisible() and details.longer.isEnabled())
    details.by.setFocus()
    details.by.selectAll()
    qtbot.keyClicks(details.by, "2")
    qtbot.mouseClick(details.longer, LEFT)
    bench.ends.wait()
    assert bench.newest().id == run and bench.newest().record.epochs == 5


def test_gradients_are_measured_when_wished(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    room = bench.room
    room.bottom.show_tab("layers")
    qtbot.keyClick(room.bottom.layers.watch, Qt.Key.Key_Space)
    until(lambda: "head" in room.record.series.gradients)
    until(lambda: "head" in room.bottom.layers.norms.names())
    assert room.bottom.layers.rate.names()
    qtbot.mouseClick(room.stop, LEFT)
    bench.ends.wait()


def test_a_run_that_was_cut_off_is_offered(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    until(lambda: bench.room.record.series.checkpoint >= 1)
    qtbot.mouseClick(bench.room.stop, LEFT)
    bench.ends.wait()
    run = bench.newest()
    run.update(outcome="running")  # as if its process had died
    bench.window.core.activity.clear()
    folder = bench.session.folder
    bench.session.replace(Project(), None, saved=True)
    bench.session.open(folder)  # as after a start
    until(lambda: "was cut off" in bench.pill)
    bench.window.shell.rebuild()
    room = bench.room
    until(lambda: room.interrupted is not None)
    assert "cut off" in room.interrupted.text
    go = next(b for b in room.interrupted.findChildren(type(room.start)) if b.text())
    qtbot.mouseClick(go, LEFT)
    until(lambda: not bench.idle())
    until(lambda: len(room.record.series.losses) > 0)
    assert bench.newest().id == run.id
    assert room.interrupted is None
    qtbot.mouseClick(room.stop, LEFT)
    bench.ends.wait()


def test_the_header_controls_it_from_any_room(bench: Bench, qtbot: QtBot) -> None:
    bench.begin(qtbot)
    window = bench.window
    window.shell.go("start")
    header = window.shell.content.header
    assert not header.train_button.isVisible()
    qtbot.mouseClick(header.controls["Pause"], LEFT)
    until(lambda: "Resume" in header.controls)
    qtbot.mouseClick(header.controls["Resume"], LEFT)
    until(lambda: "Pause" in header.controls)
    qtbot.mouseClick(header.controls["Stop"], LEFT)
    bench.ends.wait()
    assert header.train_button.isVisible() and not header.controls
