"""The queue in the Train room: filled, ordered, begun, and said when one leaves."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from rooms import until
from train_bench import LEFT, Bench, bench

from dlstudio.document.storage import load_project, save_project
from dlstudio.workers.training import TrainingRequest

__all__ = ("bench",)


def rows(room: Any) -> list[str]:
    shown = room.waiting.list
    return [shown.item(row).text() for row in range(shown.count())]


def epochs(room: Any) -> list[int]:
    return [each.order.project.plan.epochs for each in room.queue.entries]


def fill(bench: Bench, qtbot: QtBot, *wanted: int) -> Any:
    """Let trainings of so many epochs wait, by clicks."""
    for number in wanted:
        bench.plan(epochs=number)
        qtbot.mouseClick(bench.room.waiting.add, LEFT)
    return bench.room


def test_what_waits_is_listed_and_put_in_order(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.room.waiting.isVisible()
    room = fill(bench, qtbot, 1, 2, 3)
    panel = room.waiting
    assert panel.isVisible() and "3 trainings" in panel.title.text()
    assert rows(room) == ["1. digits · 1 epoch", "2. epochs 1 → 2", "3. epochs 2 → 3"]
    assert load_project(bench.world.folder).plan.epochs == 3, "it was saved"
    bench.plan(epochs=9)
    assert epochs(room) == [1, 2, 3], "each is as it was"
    assert not panel.up.isEnabled() and not panel.drop.isEnabled()
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    assert panel.down.isEnabled() and not panel.up.isEnabled()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert epochs(room) == [2, 1, 3] and panel.list.currentRow() == 1
    qtbot.mouseClick(panel.up, LEFT)
    assert epochs(room) == [1, 2, 3]
    panel.list.model().moveRow(_root(panel), 0, _root(panel), 3)  # as a drag does
    until(lambda: epochs(room) == [2, 3, 1])
    assert rows(room)[0].startswith("1. digits · 2 epochs")
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(room.queue.entries) == 2
    qtbot.mouseClick(panel.drop, LEFT)
    qtbot.mouseClick(panel.clear, LEFT)
    assert not room.queue.entries and not panel.isVisible()


def _root(panel: Any) -> Any:
    return panel.list.rootIndex()


def test_the_queue_is_begun_and_goes_on(bench: Bench, qtbot: QtBot) -> None:
    room = fill(bench, qtbot, 2, 1)
    assert room.waiting.begin.isVisible()
    qtbot.mouseClick(room.waiting.begin, LEFT)
    assert room.trainings.state == "preparing" and not room.waiting.begin.isVisible()
    for _training in range(2):
        bench.ends.wait()
    assert not room.queue.entries
    assert not room.waiting.isVisible()
    series = room.record.series
    assert series.outcome == "succeeded" and series.epochs == 1
    assert len(series.training["loss"].y) == 1, "the curves are those of the last one"
    assert bench.newest().id == series.run


@pytest.mark.parametrize("runs", [True, False])
def test_who_quits_is_told_what_waits(bench: Bench, qtbot: QtBot, runs: bool) -> None:
    room = fill(bench, qtbot, 7, 8)
    bench.session.save()
    if runs:
        bench.plan(epochs=100_000)
        bench.session.save()
        bench.begin(qtbot)
    assert not bench.window.close()
    (box,) = bench.window.findChildren(QMessageBox)
    assert "2 trainings wait in the queue" in box.text()
    assert ("A training is running" in box.text()) is runs
    wanted = "Stop and quit" if runs else "Quit"
    (way,) = (each for each in box.buttons() if each.text() == wanted)
    qtbot.mouseClick(way, LEFT)
    until(lambda: bench.window.is_closed)
    assert epochs(room) == [7, 8]
    assert (bench.world.folder / ".cache" / "queue.json").is_file()


def test_what_was_left_is_offered_and_does_not_begin(
    bench: Bench, qtbot: QtBot
) -> None:
    from dlstudio.workers.queue_file import QueueFile

    room = bench.room
    other = bench.world.folder.with_name("other")
    save_project(bench.session.project, other)
    file = QueueFile(other)
    assert file.hold()
    file.write([TrainingRequest(bench.session.project, other)])
    file.release()
    bench.window.shell.go("data")
    bench.session.open(other)
    until(lambda: "1 training waits" in bench.pill)
    bench.window.shell.go("train")
    until(lambda: bool(room.queue.entries))
    assert "left from the last time" in rows(room)[0]
    assert bench.idle() and room.waiting.begin.isVisible()
    qtbot.mouseClick(room.waiting.clear, LEFT)
    until(lambda: not (other / ".cache" / "queue.json").exists())


def test_the_menu_puts_into_the_queue(bench: Bench, qtbot: QtBot) -> None:
    bench.window.shell.go("model")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(bench.window, Qt.Key.Key_Return, keys)
    assert bench.window.shell.room_key() == "train"
    assert len(bench.room.queue.entries) == 1 and bench.idle()
    bench.room.queue.clear()


def test_without_a_folder_nothing_waits(bench: Bench, qtbot: QtBot) -> None:
    bench.session.replace(bench.session.project, None, saved=False)
    qtbot.mouseClick(bench.room.waiting.add, LEFT)
    assert "no folder" in bench.said[-1] and not bench.room.queue.entries
