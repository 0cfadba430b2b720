"""What a model looked at in a text: as one types, and of a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from digits_world import World
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from rooms import open_room, until

from dlstudio.catalog.store import Catalog
from dlstudio.cli import main
from dlstudio.engine.runs.store import RunStore

FIELD_HEIGHT = 120
"""Of the field alone, in pixels."""
Underline = QTextCharFormat.UnderlineStyle
WORDS = {"neg": "slow cold 难吃", "pos": "quick warm 好吃"}


@pytest.fixture
def reviews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """A project with a run that has learned next to nothing, and its evaluation."""
    rows = ["label,review"]
    rows += [f"{n},order {i} was {w}" for i in range(20) for n, w in WORDS.items()]
    rows += [f"pos,a {i} slow cold one" for i in range(20)]
    (tmp_path / "reviews.csv").write_text("\n".join(rows), "utf-8")
    folder = tmp_path / "p"
    said = ("--template", "text-bow", "--target", "label")
    main(["new", str(folder), "--data", str(tmp_path / "reviews.csv"), *said])
    main(["train", str(folder), "--epochs", "1"])
    capsys.readouterr()
    (run,) = RunStore(folder).all()
    return World(folder, run.id, Catalog.load())


@pytest.mark.slow
def test_words_are_coloured_as_one_types_and_of_a_mistake(
    make_window: Any, reviews: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, reviews, "predict")
    page = window.shell.room().features
    until(lambda: bool(page.form.answers.answers))
    field = page.form.fields["review"]
    qtbot.mouseClick(page.form.another, Qt.MouseButton.LeftButton)
    assert field.editor.text() == "order 0 was slow cold 难吃"
    assert page.form.about.full_text() == "Row 1 of the data."
    qtbot.mouseClick(page.form.another, Qt.MouseButton.LeftButton)
    assert page.form.about.full_text() != "Row 1 of the data."
    assert page.form.reset.isEnabled()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "so slow")
    until(lambda: "2 tokens, 1 outside the vocabulary (so)" in field.note.full_text())
    marks = field.explained.marker.marks
    assert [(each.start, each.end) for each in marks] == [(0, 2), (3, 7)]
    label = page.form.answers.answers[0].value
    assert f"“{label}”" in field.note.full_text()
    assert marks[0].underline == Underline.WaveUnderline  # outside the vocabulary
    _paste_lines(window, qtbot, page)
    # What is typed next is not coloured by what was there before.
    qtbot.keyClick(field.editor, Qt.Key.Key_X)
    assert not field.explained.marker.marks
    window.shell.go("evaluate")
    room = window.shell.room()
    until(lambda: room.view.own and _mistakes(room) is not None)
    table = _mistakes(room).table
    table.setFocus()
    table.setCurrentCell(0, 1)
    until(lambda: room.view.explained.isVisible())
    ((text, bar),) = room.view.explained.fields
    assert text.isReadOnly() and bar.marker.marks
    assert "tokens" in room.view.explained.note.full_text()


def _paste_lines(window: Any, qtbot: QtBot, page: Any) -> None:
    """The table is below the form, and several lines are its rows."""
    assert page.table_page.isVisible() and not page.mode.isVisible()
    until(lambda: page.form.height() >= page.form.full_height > FIELD_HEIGHT)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("order 3 was slow\n\nquick, warm; 好吃 \U0001f60b\n")
    qtbot.mouseClick(page.paste, Qt.MouseButton.LeftButton)
    result = page.table_page.result
    until(lambda: result.save.isVisible() and result.save.isEnabled())
    found = result.table.found
    said = found.own["review"].to_list()
    assert said == ["order 3 was slow", "quick, warm; 好吃 \U0001f60b"]
    assert page.form.isVisible() and page._tables.is_pasted
    page._choose_place()
    dialog = page.findChild(QFileDialog)
    assert Path(dialog.directory().path()) == window.core.session.folder
    dialog.reject()
    clipboard.setText("  so slow\n")
    qtbot.mouseClick(page.paste, Qt.MouseButton.LeftButton)
    field = page.form.fields["review"]
    assert field.editor.text() == "so slow"
    until(lambda: len(field.explained.marker.marks) == 2)


def _mistakes(room: Any) -> Any:
    pages = (getattr(each, "mistakes", None) for each in room.view.own.values())
    return next((each for each in pages if each is not None), None)
