"""The Predict room with a run of features: typing, and tables."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from digits_world import World
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot
from rooms import drop, files_of, open_room, until
from table_world import INPUTS, write_flats

from dlstudio.ui.features.cell_thumbnails import THUMBNAIL
from dlstudio.ui.features.probability_bars import ProbabilityBars

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
HORIZONTAL = Qt.Orientation.Horizontal


def open_predict(make_window: Any, tables: World) -> Any:
    """The room with the form and its first answer."""
    window = open_room(make_window, tables, "predict")
    page = window.shell.room().features
    until(lambda: bool(page.form.answers.answers))
    return window


def answers(page: Any) -> dict[str, Any]:
    return {each.output: each for each in page.form.answers.answers}


def enter(qtbot: QtBot, page: Any, name: str, text: str) -> None:
    """Type into a field; waits for the answer."""
    editor = page.form.fields[name].editor
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.keyClicks(editor, text)
    until(lambda: not page.form.answers.outdated)


def save_as(page: Any, qtbot: QtBot, path: Path) -> None:
    qtbot.mouseClick(page.table_page.result.save, LEFT)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    until(path.exists)


Predicted = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def predicted(tables: World, capsys: pytest.CaptureFixture[str]) -> Predicted:
    """What `dlstudio predict --json` says."""
    from dlstudio.cli import main

    def call(*options: object) -> list[dict[str, Any]]:
        capsys.readouterr()
        main(["predict", str(tables.folder), *map(str, options), "--json"])
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["predictions"]
        return found

    return call


@pytest.mark.slow
def test_a_run_of_a_table_answers_as_one_types_and_predicts_a_dropped_table(
    make_window, tables: World, qtbot: QtBot, tmp_path: Path, predicted: Predicted
) -> None:
    window = open_predict(make_window, tables)
    room = window.shell.room()
    page, form = room.page, room.features.form
    assert page is room.features and page.isVisible() and not room.images.isVisible()
    assert tuple(form.fields) == INPUTS
    assert "(40)" in form.about.full_text(), "the last row of the data"
    first = answers(page)
    assert list(first) == ["sold", "price", "fits"]
    assert form.answers.findChildren(ProbabilityBars)
    assert any(text.endswith(" €") for text in form.answers.texts())

    form.fields["rooms"].editor.setFocus()
    qtbot.keyClick(form.fields["rooms"].editor, Qt.Key.Key_Tab)
    assert form.fields["Area (m²)"].editor.hasFocus()
    enter(qtbot, page, "rooms", "8")
    enter(qtbot, page, "Area (m²)", "151.5")
    second = answers(page)
    assert second["price"].number != first["price"].number
    values = {**form.values(), "rooms": "8", "Area (m²)": "151.5"}
    (said,) = predicted(
        *(p for k, v in values.items() if v for p in ("--value", f"{k}={v}"))
    )
    assert second["price"].number == pytest.approx(said["outputs"]["price"]["value"])
    assert second["sold"].value == said["outputs"]["sold"]["label"]

    table = write_flats(tmp_path / "new.csv", 7)
    assert drop(room, files_of([table]))
    result = page.table_page.result
    until(lambda: result.save.isVisible() and result.save.isEnabled())
    assert result.view.isVisible() and result.table.rowCount() == 7
    assert result.about.full_text() == "7 rows"
    headings = range(result.table.columnCount())
    shown = [result.table.headerData(each, HORIZONTAL) for each in headings]
    assert {"Predicted sold", "Score of sold", "Predicted price"} <= set(shown)
    assert not any("_" in each for each in shown[:5])
    out = tmp_path / "out.csv"
    save_as(page, qtbot, out)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, entry in zip(rows, predicted(table), strict=True):
        sold, price = entry["outputs"]["sold"], entry["outputs"]["price"]
        assert row["predicted_sold"] == sold["label"]
        assert row["predicted_sold_score"] == json.dumps(sold["score"])
        assert row["predicted_price"] == json.dumps(price["value"])
        assert row["predicted_fits"] == "|".join(entry["outputs"]["fits"]["labels"])
    assert rows[1]["城市"] and "error" not in rows[0]


def test_unreadable_rows_and_tables_are_said_and_nothing_is_lost(
    make_window, tables: World, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_predict(make_window, tables)
    room = window.shell.room()
    page, result = room.features, room.features.table_page.result
    assert room.features.recognize(files_of([tmp_path])).kind == "nothing"
    lines = write_flats(tmp_path / "new.csv", 5).read_text("utf-8").splitlines()
    lines[2] = "many" + lines[2][lines[2].index(",") :]
    (tmp_path / "new.csv").write_text("\n".join(lines), "utf-8")
    QGuiApplication.clipboard().setMimeData(files_of([tmp_path / "new.csv"]))
    page.open.setFocus()
    qtbot.keyClick(room, Qt.Key.Key_V, CONTROL)
    until(lambda: result.save.isEnabled() and result.table.rowCount() == 5)
    assert "1 row could not be predicted" in result.note.text()
    assert "“rooms” cannot be read: “many”" in result.note.text()
    names = [each.name for each in result.table.found.columns]
    error = result.table.index(1, names.index("error"))
    assert "rooms" in error.data() and result.table.index(1, 0).data() == ""
    assert result.table.index(0, 1).data().endswith(" %")

    short = write_flats(tmp_path / "short.csv", 5, ("rooms", "built"))
    qtbot.mouseClick(page.open, LEFT)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(short)])
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    until(lambda: "lacks 4 columns" in result.note.text())
    assert "“城市”" in result.note.text() and result.table.rowCount() == 5
    (tmp_path / "a").write_text("a file, not a folder")
    problems: list[str] = []
    window.core.notices.reported.connect(lambda text, *_rest: problems.append(text))
    page._tables.save(tmp_path / "a" / "b.csv")
    until(lambda: bool(problems))
    window.shell.set(theme="dark", language="zh_CN")
    result = window.shell.room().features.table_page.result
    until(result.isVisible)
    assert result.table.rowCount() == 5
    qtbot.mouseClick(result.clear, LEFT)
    assert not result.isVisible()


def test_typed_values_survive_another_theme_and_stale_answers_are_dropped(
    make_window, tables: World, qtbot: QtBot
) -> None:
    window = open_predict(make_window, tables)
    page = window.shell.room().features
    asked = page._values
    seen: list[Any] = []
    asked.answered.connect(lambda: seen.append(asked.answer))
    values = page.form.values()
    for rooms in ("1", "2", "3"):  # the second one is never asked for
        asked.ask({**values, "rooms": rooms})
    until(lambda: asked.answer is not None)
    assert len(seen) == 1 and asked.values["rooms"] == "3"
    enter(qtbot, page, "rooms", "7")
    window.shell.set(theme="dark", language="zh_CN")
    page = window.shell.room().features
    assert page.form.values()["rooms"] == "7" and page.form.answers.answers
    assert page.form.reset.isEnabled()


def test_a_run_that_still_trains_answers_and_a_damaged_one_says_so(
    make_window, tables: World
) -> None:
    run = tables.folder / "runs" / tables.run
    (run / "model.keras").unlink()
    window = open_predict(make_window, tables)
    page = window.shell.room().features
    assert "From the last checkpoint." in page.form.answers.texts()
    (run / "model.keras").write_bytes(b"damaged")
    page._values.ask(page.form.values())
    until(lambda: "cannot be read" in page.form.answers.note.text())
    (tables.folder / "flats.csv").unlink()
    window.close_unsaved()


def test_an_image_is_dropped_pasted_or_chosen_for_its_field(
    make_window, photos: World, qtbot: QtBot
) -> None:
    window = open_predict(make_window, photos)
    room = window.shell.room()
    page, form = room.features, room.features.form
    field = form.fields["photo"]
    assert field.value() == str(photos.folder / "photos" / "29.png")
    assert field.image.isVisible()
    first = answers(page)["glow"].number
    other = photos.folder / "photos" / "3.png"
    assert page.recognize(files_of([other])).text == "Use “3.png” as photo"
    assert drop(field.editor, files_of([other])) and field.value() == str(other)
    until(lambda: not form.answers.outdated)
    second = answers(page)["glow"].number
    assert second != first
    QGuiApplication.clipboard().setImage(QImage(str(photos.folder / "photos/29.png")))
    field.editor.setFocus()
    qtbot.keyClick(field.editor, Qt.Key.Key_V, CONTROL)
    assert "pasted-1" in field.value()
    until(lambda: not form.answers.outdated)
    assert answers(page)["glow"].number == pytest.approx(first)
    assert drop(room, files_of([other])) and field.value() == str(other)
    broken = photos.folder / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nno more")
    for path, word in ((broken, "broken.png"), (photos.folder / "no.png", "exist")):
        field.editor.enter(str(path))
        until(lambda word=word: word in field.note.full_text())
        assert field.note.property("role") == "bad" and form.answers.outdated


def test_typing_is_answered_while_a_table_is_predicted(
    make_window, tables: World, qtbot: QtBot, tmp_path: Path
) -> None:
    """The thread of tables is held up; the form does not wait for it."""
    window = open_predict(make_window, tables)
    page = window.shell.room().features
    held, goes_on = threading.Event(), threading.Event()

    def wait(_context: object) -> None:
        held.set()
        goes_on.wait()

    job = window.core.engine.question(wait).start()
    try:
        page.predict(tables.run, [write_flats(tmp_path / "new.csv", 7)])
        until(held.is_set)
        assert page.table_page.result.stop.isVisible()
        page.mode.findChildren(QToolButton)[0].click()
        before = answers(page)["price"].number
        enter(qtbot, page, "rooms", "9")
        assert answers(page)["price"].number != before
        assert not job.outcome and page._tables.running
    finally:
        goes_on.set()
    until(lambda: not page._tables.running)
    assert page.table_page.result.table.rowCount() == 7


def test_rows_that_name_images_show_them_and_numbers_are_aligned(
    make_window, photos: World
) -> None:
    window = open_predict(make_window, photos)
    room = window.shell.room()
    page, result = room.features, room.features.table_page.result
    assert drop(room, files_of([photos.folder / "photos.csv"]))
    until(lambda: result.save.isVisible() and result.save.isEnabled())
    table, names = result.table, [each.name for each in result.table.found.columns]
    column = names.index("photo")
    assert table.image_column(column) == "photo" and not table.image_column(0)
    assert result.view.rowHeight(0) > THUMBNAIL
    thumbnails = page._tables.thumbnails
    result.view.viewport().repaint()
    until(lambda: thumbnails.cache.bytes > 0 and thumbnails.idle)
    text = table.cell_text(0, column)
    number = table.found.thumbnails.number("photo", text)
    scale = result.view.devicePixelRatioF()
    image = thumbnails.image(number, round(THUMBNAIL * scale))
    assert image is not None and not image.isNull()
    shown = [table.index(row, 0).data() for row in range(table.rowCount())]
    assert len({len(each.partition(".")[2]) for each in shown}) == 1
