"""The Predict room: all ways to add images; predictions are preserved and saved."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from digits_world import World
from drag_and_drop import drop as drop_files
from drag_and_drop import enter, mime_of
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QDragLeaveEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from rooms import drop, files_of, open_room, until

from dlstudio.document.project import Project
from dlstudio.ui.predict.prediction_row import ROW_HEIGHT
from dlstudio.ui.room_capabilities import PREDICT
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.widgets.drop_hint import DropHint

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
Files = Callable[[int], list[Path]]


def reported(window) -> list[str]:
    """The errors and successes reported by the window."""
    messages: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _details: messages.append(text)
    )
    return messages


def answered(room, count: int) -> None:
    until(lambda: len(room.images.rows) == count and not room.images.stop.isVisible())


def save_as(room, qtbot: QtBot, path: Path) -> None:
    """Click the button and choose a path in the modeless dialog."""
    qtbot.mouseClick(room.images.save, LEFT)
    (dialog,) = room.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def test_drops_of_one_image_several_and_a_folder(
    make_window, world: World, digit_files: Files, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    assert not room.images.save.isVisible()
    files = digit_files(6)
    broken = tmp_path / "images" / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nno more")

    assert drop(room, files_of(files[:1]))
    answered(room, 1)
    (row,) = room.images.rows
    assert row.prediction.answer.label == "0"
    assert row.prediction.answer.ranked[0][0] == "0"
    assert sum(row.prediction.answer.scores.values()) == pytest.approx(1, abs=1e-4)
    assert 0 < row.prediction.milliseconds < 5000
    assert row.prediction.run == world.run
    assert room.images.note.text() == "1 image"

    drop(room, files_of([files[1], tmp_path / "gone.png", files[2]]))
    answered(room, 4)
    assert [bool(row.prediction.answer.error) for row in room.images.rows] == [
        False,
        False,
        True,
        False,
    ]
    assert "gone.png" in room.images.rows[2].prediction.answer.error

    drop(room, files_of([tmp_path / "images"]))  # six digits and a broken one
    answered(room, 11)
    assert room.images.note.text() == "11 images · 2 unreadable"
    bad = [
        row.prediction.answer.input
        for row in room.images.rows
        if row.prediction.answer.error
    ]
    assert bad[1] == str(broken)
    empty = tmp_path / "empty"
    empty.mkdir()
    drop(room, files_of([empty]))
    answered(room, 12)
    assert "no images" in room.images.rows[-1].prediction.answer.error

    qtbot.mouseClick(room.images.clear, LEFT)
    assert room.images.rows == []
    assert room.images.note.text() == ""


def test_pasted_image_and_pasted_files(
    make_window, world: World, digit_files: Files, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "predict")
    room, messages = window.shell.room(), reported(window)
    (file,) = digit_files(1)
    board = QGuiApplication.clipboard()
    board.setImage(QImage(str(file)))
    room.images.open.setFocus()
    qtbot.keyClick(room, Qt.Key.Key_V, CONTROL)
    answered(room, 1)
    pasted = Path(room.images.rows[0].prediction.answer.input)
    assert pasted.name == "pasted-1.png"
    board.setMimeData(files_of([file]))
    qtbot.keyClick(room, Qt.Key.Key_V, CONTROL)
    answered(room, 2)
    first, second = (row.prediction for row in room.images.rows)
    assert first.answer.scores == second.answer.scores
    image = QMimeData()
    image.setImageData(QImage(str(file)))
    board.setText("no image")
    assert drop(room, image), "drops take precedence over the clipboard"
    answered(room, 3)
    assert room.images.rows[2].prediction.answer.scores == first.answer.scores
    qtbot.keyClick(room, Qt.Key.Key_V, CONTROL)
    assert "There is no image on the clipboard." in messages
    assert not drop(room, board.mimeData())
    window.close_unsaved()
    assert not pasted.exists()


def test_predictions_are_saved_as_a_table_in_any_script(
    make_window,
    world: World,
    digit_files: Files,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    window = open_room(make_window, world, "predict")
    room, messages = window.shell.room(), reported(window)
    files = digit_files(2)
    drop(room, files_of([*files, tmp_path / "gone.png"]))
    answered(room, 3)
    out = tmp_path / "结果.csv"
    save_as(room, qtbot, out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["input"] for row in rows[:2]] == list(map(str, files))
    assert [row["label"] for row in rows] == ["0", "1", ""]
    assert rows[0]["run"] == world.run
    assert float(rows[0]["score"]) == pytest.approx(float(rows[0]["0"]))
    assert rows[2]["error"]
    assert any(str(out) in each for each in messages)
    (tmp_path / "a").write_text("a file, not a folder")
    save_as(room, qtbot, tmp_path / "a" / "b")
    assert any(str(tmp_path / "a") in each for each in messages[1:])


def test_chosen_run_predicts_and_predictions_survive_another_theme(
    make_window, world: World, digit_files: Files, qtbot: QtBot
) -> None:
    runs = world.folder / "runs"
    older = "20200101-000000-0ld0"
    shutil.copytree(runs / world.run, runs / older)
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    assert room.picker.run == world.run, "the newest, unless one was selected"
    room.picker.combo.setFocus()
    qtbot.keyClick(room.picker.combo, Qt.Key.Key_Down)
    assert room.picker.run == older
    drop(room, files_of(digit_files(3)))
    window.shell.set(theme="dark", language="zh_CN")  # while it is predicting
    room = window.shell.room()
    answered(room, 3)
    assert {row.prediction.run for row in room.images.rows} == {older}
    until(lambda: room.picker.run == older)
    window.shell.set(theme="light", language="en")
    assert len(window.shell.room().images.rows) == 3
    for key in ("evaluate", "export"):
        window.shell.go(key)
        until(lambda: window.shell.room().picker.run == older)


def test_stop_leaves_what_was_predicted(
    make_window, world: World, digit_files: Files, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    drop(room, files_of(digit_files(1)))
    answered(room, 1)
    drop(room, files_of(digit_files(8) * 4000))
    assert room.images.stop.isVisible()
    assert not room.images.clear.isEnabled()
    until(lambda: len(room.images.rows) > 20)
    qtbot.mouseClick(room.images.stop, LEFT)
    until(lambda: not room.images.stop.isVisible())
    assert 20 < len(room.images._predictions.answers) < 32_000
    assert room.images.clear.isEnabled()


def test_without_a_model_a_message_explains_what_to_do(
    make_window, world: World, digit_files: Files, qtbot: QtBot
) -> None:
    shutil.rmtree(world.folder / "runs")
    window = open_room(make_window, world, "predict", runs=False)
    room, messages = window.shell.room(), reported(window)
    assert room.picker.combo.currentText() == "No trained model yet"
    until(room._untrained.isVisible)
    assert not room.picker.combo.isEnabled()
    drop(room, files_of(digit_files(1)))
    assert messages == ["There is no trained model yet. Train the model first."]
    assert room.images.rows == []
    qtbot.mouseClick(room._untrained.train, LEFT)
    assert window.shell.room_key() == "train"


def test_dragging_shows_what_a_drop_does(
    make_window, world: World, digit_files: Files, tmp_path: Path
) -> None:
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    enter(room, mime_of(*digit_files(2)))
    (hint,) = room.findChildren(DropHint)
    assert hint.isVisible() and "数字 0.png" in hint.text and "others" in hint.text
    QApplication.sendEvent(room, QDragLeaveEvent())
    assert not hint.isVisible()
    other = tmp_path / "other"
    shutil.copytree(world.folder, other)
    drop_files(room, other)  # the window handles projects
    assert window.core.session.folder == other


def test_damaged_model_is_reported_and_the_next_prediction_succeeds(
    make_window, world: World, digit_files: Files
) -> None:
    model = world.folder / "runs" / world.run / "model.keras"
    whole = model.read_bytes()
    model.write_bytes(b"damaged")
    window = open_room(make_window, world, "predict")
    room, messages = window.shell.room(), reported(window)
    drop(room, files_of(digit_files(1)))
    until(lambda: any("cannot be read" in each for each in messages))
    until(lambda: not room.images.stop.isVisible())
    model.write_bytes(whole)
    drop(room, files_of(digit_files(1)))
    answered(room, 1)


def test_predictions_of_another_project_are_not_shown(
    make_window, world: World, digit_files: Files, tmp_path: Path
) -> None:
    window = open_room(make_window, world, "predict")
    drop(window.shell.room(), files_of(digit_files(1)))
    answered(window.shell.room(), 1)
    other = tmp_path / "other"
    shutil.copytree(world.folder, other)
    window.shell.controller.open(other)
    window.shell.go("predict")
    assert window.shell.room().images.rows == []


def test_files_dropped_before_the_room_is_created_are_predicted(
    make_window, world: World, digit_files: Files
) -> None:
    window = make_window(ROOMS, with_catalog=world.catalog)
    messages = reported(window)
    window.shell.controller.open(world.folder)
    files = digit_files(2)
    drop_files(window, files[0])  # over the Model room
    assert window.shell.room_key() == "predict"
    room = window.shell.room()
    room.predict([files[1]])  # before the runs are known
    answered(room, 2)
    assert [row.prediction.answer.label for row in room.images.rows] == ["0", "1"]
    assert messages == []


def test_files_waiting_in_one_project_are_not_predicted_in_the_next(
    make_window, world: World, digit_files: Files, tmp_path: Path
) -> None:
    window = make_window(ROOMS, with_catalog=world.catalog)
    messages = reported(window)
    window.shell.controller.open(world.folder)
    window.shell.visit(PREDICT, lambda room: room.predict(digit_files(1)))
    window.core.session.replace(Project(name="Empty"), None, saved=False)
    room = window.shell.room()
    until(lambda: room.picker.known)
    assert not room.picker.run and room.images.rows == [] and messages == []
    room.predict(digit_files(1))
    assert len(messages) == 1 and "Train" in messages[0]


def test_rows_keep_their_height_and_the_note_shows_the_count(
    make_window, world: World, digit_files: Files, tmp_path: Path
) -> None:
    window = open_room(make_window, world, "predict")
    room = window.shell.room()
    room.resize(900, 500)
    folder = digit_files(30)[0].parent
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    notes: list[str] = []
    heights: set[int] = set()

    def look(_answer: object) -> None:
        notes.append(room.images.note.text())
        QApplication.sendPostedEvents()
        heights.update(row.height() for row in room.images.rows if row.isVisible())

    room.images._predictions.added.connect(look)
    drop(room, files_of([folder]))
    answered(room, 31)
    assert notes[0].startswith("1 of 31 images · ")
    assert heights == {ROW_HEIGHT}
    assert room.images.note.text() == "31 images · 1 unreadable"
