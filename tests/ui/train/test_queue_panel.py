"""The queue in the Train room: filling, ordering, starting, and the quit warning."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, TrainRoomDriver, driver

from dlstudio.document.storage import load_project, save_project
from dlstudio.workers.training import TrainingRequest

__all__ = ("driver",)


def rows(room: Any) -> list[str]:
    shown = room.waiting.list
    return [shown.item(row).text() for row in range(shown.count())]


def epochs(room: Any) -> list[int]:
    return [each.request.project.plan.epochs for each in room.queue.entries]


def fill(driver: TrainRoomDriver, qtbot: QtBot, *wanted: int) -> Any:
    """Add trainings with these numbers of epochs to the queue, by clicks."""
    for number in wanted:
        driver.plan(epochs=number)
        qtbot.mouseClick(driver.room.waiting.add, LEFT)
    return driver.room


def test_waiting_trainings_are_listed_and_reordered(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    assert not driver.room.waiting.isVisible()
    room = fill(driver, qtbot, 1, 2, 3)
    panel = room.waiting
    assert panel.isVisible() and "3 runs" in panel.title.text()
    assert rows(room) == ["1. digits · 1 epoch", "2. epochs 1 → 2", "3. epochs 2 → 3"]
    assert load_project(driver.world.folder).plan.epochs == 3, "it was saved"
    driver.plan(epochs=9)
    assert epochs(room) == [1, 2, 3], "each is as it was"
    assert not panel.up.isEnabled() and not panel.drop.isEnabled()
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    assert panel.down.isEnabled() and not panel.up.isEnabled()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert epochs(room) == [2, 1, 3] and panel.list.currentRow() == 1
    qtbot.mouseClick(panel.up, LEFT)
    assert epochs(room) == [1, 2, 3]
    panel.list.model().moveRow(_root(panel), 0, _root(panel), 3)  # like a drag
    until(lambda: epochs(room) == [2, 3, 1])
    assert rows(room)[0].startswith("1. digits · 2 epochs")
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(room.queue.entries) == 2
    qtbot.mouseClick(panel.drop, LEFT)
    qtbot.mouseClick(panel.clear, LEFT)
    assert not room.queue.entries and not panel.isVisible()


def _root(panel: Any) -> Any:
    return panel.list.rootIndex()


def test_the_queue_starts_and_continues(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    room = fill(driver, qtbot, 2, 1)
    assert room.waiting.begin.isVisible()
    qtbot.mouseClick(room.waiting.begin, LEFT)
    assert room.trainings.state == "preparing" and not room.waiting.begin.isVisible()
    for _training in range(2):
        driver.ends.wait()
    assert not room.queue.entries
    assert not room.waiting.isVisible()
    history = room.view_state.history
    assert history.outcome == "succeeded" and history.epochs == 1
    assert len(history.training["loss"].y) == 1, "the curves are those of the last one"
    assert driver.newest().id == history.run


@pytest.mark.parametrize("runs", [True, False])
def test_quitting_warns_about_waiting_trainings(
    driver: TrainRoomDriver, qtbot: QtBot, runs: bool
) -> None:
    room = fill(driver, qtbot, 7, 8)
    driver.session.save()
    if runs:
        driver.plan(epochs=100_000)
        driver.session.save()
        driver.begin(qtbot)
    assert not driver.window.close()
    (box,) = driver.window.findChildren(QMessageBox)
    assert "2 runs are waiting in the queue" in box.text()
    assert ("Training is in progress" in box.text()) is runs
    wanted = "Stop and quit" if runs else "Quit"
    (way,) = (each for each in box.buttons() if each.text() == wanted)
    qtbot.mouseClick(way, LEFT)
    until(lambda: driver.window.is_closed)
    assert epochs(room) == [7, 8]
    assert (driver.world.folder / ".cache" / "queue.json").is_file()


def test_a_previous_queue_is_offered_but_not_started(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    from dlstudio.workers.queue_file import QueueFile

    room = driver.room
    other = driver.world.folder.with_name("other")
    save_project(driver.session.project, other)
    file = QueueFile(other)
    assert file.hold()
    file.write([TrainingRequest(driver.session.project, other)])
    file.release()
    driver.window.shell.go("data")
    driver.session.open(other)
    until(lambda: "1 run queued" in driver.pill)
    driver.window.shell.go("train")
    until(lambda: bool(room.queue.entries))
    assert "left over from the last session" in rows(room)[0]
    assert driver.idle() and room.waiting.begin.isVisible()
    qtbot.mouseClick(room.waiting.clear, LEFT)
    until(lambda: not (other / ".cache" / "queue.json").exists())


def test_the_menu_adds_to_the_queue(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.window.shell.go("model")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(driver.window, Qt.Key.Key_Return, keys)
    assert driver.window.shell.room_key() == "train"
    assert len(driver.room.queue.entries) == 1 and driver.idle()
    driver.room.queue.clear()


def test_without_a_folder_nothing_waits(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    driver.session.replace(driver.session.project, None, saved=False)
    qtbot.mouseClick(driver.room.waiting.add, LEFT)
    assert (
        "has not been saved yet" in driver.messages[-1]
        and not driver.room.queue.entries
    )
