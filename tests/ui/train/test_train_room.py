"""The Train room of the real window: start, watch, stop, recreate, close."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, LONG, TrainRoomDriver, driver

from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetFeatures
from dlstudio.document.events import RunEnded, RunStarted
from dlstudio.document.feature import Feature
from dlstudio.document.plan import EarlyStopping, HeadFirst

__all__ = ("driver",)

ENTER = Qt.Key.Key_Return


def typed(qtbot: QtBot, row: Any, text: str) -> None:
    edit = row.findChild(QLineEdit)
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, ENTER)


def test_a_click_trains_and_everything_moves(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(epochs=2)
    room = driver.room
    assert room.start.isEnabled() and not room.stop.isVisible()
    shown: list[tuple[str, bool, bool]] = []
    room.trainings.state_changed.connect(
        lambda state: shown.append(
            (state, room.start.isVisible(), room.stop.isVisible())
        )
    )
    driver.begin(qtbot)
    driver.ends.wait()
    assert ("preparing", False, True) in shown and shown[-1] == ("idle", True, False)
    history = room.view_state.history
    assert history.outcome == "succeeded"
    assert room.metric_cards.epoch.text() == "2 / 2"
    assert (
        room.metric_cards.quality.text()
        == f"{history.validation['accuracy'].y[-1]:.4f}"
    )
    assert room.bar.value() == room.bar.maximum()
    assert room.log.toPlainText().count("val_accuracy") == 2
    assert set(room.loss.names()) == {"step", "training", "validation"}
    assert "finished" in driver.pill
    assert room.start.isVisible() and not room.stop.isVisible()
    assert driver.newest().id == history.run and driver.newest().model_path is not None


def test_a_new_list_of_runs_does_not_hide_how_the_training_ended(
    driver: TrainRoomDriver,
) -> None:
    """The list may arrive between the last event of a run and the end of its job."""
    trainings, updater = driver.room.trainings, driver.room.chart_updater
    shown: list[str] = []
    driver.window.core.activity.changed.connect(lambda: shown.append(driver.pill))
    trainings._enter("preparing")
    started = RunStarted(0.0, "run-a", 1, 4, 8, 32, "CPU", number=1)
    trainings._buffer += [started, RunEnded(1.0, "run-a", "succeeded")]
    updater.redraw()
    assert "Run 1 finished" in driver.pill
    driver.room.run_monitor.changed.emit()
    assert "Run 1 finished" in driver.pill
    trainings._enter("idle")
    assert "Run 1 finished" in driver.pill
    assert not any("0/0" in each for each in shown), "a run that is not known yet"


def test_stop_is_at_once_in_validation_too(
    driver: TrainRoomDriver, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlstudio.engine.training.stepper import Stepper

    inside, usual = threading.Event(), Stepper.test

    def slowly(self: Any, *given: Any) -> Any:
        inside.set()
        time.sleep(0.3)
        return usual(self, *given)

    monkeypatch.setattr(Stepper, "test", slowly)
    driver.plan(batch_size=8)
    driver.begin(qtbot)
    until(inside.is_set)
    qtbot.mouseClick(driver.room.stop, LEFT)
    assert "kept" in driver.room.note.text()
    driver.ends.wait()
    assert not driver.room.trainings.busy, "the thread has nothing left to do"
    run = driver.newest()
    assert run.outcome == "cancelled" and run.model_path is not None
    assert any(run.checkpoints.iterdir())
    assert "stopped" in driver.pill
    assert not driver.room.view_state.history.validation


def test_a_failure_is_reported_with_a_message(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.session.do(SetParam("head", "units", 3))
    qtbot.mouseClick(driver.room.start, LEFT)
    until(lambda: bool(driver.messages))
    driver.ends.wait()
    assert "10 classes" in driver.messages[-1]
    assert "10 classes" in driver.room.note.text()
    assert "could not start" in driver.pill
    assert driver.room.start.isVisible()


def test_language_and_theme_change_while_it_trains(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.begin(qtbot)
    old = driver.room
    driver.window.shell.set(language="zh_CN", theme="dark")
    room = driver.room
    assert room is not old and room.view_state is old.view_state
    until(room.stop.isVisible)
    count = len(room.view_state.history.losses)
    until(lambda: len(room.view_state.history.losses) > count + 5)
    assert room.loss.names(), "curves are drawn in the new room"
    assert len(room.log.toPlainText().splitlines()) == len(room.view_state.history.log)
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()


def test_closing_confirms_and_saves_a_checkpoint(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.begin(qtbot)
    window, run = driver.window, driver.newest()
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    assert "Training is in progress" in box.text()
    (way,) = (b for b in box.buttons() if b.text() == "Stop and quit")
    qtbot.mouseClick(way, LEFT)
    until(lambda: window.is_closed)
    run = driver.newest()
    assert run.outcome == "cancelled"
    assert any(run.checkpoints.iterdir())


def test_an_edit_of_the_plan_is_one_named_step(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    form, session = driver.room.plan.form, driver.session
    typed(qtbot, form.row("epochs"), "7")
    assert session.project.plan.epochs == 7
    assert session.history.undo_name == "Change plan: Epochs"
    session.undo()
    assert session.project.plan.epochs == LONG
    assert form.row("epochs").findChild(QLineEdit).text() == str(LONG)


def test_invalid_values_are_reported_and_change_nothing(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    form, before = driver.room.plan.form, driver.session.project
    typed(qtbot, form.row("batch_size"), "0")
    assert "1" in form.row("batch_size").mistake()
    typed(qtbot, form.row("epochs"), "many")
    assert form.row("epochs").mistake()
    assert driver.session.project == before


def test_early_stopping_shows_its_rows(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    form, session = driver.room.plan.form, driver.session
    row = form.row("early_stopping.patience")
    assert not row.isVisible()
    qtbot.keyClick(form.row("early_stopping").field.box, Qt.Key.Key_Space)
    assert session.project.plan.early_stopping == EarlyStopping()
    assert row.isVisible() and form.row("early_stopping.restore_best").isVisible()
    typed(qtbot, row, "3")
    assert session.project.plan.early_stopping == EarlyStopping(patience=3)
    session.undo()
    session.undo()
    assert not row.isVisible()


def test_the_head_first_is_planned_in_the_form(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    form, session = driver.room.plan.form, driver.session
    row = form.row("head_first.epochs")
    assert not row.isVisible()
    qtbot.keyClick(form.row("head_first").field.box, Qt.Key.Key_Space)
    assert session.project.plan.head_first == HeadFirst()
    assert row.isVisible() and form.row("head_first.rate").isVisible()
    typed(qtbot, row, "4")
    typed(qtbot, form.row("head_first.rate"), "0.25")
    assert session.project.plan.head_first == HeadFirst(4, 0.25)
    typed(qtbot, form.row("head_first.rate"), "0")
    assert form.row("head_first.rate").mistake()
    qtbot.keyClick(form.row("head_first").field.box, Qt.Key.Key_Space)
    assert session.project.plan.head_first is None and not row.isVisible()


def test_batches_by_length_are_offered_for_texts(driver: TrainRoomDriver) -> None:
    row, session = driver.room.plan.form.row("bucket_by_length"), driver.session
    assert row.isHidden()
    features = session.project.data.features
    (input,) = {each.feature or "image" for each in session.project.inputs}
    text = features.set(input, Feature("dlstudio.features.text"))
    session.do(SetFeatures(text), "text")
    assert not row.isHidden()
    session.undo()
    assert row.isHidden()


def test_without_a_folder_it_shows_a_message(
    driver: TrainRoomDriver, tmp_path: Path
) -> None:
    driver.session.replace(driver.session.project, None, saved=False)
    driver.room.train()
    assert "has not been saved yet" in driver.messages[-1]
    assert driver.idle()
