"""A dropped script or notebook is read, asked about and opened as a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drag_and_drop import drop
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.script_preview import ScriptQuestion
from dlstudio.ui.shell.script_import_dialog import ScriptImportDialog
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.script_import import import_script, preview_script

SCRIPT = """
import keras
from keras import layers

images, names = load()
small = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model = keras.Sequential([layers.Flatten(), layers.Dense(len(names))])
count = len(names)
model = keras.Sequential([layers.Flatten(), layers.Dense(count)])
"""


@pytest.fixture
def _whole_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers of Keras, of which the window has but a few in these tests."""
    catalog = Catalog.load()

    def preview(context: JobContext, path: Path, question: object, _some: Catalog):
        return preview_script(context, path, question, catalog)

    def make(
        context: JobContext, path: Path, folder: Path, question: object, _some: Catalog
    ):
        return import_script(context, path, folder, question, catalog)

    monkeypatch.setattr("dlstudio.ui.shell.script_import.preview_script", preview)
    monkeypatch.setattr("dlstudio.ui.shell.script_import.import_script", make)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "pets.py"
    path.write_text(SCRIPT, "utf-8")
    return path


def opened(window) -> ScriptImportDialog:
    dialog = window.shell.script_import.dialog
    until(lambda: dialog.progress.isHidden())
    return dialog


@pytest.mark.usefixtures("_whole_catalog")
def test_a_script_becomes_a_project_once_its_data_is_described(
    window, qtbot: QtBot, script: Path
) -> None:
    drop(window.shell.room(), script)
    dialog = opened(window)
    assert "“load”" in dialog.problems.text()
    assert not dialog.create_button.isEnabled() and dialog.layers.isHidden()
    assert not dialog.shapes.isHidden() and not dialog.names.isHidden()
    qtbot.keyClicks(dialog.names, "count=4")
    qtbot.keyClicks(dialog.shapes, "five")
    until(lambda: "not the shape of an input" in dialog.problems.text())
    dialog.shapes.clear()
    qtbot.keyClicks(dialog.shapes, "5x5x1")
    until(lambda: dialog.create_button.isEnabled())
    assert dialog.problems.isHidden() and dialog.layers.text() == "2"
    assert dialog.inputs.text() == "5 × 5 × 1"
    qtbot.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)
    session = window.core.session
    until(lambda: session.folder is not None and session.project.name == "pets")
    last = list(session.project.model.nodes.values())[-1]
    assert last.params["units"] == 4
    assert window.shell.room_key() == "model"


@pytest.mark.usefixtures("_whole_catalog")
def test_another_model_of_a_notebook_is_chosen(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Pets"]},
        {"cell_type": "code", "source": SCRIPT.splitlines(keepends=True)},
    ]
    path = tmp_path / "pets.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), "utf-8")
    window.open_path(path)
    dialog = opened(window)
    assert not dialog.lines.isHidden() and dialog.lines.count() == 2
    qtbot.keyClick(dialog.lines, Qt.Key.Key_Down)
    until(lambda: dialog.create_button.isEnabled())
    assert dialog.layers.text() == "1" and dialog.inputs.text() == "3"
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert window.shell.script_import.dialog is None


def test_a_cancelled_import_leaves_nothing(tmp_path: Path) -> None:
    class Cancel(JobContext):
        def __init__(self) -> None:
            pass

        def should_stop(self) -> bool:
            return True

    path = tmp_path / "net.py"
    path.write_text(SCRIPT.partition("model =")[0], "utf-8")
    catalog = Catalog.load()
    for job in (
        lambda: preview_script(Cancel(), path, ScriptQuestion(), catalog),
        lambda: import_script(
            Cancel(), path, tmp_path / "net", ScriptQuestion(), catalog
        ),
    ):
        with pytest.raises(Cancelled):
            job()
    assert not (tmp_path / "net").exists()
