"""Steering from the window: pause, rate, layers, weights, epochs; and resuming."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, LONG, TrainRoomDriver, driver

from dlstudio.document.edits.params import SetParam
from dlstudio.document.events import Intervened
from dlstudio.document.project import Project

__all__ = ("driver",)


def logged_interventions(driver: TrainRoomDriver) -> list[tuple[str, Any]]:
    found = (e for e in driver.newest().events() if isinstance(e, Intervened))
    return [(e.what, e.value) for e in found]


def test_pause_steer_resume_stop(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.begin(qtbot)
    room, steer = driver.room, driver.room.run_tabs.steer
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: room.view_state.history.paused)
    assert room.view_state.history.epoch < LONG, "it did not wait for an end"
    assert room.pause.text() == "Resume" and "Paused" in room.note.text()
    until(lambda: "paused" in driver.pill)
    count = len(room.view_state.history.losses)
    room.run_tabs.show_tab("steer")
    until(lambda: steer.isEnabled() and steer.weights.rowCount() == 10)
    steer.rate.selectAll()
    qtbot.keyClicks(steer.rate, "0,005")
    qtbot.mouseClick(steer.apply_rate, LEFT)
    until(lambda: "lr → 0.005" in room.loss.mark_texts())
    steer.weights.item(3, 1).setText("２，５")
    qtbot.mouseClick(steer.apply_weights, LEFT)
    until(lambda: len(logged_interventions(driver)) == 3)
    assert len(room.view_state.history.losses) == count, "it is paused"
    qtbot.mouseClick(room.pause, LEFT)
    until(lambda: len(room.view_state.history.losses) > count)
    assert room.pause.text() == "Pause"
    assert not room.view_state.history.paused
    assert "class weights 3 2.5" in room.log.toPlainText()
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()
    assert [what for what, _value in logged_interventions(driver)] == [
        "pause",
        "learning_rate",
        "class_weights",
        "resume",
    ]
    assert not steer.isEnabled()


def test_a_paused_training_stops(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.begin(qtbot)
    qtbot.mouseClick(driver.room.pause, LEFT)
    until(lambda: driver.room.view_state.history.paused)
    qtbot.mouseClick(driver.room.stop, LEFT)
    driver.ends.wait()
    assert driver.room.view_state.history.epoch < LONG
    assert driver.newest().outcome == "cancelled"


def test_invalid_changes_are_reported(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.begin(qtbot)
    steer = driver.room.run_tabs.steer
    driver.room.run_tabs.show_tab("steer")
    assert not steer.mistake.isVisible(), "it takes no space while there is none"
    steer.rate.selectAll()
    qtbot.keyClicks(steer.rate, "0")
    qtbot.mouseClick(steer.apply_rate, LEFT)
    assert "more than 0" in steer.mistake.text() and not logged_interventions(driver)
    assert steer.mistake.isVisible()
    steer.epochs.selectAll()
    qtbot.keyClicks(steer.epochs, "2,5")
    qtbot.mouseClick(steer.apply_epochs, LEFT)
    assert "Enter 2 or 3" in steer.mistake.text() and not logged_interventions(driver)
    assert steer.epochs.property("wrong") is True
    (row,) = (
        row
        for row in range(steer.layers.rowCount())
        if steer.layers.item(row, 0).text() == "head"
    )
    steer.layers.item(row, 1).setCheckState(Qt.CheckState.Unchecked)
    qtbot.mouseClick(steer.apply_layers, LEFT)
    until(lambda: any("remain to train" in each for each in driver.messages))
    assert not driver.idle(), "it continues"
    qtbot.mouseClick(driver.room.stop, LEFT)
    driver.ends.wait()


def test_the_canvas_moves_on_and_the_run_keeps_its_model(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.begin(qtbot)
    assert not driver.room.changes.isVisible()
    driver.session.do(SetParam("head", "use_bias", False))
    assert "head use_bias" in driver.room.changes.text()
    assert driver.room.changes.isVisible()
    qtbot.mouseClick(driver.room.stop, LEFT)
    driver.ends.wait()
    assert not driver.room.changes.isVisible()
    head = driver.newest().project().model.nodes["head"]
    assert "use_bias" not in head.params


def test_one_more_epoch_while_it_runs_and_after(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(epochs=2)
    driver.begin(qtbot)
    room = driver.room
    driver.ends.wait()
    run = room.view_state.history.run
    until(lambda: room.runs.shown.rowCount() == 2)
    room.runs.choose((run,))
    until(room.runs.details.more.isVisible)
    qtbot.mouseClick(room.runs.details.more, LEFT)
    driver.ends.wait()
    assert driver.newest().id == run and driver.newest().record.epochs == 3
    assert room.metric_cards.epoch.text() == "3 / 3"
    assert len(room.view_state.history.training["loss"]) == 3, "the curve continues"
    details = room.runs.details
    room.runs.choose((run,))
    until(lambda: details.longer.isVisible() and details.longer.isEnabled())
    details.by.setFocus()
    details.by.selectAll()
    qtbot.keyClicks(details.by, "2")
    qtbot.mouseClick(details.longer, LEFT)
    driver.ends.wait()
    assert driver.newest().id == run and driver.newest().record.epochs == 5


def test_gradients_are_recorded_if_enabled(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.begin(qtbot)
    room = driver.room
    room.run_tabs.show_tab("layers")
    qtbot.keyClick(room.run_tabs.layers.watch_gradients_box, Qt.Key.Key_Space)
    until(lambda: "head" in room.view_state.history.gradients)
    until(lambda: "head" in room.run_tabs.layers.norms.names())
    assert room.run_tabs.layers.rate.names()
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()


def test_an_interrupted_run_is_offered(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.begin(qtbot)
    until(lambda: driver.room.view_state.history.checkpoint >= 1)
    qtbot.mouseClick(driver.room.stop, LEFT)
    driver.ends.wait()
    run = driver.newest()
    run.update(outcome="running")  # as if its process had been killed
    driver.window.core.activity.clear()
    folder = driver.session.folder
    driver.session.replace(Project(), None, saved=True)
    driver.session.open(folder)  # as after a start
    until(lambda: "was interrupted" in driver.pill)
    driver.window.shell.rebuild()
    room = driver.room
    until(lambda: room.interrupted is not None)
    assert "interrupted" in room.interrupted.text
    go = next(b for b in room.interrupted.findChildren(type(room.start)) if b.text())
    qtbot.mouseClick(go, LEFT)
    until(lambda: not driver.idle())
    until(lambda: len(room.view_state.history.losses) > 0)
    assert driver.newest().id == run.id
    assert room.interrupted is None
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()


def test_the_header_controls_it_from_any_room(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.begin(qtbot)
    window = driver.window
    window.shell.go("start")
    header = window.shell.content.header
    assert not header.train_button.isVisible()
    qtbot.mouseClick(header.controls["Pause"], LEFT)
    until(lambda: "Resume" in header.controls)
    qtbot.mouseClick(header.controls["Resume"], LEFT)
    until(lambda: "Pause" in header.controls)
    qtbot.mouseClick(header.controls["Stop"], LEFT)
    driver.ends.wait()
    assert header.train_button.isVisible() and not header.controls
