"""The Predict room with a run of features: typing, and tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from digits_world import World
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from rooms import drop, files_of, open_room, until
from table_world import INPUTS, write_flats

from dlstudio.ui.features.probability_bars import ProbabilityBars

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


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
    assert result.table.rowCount() == 7 and result.about.full_text() == "7 rows"
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
