"""The table of runs: what changed, notes, overlay, difference, deletion; many."""

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
from train_bench import LEFT, Bench, bench

from dlstudio.document.events import EpochBegan, EpochEnded, RunStarted, event_to_json
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap

__all__ = ("bench",)


def copied(bench: Bench, number: int, **plan: Any) -> str:
    """Another run, made of the first one with another plan."""
    first = bench.world.folder / "runs" / bench.world.run
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


def cells(bench: Bench, row: int) -> list[str]:
    model = bench.room.runs.shown
    return [model.index(row, c).data() for c in range(model.columnCount())]


def listed(bench: Bench, count: int) -> None:
    until(lambda: bench.room.runs.shown.rowCount() == count)


def test_what_changed_is_told_and_the_newest_is_drawn(bench: Bench) -> None:
    copied(bench, 1, batch_size=8)
    listed(bench, 2)
    assert cells(bench, 0)[:2] == ["2", "batch 64 → 8"]
    assert cells(bench, 1)[:2] == ["1", "the first run"]
    assert cells(bench, 0)[5] == "650" and cells(bench, 0)[6] == "finished"
    until(lambda: bench.room.figures.epoch.text() == "1 / 1")
    assert "validation" in bench.room.loss.names()


def test_several_are_laid_over_one_another_and_two_compared(bench: Bench) -> None:
    other = copied(bench, 1, batch_size=8)
    listed(bench, 2)
    room = bench.room
    room.runs.choose((bench.world.run, other))
    assert room.runs.count.text() == "Compare 2 selected"
    until(lambda: set(room.quality.names()) >= {"run 1", "run 2"})
    until(lambda: room.runs.details.difference.text() == "Plan: batch 64 → 8")
    room.runs.choose((other,))
    until(lambda: "validation" in room.quality.names())
    assert not room.runs.details.difference.isVisible()


def test_sorting_and_filtering(bench: Bench, qtbot: QtBot) -> None:
    copied(bench, 1, batch_size=8)
    copied(bench, 2, epochs=5)
    listed(bench, 3)
    runs = bench.room.runs
    assert [cells(bench, row)[0] for row in range(3)] == ["3", "2", "1"]
    header = runs.table.horizontalHeader()
    place = header.sectionViewportPosition(0) + 10
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(place, 8))
    assert [cells(bench, row)[0] for row in range(3)] == ["1", "2", "3"]
    qtbot.keyClicks(runs.filter, "epochs 5")
    assert runs.shown.rowCount() == 1
    runs.filter.clear()
    assert runs.shown.rowCount() == 3


def test_name_tags_and_note_are_kept(bench: Bench, qtbot: QtBot) -> None:
    listed(bench, 1)
    details = bench.room.runs.details
    bench.room.runs.choose((bench.world.run,))
    details.name.setFocus()
    qtbot.keyClicks(details.name, "my best")
    details.tags.setFocus()
    qtbot.keyClicks(details.tags, "#good small")
    details.note.setFocus()
    qtbot.keyClicks(details.note, "Try more.")
    details.name.setFocus()
    until(lambda: bench.newest().record.note == "Try more.")
    record = bench.newest().record
    assert (record.name, record.tags) == ("my best", ("good", "small"))
    until(lambda: cells(bench, 0)[0] == "1 · my best #good #small")
    bench.newest().update(seconds=9.0)  # as a training does that knows no names
    assert bench.newest().record.name == "my best"


def test_deleting_is_asked_about_in_place(bench: Bench, qtbot: QtBot) -> None:
    other = copied(bench, 1)
    listed(bench, 2)
    details = bench.room.runs.details
    bench.room.runs.choose((other,))
    qtbot.mouseClick(details.delete, LEFT)
    assert "Delete this run" in details.question.text()
    qtbot.mouseClick(details.keep, LEFT)
    assert not details.sure.isVisible()
    qtbot.mouseClick(details.delete, LEFT)
    qtbot.mouseClick(details.sure, LEFT)
    listed(bench, 1)
    assert not (bench.world.folder / "runs" / other).exists()
    assert [p.name for p in (bench.world.folder / "runs").iterdir()] == [
        bench.world.run
    ]


def test_archived_runs_are_out_of_the_way(bench: Bench, qtbot: QtBot) -> None:
    listed(bench, 1)
    room = bench.room
    room.runs.choose((bench.world.run,))
    qtbot.mouseClick(room.runs.details.archive, LEFT)
    listed(bench, 0)
    assert bench.newest().record.archived
    room.runs.archived.setChecked(True)
    listed(bench, 1)


def test_a_run_of_another_process_appears_and_grows(bench: Bench) -> None:
    """Its record says "running"; its journal is written elsewhere."""
    from filelock import FileLock

    listed(bench, 1)
    id = copied(bench, 1, epochs=3)
    folder = bench.world.folder / "runs" / id
    item = json.loads((folder / "run.json").read_text("utf-8"))
    item |= {"outcome": "running", "epochs": 0, "best": {}, "metrics": {}}
    (folder / "run.json").write_text(json.dumps(item), "utf-8")
    with FileLock(folder / "lock"):
        journal = folder / "events.jsonl"
        journal.unlink()
        write(journal, RunStarted(0, id, 3, 4, 8, 32, "CPU"), EpochBegan(0, 1))
        listed(bench, 2)
        until(lambda: cells(bench, 0)[6] == "running")
        figures = FrozenMap({"loss": 0.5, "val_accuracy": 0.75})
        write(journal, EpochEnded(0, 1, figures, 0.1, 1.0, True))
        until(lambda: cells(bench, 0)[2:4] == ["0.7500", "1 / 3"])
        until(lambda: len(bench.room.main().training.get("loss", ())) == 1)
    until(lambda: cells(bench, 0)[6] == "interrupted")


def write(journal: Path, *events: Any) -> None:
    with journal.open("a", encoding="utf-8") as stream:
        for event in events:
            stream.write(json.dumps(event_to_json(event)) + "\n")


def test_a_thousand_runs_stay_fast(bench: Bench) -> None:
    first = bench.world.folder / "runs" / bench.world.run
    record = (first / "run.json").read_text("utf-8")
    for number in range(1000):
        folder = first.with_name(f"20990101-{number:06d}-abcd")
        folder.mkdir()
        (folder / "run.json").write_text(record, "utf-8")
    listed(bench, 1001)
    runs = bench.room.runs
    began = time.thread_time()  # the window's own, however busy the machine is
    runs.filter.setText("nothing")
    runs.shown.sort(2)
    runs.table.selectAll()
    bench.window.grab()
    assert time.thread_time() - began < 3.0
