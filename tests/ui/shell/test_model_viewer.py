"""A converted model is viewed: dropped, chosen, or opened by the file manager."""

from __future__ import annotations

from pathlib import Path

import pytest
from drag_and_drop import drop, enter, mime_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.document.viewed_model import ViewedLayer, ViewedModel
from dlstudio.ui.shell.actions import ACTIONS
from dlstudio.ui.shell.model_viewer_dialog import ModelViewerDialog
from dlstudio.ui.widgets.drop_hint import DropHint

FILES = Path(__file__).parents[2] / "support" / "converted_files"


def read(window: object) -> ModelViewerDialog:
    """The dialog, once the file was read."""
    dialog = window.shell.model_viewer.dialog
    until(dialog.progress.isHidden)
    return dialog


def test_a_dropped_model_is_viewed(window, qtbot: QtBot) -> None:
    path = FILES / "tiny.tflite"
    enter(window, mime_of(path))
    (hint,) = window.findChildren(DropHint)
    assert "View the converted model" in hint.text
    drop(window, path)
    dialog = read(window)
    facts = dialog.facts.text()
    assert "TensorFlow Lite · 7 layers · 548 parameters" in facts
    assert "Inputs: serving_default_keras_tensor:0 (?×8×8×3)" in facts
    assert dialog.layer.kind.text() == "CONV_2D"
    assert dialog.layer.values["parameters"].text() == "112"
    assert dialog.layer.chart.isVisible()
    table = dialog.table
    last = table.visualRect(table.layers.index(6, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(last))
    assert dialog.layer.kind.text() == "SOFTMAX" and dialog.layer.none.isVisible()
    assert not dialog.layer.chart.isVisible()
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert dialog.layer.kind.text() == "FULLY_CONNECTED"
    assert table.layers.data(table.layers.index(5, 4)) == "1.69 KB"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.shell.model_viewer.dialog is None


def test_a_model_is_chosen_by_the_menu(window) -> None:
    action = next(each for each in ACTIONS if each.id == "file.view_model")
    window.shell.commands.run(action)
    (chooser,) = window.findChildren(QFileDialog, "choose-converted")
    assert "*.tflite *.onnx" in chooser.nameFilters()[0]
    chooser.fileSelected.emit(str(FILES / "tiny.onnx"))
    chooser.reject()
    dialog = read(window)
    assert dialog.facts.text().startswith("ONNX · 3 layers · 8 parameters · 32 B")
    dialog.close_button.click()


@pytest.mark.parametrize("name", ["bad.tflite", "bad.onnx"])
def test_a_damaged_file_is_one_message(window, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"no model")
    window.open_path(path)
    dialog = read(window)
    assert "is not a readable" in dialog.error.text() and dialog.hint.text()
    assert dialog.table.isHidden() and dialog.layer.isHidden()
    dialog.reject()


def test_a_viewer_that_is_closed_while_it_reads(window) -> None:
    viewer = window.shell.model_viewer
    viewer.start(FILES / "tiny.onnx")
    viewer.start(FILES / "tiny.tflite")  # instead of the first
    viewer.dialog.reject()
    assert viewer.dialog is None


def test_many_inputs_are_cut(window) -> None:
    dialog = ModelViewerDialog(window.shell.theme, "x.onnx", window)
    inputs = tuple((f"in{number}", (None, number)) for number in range(6))
    dialog.show_model(ViewedModel("ONNX", (ViewedLayer("a", "Add", ()),), inputs))
    assert "in3 (?×3), …" in dialog.facts.text()
    assert dialog.layer.values["output"].text() == "?"
    dialog.reject()
