"""The metric for comparing runs, and the report of unreadable runs."""

from __future__ import annotations

import json
import shutil

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, TrainRoomDriver, driver

from dlstudio.engine.runs.metrics import read_metric
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.ui.start.recent_card import RecentCard

__all__ = ("driver",)

BEST = 2


def with_values(
    driver: TrainRoomDriver, accuracy: float, loss: float, epoch: int
) -> Run:
    """Another run with these best values."""
    store = RunStore(driver.world.folder)
    first = store.find(driver.world.run)
    run = store.create(first.record.project)
    run.set_outcome(
        "succeeded",
        epochs=9,
        seconds=20.0,
        elapsed=37.0,
        smaller_is_better=("loss",),
        best={"epoch": 1, "metrics": {"val_accuracy": 0.2258, "val_loss": loss}},
        best_values={
            "val_accuracy": {"value": accuracy, "epoch": epoch},
            "val_loss": {"value": loss, "epoch": 1},
        },
    )
    return run


def heading(driver: TrainRoomDriver) -> str:
    model = driver.room.runs.shown
    found: str = model.headerData(BEST, Qt.Orientation.Horizontal)
    return found


def column(driver: TrainRoomDriver) -> list[str]:
    model = driver.room.runs.shown
    return [model.index(row, BEST).data() for row in range(model.rowCount())]


def test_the_column_names_its_metric_and_shows_what_was_reached(
    driver: TrainRoomDriver,
) -> None:
    with_values(driver, 0.3226, 0.50, 4)
    until(lambda: driver.room.runs.shown.rowCount() == 2)
    assert heading(driver) == "Best validation accuracy"
    assert column(driver)[0] == "0.3226"
    index = driver.room.runs.shown.index(0, BEST)
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "★ best: epoch 4" in tip
    assert "0:37, of which 0:20 in training steps" in tip


def test_another_metric_is_chosen_and_saved(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    with_values(driver, 0.3226, 0.50, 4)
    with_values(driver, 0.2258, 0.45, 2)
    runs = driver.room.runs
    until(lambda: runs.shown.rowCount() == 3)
    choice = runs.bar.compared
    assert choice.currentData() == "val_accuracy"
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    until(lambda: heading(driver) == "Best validation loss")
    assert column(driver)[:2] == ["0.4500", "0.5000"]
    assert read_metric(driver.world.folder) == "val_loss"
    until(lambda: choice.currentData() == "val_loss")


def test_start_shows_the_same(driver: TrainRoomDriver) -> None:
    with_values(driver, 0.9999, 0.001, 4)
    driver.window.core.settings.remember_project(driver.world.folder)
    driver.window.shell.go("start")
    start = driver.window.shell.room()

    def logged_metrics() -> list[str]:
        found = [each.project for each in start.findChildren(RecentCard)]
        return [each.metric for each in found if each.best > 0.999]

    until(lambda: logged_metrics() == ["val_accuracy"])


def test_unreadable_runs_are_reported_and_moved_away(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    bad = with_values(driver, 0.5, 0.5, 1)
    item = {**bad.record.to_json(), "created": 1e18}
    (bad.folder / "run.json").write_text(json.dumps(item), "utf-8")
    bar = driver.room.runs.bar
    until(lambda: bar.notice is not None)
    assert bar.notice is not None
    assert "1 run cannot be read" in bar.notice.text and bad.id in bar.notice.details
    assert driver.room.runs.shown.rowCount() == 1, "the others are listed"
    qtbot.mouseClick(bar.away, LEFT)
    until(lambda: bar.notice is None)
    assert (driver.world.folder / "runs" / ".damaged" / bad.id / "run.json").exists()


def test_a_run_has_the_same_name_everywhere(driver: TrainRoomDriver) -> None:
    """A run in a folder dated far in the future is not taken for the newest."""
    run = with_values(driver, 0.5, 0.5, 1)
    shutil.copy(
        driver.world.folder / "runs" / driver.world.run / "model.keras", run.folder
    )
    until(lambda: driver.room.runs.shown.rowCount() == 2)
    driver.room.runs.choose((run.id,))
    until(lambda: driver.room.runs.details.title.text() == "Run 2 · finished")
    driver.window.shell.go("export")
    room = driver.window.shell.room()
    until(lambda: room.picker.run == run.id)
    assert room.picker.combo.currentText().startswith("2 · ")
    until(lambda: "-run-2" in room.place.text())
