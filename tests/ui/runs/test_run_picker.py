"""The run picker: runs with a model, the newest first."""

from __future__ import annotations

import json
import shutil
import time

from digits_world import World
from pytestqt.qtbot import QtBot
from rooms import open_room, until

from dlstudio.ui.run_text import run_title, when_text
from dlstudio.workers.run_list import RunRow


def test_title_shows_time_outcome_and_metric() -> None:
    now = time.time()
    row = RunRow("20260101-120000-d312", now, "succeeded", "val_accuracy", 0.98514)
    assert run_title(row) == f"d312 · {when_text(now)} · validation accuracy 0.9851"
    row = RunRow("20260101-120000-d312", now, "running", checkpoint_epoch=3)
    assert run_title(row) == f"d312 · {when_text(now)} · running · after epoch 3"


def test_new_runs_appear_while_visible_unless_without_weights(
    make_window, world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "predict")
    picker = window.shell.room().picker
    assert "validation accuracy 0." in picker.combo.currentText()
    runs = world.folder / "runs"
    newer = "29990101-000000-beef"
    shutil.copytree(runs / world.run, runs / ".copy")
    (runs / ".copy" / "model.keras").unlink()
    (runs / ".copy").rename(runs / newer)
    until(lambda: picker.run == newer)  # its newest checkpoint can be used
    assert "after epoch 1" in picker.combo.currentText()
    shutil.rmtree(runs / newer / "checkpoints")
    until(lambda: picker.run == world.run)
    assert picker.combo.count() == 1
    window.shell.go("export")
    assert not picker._timer.isActive(), "no polling while hidden"


def test_only_finished_models_are_exported(make_window, world: World) -> None:
    (world.folder / "runs" / world.run / "model.keras").unlink()
    window = open_room(make_window, world, "evaluate")
    window.shell.go("export")
    room = window.shell.room()
    until(lambda: bool(room.picker._rows))
    assert room.picker.run == ""
    assert not room.start.isEnabled()


def test_a_folder_that_cannot_be_read_is_reported_once(
    make_window, world: World, qtbot: QtBot, monkeypatch
) -> None:
    window = open_room(make_window, world, "predict")
    messages: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _details: messages.append(text)
    )
    picker = window.shell.room().picker

    def fails(_context: object, _folder: object, _known: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("dlstudio.ui.runs.run_picker.list_runs", fails)
    for _time in range(3):
        until(lambda: not picker._loading)
        picker.refresh()
    until(lambda: not picker._loading)
    assert messages == ["the disk is gone"]
    assert picker.run == world.run, "the previous list stays"


def test_damaged_record_hides_its_run_alone(make_window, world: World) -> None:
    runs = world.folder / "runs"
    shutil.copytree(runs / world.run, runs / "29990101-000000-dead")
    record = json.loads((runs / world.run / "run.json").read_text("utf-8"))
    (runs / "29990101-000000-dead" / "run.json").write_text(
        json.dumps({**record, "created": "yesterday"}), "utf-8"
    )
    window = open_room(make_window, world, "predict")
    assert window.shell.room().picker.run == world.run


def test_a_room_that_said_there_is_no_model_has_the_one_trained_since(
    make_window, world: World
) -> None:
    runs, aside = world.folder / "runs", world.folder / "aside"
    runs.rename(aside)
    window = open_room(make_window, world, "export", runs=False)
    until(lambda: window.shell.room().picker.untrained)
    window.shell.go("train")
    aside.rename(runs)
    window.shell.go("export")
    until(lambda: window.shell.room().picker.run == world.run, 30)


def test_a_room_has_the_model_that_is_trained_while_it_says_there_is_none(
    make_window, world: World
) -> None:
    runs, aside = world.folder / "runs", world.folder / "aside"
    runs.rename(aside)
    window = open_room(make_window, world, "export", runs=False)
    until(lambda: window.shell.room().picker.untrained)
    aside.rename(runs)
    until(lambda: window.shell.room().picker.run == world.run, 30)
