"""The table of runs: changes, notes, overlay, difference, deletion; many runs."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, TrainRoomDriver, driver

from dlstudio.document.events import EpochBegan, EpochEnded, RunStarted, event_to_json
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap

__all__ = ("driver",)


def copied(driver: TrainRoomDriver, number: int, **plan: Any) -> str:
    """A copy of the first run with another plan."""
    first = driver.world.folder / "runs" / driver.world.run
    id = f"20990101-{number:06d}-ab{number % 100:02d}"
    folder = first.with_name(id)
    shutil.copytree(first, folder)
    item = json.loads((folder / "run.json").read_text("utf-8"))
    project = project_from_json(item["project"])
    changed = dataclasses.replace(project.plan, **plan)
    item["project"] = project_to_json(dataclasses.replace(project, plan=changed))
    item["id"] = id
    (folder / "run.json").write_text(json.dumps(item), "utf-8")
    return id


def cells(driver: TrainRoomDriver, row: int) -> list[str]:
    model = driver.room.runs.shown
    return [model.index(row, c).data() for c in range(model.columnCount())]


def listed(driver: TrainRoomDriver, count: int) -> None:
    until(lambda: driver.room.runs.shown.rowCount() == count)


def test_changes_are_shown_and_the_newest_is_drawn(driver: TrainRoomDriver) -> None:
    copied(driver, 1, batch_size=8)
    listed(driver, 2)
    assert cells(driver, 0)[:2] == ["2", "batch size 64 → 8"]
    assert cells(driver, 1)[:2] == ["1", "First run"]
    assert cells(driver, 0)[5] == "650" and cells(driver, 0)[6] == "finished"
    until(lambda: driver.room.metric_cards.epoch.text() == "1 / 1")
    assert "validation" in driver.room.loss.names()


def test_several_are_overlaid_and_two_compared(
    driver: TrainRoomDriver,
) -> None:
    other = copied(driver, 1, batch_size=8)
    listed(driver, 2)
    room = driver.room
    room.runs.choose((driver.world.run, other))
    assert room.runs.count.text() == "Comparing 2 runs"
    until(lambda: set(room.quality.names()) >= {"run 1", "run 2"})
    until(lambda: room.runs.details.difference.text() == "Plan: batch size 64 → 8")
    room.runs.choose((other,))
    until(lambda: "validation" in room.quality.names())
    assert not room.runs.details.difference.isVisible()


def test_sorting_and_filtering(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    copied(driver, 1, batch_size=8)
    copied(driver, 2, epochs=5)
    listed(driver, 3)
    runs = driver.room.runs
    assert [cells(driver, row)[0] for row in range(3)] == ["3", "2", "1"]
    header = runs.table.horizontalHeader()
    place = header.sectionViewportPosition(0) + 10
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(place, 8))
    assert [cells(driver, row)[0] for row in range(3)] == ["1", "2", "3"]
    qtbot.keyClicks(runs.filter, "epochs 5")
    assert runs.shown.rowCount() == 1 and not runs.nothing.text()
    qtbot.keyClicks(runs.filter, "!")
    assert runs.nothing.text() == "No runs match."
    runs.filter.clear()
    assert runs.shown.rowCount() == 3


def test_name_tags_and_note_are_saved(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    listed(driver, 1)
    details = driver.room.runs.details
    driver.room.runs.choose((driver.world.run,))
    details.name.setFocus()
    qtbot.keyClicks(details.name, "my best")
    details.tags.setFocus()
    qtbot.keyClicks(details.tags, "#good small")
    details.note.setFocus()
    qtbot.keyClicks(details.note, "Try more.")
    details.name.setFocus()
    until(lambda: driver.newest().record.note == "Try more.")
    record = driver.newest().record
    assert (record.name, record.tags) == ("my best", ("good", "small"))
    until(lambda: cells(driver, 0)[0] == "1 · my best #good #small")
    driver.newest().update(seconds=9.0)  # like a training that does not know the name
    assert driver.newest().record.name == "my best"


def test_deletion_is_confirmed_in_place(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    other = copied(driver, 1)
    listed(driver, 2)
    details = driver.room.runs.details
    driver.room.runs.choose((other,))
    qtbot.mouseClick(details.delete, LEFT)
    assert "Delete this run" in details.question.text()
    qtbot.mouseClick(details.keep, LEFT)
    assert not details.sure.isVisible()
    qtbot.mouseClick(details.delete, LEFT)
    qtbot.mouseClick(details.sure, LEFT)
    listed(driver, 1)
    assert not (driver.world.folder / "runs" / other).exists()
    assert [p.name for p in (driver.world.folder / "runs").iterdir()] == [
        driver.world.run
    ]


def test_archived_runs_are_hidden(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    listed(driver, 1)
    room = driver.room
    room.runs.choose((driver.world.run,))
    qtbot.mouseClick(room.runs.details.archive, LEFT)
    listed(driver, 0)
    assert driver.newest().record.archived
    room.runs.archived.setChecked(True)
    listed(driver, 1)


def test_a_run_of_another_process_appears_and_grows(driver: TrainRoomDriver) -> None:
    """Its record says "running"; its journal is written elsewhere."""
    from filelock import FileLock

    listed(driver, 1)
    id = copied(driver, 1, epochs=3)
    folder = driver.world.folder / "runs" / id
    item = json.loads((folder / "run.json").read_text("utf-8"))
    item |= {"outcome": "running", "epochs": 0, "best": {}, "metrics": {}}
    (folder / "run.json").write_text(json.dumps(item), "utf-8")
    with FileLock(folder / "lock"):
        journal = folder / "events.jsonl"
        journal.unlink()
        write(journal, RunStarted(0, id, 3, 4, 8, 32, "CPU"), EpochBegan(0, 1))
        listed(driver, 2)
        until(lambda: cells(driver, 0)[6] == "running")
        metric_cards = FrozenMap({"loss": 0.5, "val_accuracy": 0.75})
        write(journal, EpochEnded(0, 1, metric_cards, 0.1, 1.0, True))
        until(lambda: cells(driver, 0)[2:4] == ["0.7500", "1 / 3"])
        until(lambda: len(driver.room.main().training.get("loss", ())) == 1)
    until(lambda: cells(driver, 0)[6] == "interrupted")


def write(journal: Path, *events: Any) -> None:
    with journal.open("a", encoding="utf-8") as stream:
        for event in events:
            stream.write(json.dumps(event_to_json(event)) + "\n")


def test_a_thousand_runs_stay_fast(driver: TrainRoomDriver) -> None:
    first = driver.world.folder / "runs" / driver.world.run
    record = (first / "run.json").read_text("utf-8")
    for number in range(1000):
        folder = first.with_name(f"20990101-{number:06d}-abcd")
        folder.mkdir()
        (folder / "run.json").write_text(record, "utf-8")
    listed(driver, 1001)
    runs = driver.room.runs
    began = time.thread_time()  # the main thread's time, however busy the machine is
    runs.filter.setText("nothing")
    runs.shown.sort(2)
    runs.table.selectAll()
    driver.window.grab()
    assert time.thread_time() - began < 3.0
