"""The Export room: verified files, rejected destinations, and code snippets."""

from __future__ import annotations

import shlex
import shutil
from itertools import groupby
from pathlib import Path

import pytest
from code_blocks import run_python
from digits_world import World
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot
from rooms import open_room, until

from dlstudio.i18n import translator

LEFT = Qt.MouseButton.LeftButton


def exported(window, qtbot: QtBot, good: bool = True) -> str:
    """Click the export button and wait; returns the resulting text."""
    room = window.shell.room()
    qtbot.mouseClick(room.start, LEFT)
    assert room.stop.isVisible()
    until(lambda: not room.stop.isVisible())
    assert (room._export_job.found is not None) == good
    return room.note.text()


def texts(room) -> list[str]:
    return [each.text() for each in room.findChildren(QLabel) if each.isVisible()]


def choose(window, qtbot: QtBot, text: str) -> None:
    buttons = window.shell.room().format.findChildren(QToolButton)
    (found,) = (each for each in buttons if each.text() == text)
    qtbot.mouseClick(found, LEFT)


def fill(window, qtbot: QtBot, path: Path) -> None:
    place = window.shell.room().place
    place.setFocus()
    place.selectAll()
    QGuiApplication.clipboard().setText(str(path))
    qtbot.keyClick(place, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert place.text() == str(path)


def run_snippet(
    text: str, folder: Path, image: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Run the snippet repeatedly on one image; its output is always the same."""
    shutil.copy(image, folder / "image.jpg")
    monkeypatch.chdir(folder)
    (lines,) = {tuple(run_python(text).lines) for _time in range(2)}
    return list(lines)


def test_savedmodel_is_certified_and_not_overwritten(
    make_window,
    world: World,
    qtbot: QtBot,
    digit_files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_room(make_window, world, "export")
    room = window.shell.room()
    suggested = world.folder / "exports" / "digits-run-1"
    assert room.place.text() == str(suggested)
    seen: list[str] = []
    room._export_job.changed.connect(lambda: seen.append(room._export_job.step))
    assert exported(window, qtbot) == ""
    steps = [step for step, _again in groupby(seen)]
    assert steps == ["read", "write", "ask", "compare", "place", ""]
    assert not room.steps.isVisible()
    found = room._export_job.found
    assert found.path == suggested
    assert found.certificate.samples == 64
    assert found.certificate.label_agreement == 1
    certified = (
        "Verified: the exported model gives the same predictions as the model in "
        "dlstudio."
    )
    until(lambda: certified in texts(room))
    shown = texts(room)
    assert str(suggested) in shown
    assert "100.0 %" in shown

    # The code is on the clipboard and runs.
    copies = [b for b in room.findChildren(QPushButton) if b.text() == "Copy"]
    assert len(copies) == 4
    qtbot.mouseClick(copies[0], LEFT)
    snippet = QGuiApplication.clipboard().text()
    (digit,) = digit_files(1)
    lines = run_snippet(snippet, world.folder, digit, monkeypatch)
    assert lines[0] == "0"
    assert [line.partition(":")[0] for line in lines[1:]] == list("0123456789")
    qtbot.mouseClick(copies[2], LEFT)
    from absl.flags import FLAGS
    from tensorflow.python.tools import saved_model_cli

    lines = QGuiApplication.clipboard().text().replace("\\\n", "").splitlines()
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "saved_model_cli"
        saved_model_cli.create_parser().parse_args(words)
        assert Path(FLAGS["dir"].value) == suggested
    assert FLAGS["signature_def"].value == "serving_default"

    # The same destination again: rejected until replacing is allowed.
    before = (suggested / "certificate.json").read_bytes()
    note = exported(window, qtbot, good=False)
    assert "already exists and was not changed" in note
    assert room.note.property("role") == "bad"
    assert room.steps.isVisible()
    states = list(room.steps.states.values())
    assert states == ["failed", *["not yet"] * 4], "it was rejected at once"
    assert (suggested / "certificate.json").read_bytes() == before
    room.replace.setFocus()
    qtbot.keyClick(room.replace, Qt.Key.Key_Space)
    assert room.replace.isChecked()
    qtbot.mouseClick(room.start, LEFT)
    exports = suggested.parent
    until(lambda: len(list(exports.iterdir())) > 1)  # it is being written
    window.shell.set(theme="dark")  # it continues after a theme change
    room = window.shell.room()
    until(room.bar.isVisible)
    qtbot.mouseClick(room.stop, LEFT)
    until(lambda: not room.stop.isVisible())
    assert room.note.text() == "Stopped. No files were written."
    assert list(exports.iterdir()) == [suggested]
    assert (suggested / "certificate.json").read_bytes() == before


@pytest.mark.usefixtures("verified_here")
def test_keras_file_is_certified_and_its_snippet_runs(
    make_window,
    world: World,
    qtbot: QtBot,
    digit_files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_room(make_window, world, "export")
    room = window.shell.room()
    choose(window, qtbot, ".keras")
    assert room.place.text().endswith("digits-run-1.keras")
    out = world.folder / "it's" / "出口.keras"
    fill(window, qtbot, out)
    choose(window, qtbot, "SavedModel")
    choose(window, qtbot, ".keras")
    assert room.place.text() == str(out), "a path that was entered stays"
    assert exported(window, qtbot) == ""
    assert out.is_file()
    window.shell.set(theme="dark")
    until(lambda: str(out) in texts(window.shell.room()))  # preserved after a change
    found = room._export_job.found
    (snippet,) = found.snippets
    code = snippet.filled(str(found.path))
    assert code.rstrip() in texts(window.shell.room())
    (digit,) = digit_files(1)
    lines = run_snippet(code, world.folder, digit, monkeypatch)
    assert [line.partition(":")[0] for line in lines] == list("0123456789")


def test_invalid_exports_are_reported(make_window, world: World, qtbot: QtBot) -> None:
    window = open_room(make_window, world, "export")
    room = window.shell.room()
    messages: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _details: messages.append(text)
    )
    room.place.setFocus()
    room.place.selectAll()
    qtbot.keyClick(room.place, Qt.Key.Key_Delete)
    qtbot.mouseClick(room.start, LEFT)
    assert "No destination is set." in messages[-1]
    blocked = world.folder / "blocked"
    blocked.write_text("a file")
    fill(window, qtbot, blocked / "model")
    assert str(blocked) in exported(window, qtbot, good=False)
    shutil.rmtree(world.folder / "runs")
    until(lambda: not room.picker.run)
    assert not room.start.isEnabled()


@pytest.mark.usefixtures("verified_here")
def test_an_export_of_a_table_shows_what_it_takes_and_returns(
    make_window, tables: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, tables, "export")
    room = window.shell.room()
    assert "one argument for each input" in room._about.text()
    choose(window, qtbot, ".keras")
    assert "the caller fills in missing ones" in room._about.text()
    choose(window, qtbot, "SavedModel")
    assert exported(window, qtbot) == ""
    found = room._export_job.found
    names = [each.name for each in found.signature.arguments]
    assert names == ["rooms", "Area_m", "input", "input_class", "built", "extras"]
    until(lambda: "Rows compared" in texts(room))
    shown = texts(room)
    assert "Answers that agree" in shown
    for text in (
        *names,
        "城市",
        "string (n,)",
        "float32 (n,)",
        "sold_label",
        "price",
    ):
        assert text in shown, text
    assert any("A missing value becomes b." in text for text in shown)
    with translator.speaking("zh_CN"):  # as if the window's language changed
        values = " ".join(each.values for each in found.signature.arguments)
        notes = " ".join(found.signature.notes)
    assert "缺失" in values and "缺失" in notes and "missing" not in values + notes
    assert any("A missing value becomes 1959-05-15." in text for text in shown)
    (serving,) = (text for text in shown if "curl" in text)
    request = serving.partition("curl")[2]
    assert max(map(len, request.splitlines())) < 90, "nothing is cut off"


def test_the_tab_key_goes_from_the_top_to_the_bottom(make_window, world: World) -> None:
    room = open_room(make_window, world, "export").shell.room()
    stops = [room.picker.combo, *room.format.buttons]
    stops += [room.place, room.browse, room.replace, room.start]
    reached, each = [], stops[0]
    for _step in range(400):
        reached += [each] if each in stops else []
        each = each.nextInFocusChain()
    assert reached[: len(stops)] == stops
