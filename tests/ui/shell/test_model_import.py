"""A dropped Keras model is read, named and opened as a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from drag_and_drop import drop, enter, mime_of
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.import_report import ImportPreview, ImportReport
from dlstudio.errors import UserError
from dlstudio.ui.shell.model_import_dialog import ModelImportDialog
from dlstudio.ui.widgets.drop_hint import DropHint
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.model_import import import_model, preview_model


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A model of images without a layer that rescales them, as Keras 2 wrote it."""
    layers = [
        {
            "class_name": "Flatten",
            "config": {"name": "flat", "batch_input_shape": [None, 4, 4, 3]},
        },
        {
            "class_name": "Dense",
            "config": {"name": "head", "units": 3, "activation": "softmax"},
        },
    ]
    model = {
        "class_name": "Sequential",
        "keras_version": "2.9.0",
        "config": {"name": "pets", "layers": layers},
    }
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(model))
    return path


@pytest.fixture
def _whole_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers of Keras, of which the window has but a few in these tests."""
    catalog = Catalog.load()

    def preview(context: JobContext, path: Path, _some: Catalog, *code: Any) -> Any:
        return preview_model(context, path, catalog, *code)

    def make(context: JobContext, path: Path, folder: Path, _some: Catalog, *chosen):
        return import_model(context, path, folder, catalog, *chosen)

    monkeypatch.setattr("dlstudio.ui.shell.model_import.preview_model", preview)
    monkeypatch.setattr("dlstudio.ui.shell.model_import.import_model", make)


@pytest.mark.usefixtures("_whole_catalog")
def test_a_model_becomes_a_project(window, qtbot: QtBot, config: Path) -> None:
    importer = window.shell.model_import
    importer.start(config)
    dialog = importer.dialog
    assert not dialog.create_button.isEnabled()
    until(lambda: dialog.progress.isHidden())
    assert dialog.error.isHidden(), dialog.error.text()
    assert "must be trained first" in dialog.notes.text()
    assert "--" not in dialog.notes.text()  # no option of the command line
    facts = [each.text() for each in dialog.facts.findChildren(QLabel)]
    assert "Layers" in facts and "Outputs" not in facts  # nothing to compare with
    assert dialog.names.toPlainText().splitlines() == ["class 0", "class 1", "class 2"]
    dialog.names.setPlainText("cat\ndog")
    assert not dialog.create_button.isEnabled()
    dialog.names.setPlainText("cat\ndog\nbird\n")
    assert dialog.create_button.isEnabled()
    assert dialog.pixels.isVisible()
    dialog.pixels.setCurrentIndex(1)
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        dialog.create_button.click()
    session = window.core.session
    assert session.folder == window.shell.controller.projects / "pets"
    assert session.project.model.nodes["scale"].params["scale"] == 1 / 255
    assert window.shell.room_key() == "model" and importer.dialog is None


class CancelledAtTheEnd(JobContext):
    """Is to stop once the project is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def should_stop(self) -> bool:
        return (self._folder / "project.json").exists()


@pytest.mark.parametrize("existed", [False, True])
def test_a_cancelled_import_leaves_no_project(
    existed: bool, tmp_path: Path, config: Path
) -> None:
    folder = tmp_path / "p"
    if existed:
        folder.mkdir()
    with pytest.raises(Cancelled):
        import_model(CancelledAtTheEnd(folder), config, folder, Catalog.load())
    assert folder.exists() == existed
    assert not existed or not list(folder.iterdir())


@pytest.mark.parametrize("name", ["a.keras", "b.h5", "saved", "saved_model.pb"])
def test_models_are_recognized(window, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "saved_model.pb":  # its folder is the model
        path = tmp_path / "folder" / name
        path.parent.mkdir()
        path.write_bytes(b"")
    elif name == "saved":
        path.mkdir()
        (path / "saved_model.pb").write_bytes(b"")
    else:
        path.write_bytes(b"no model")
    enter(window, mime_of(path))
    (hint,) = window.findChildren(DropHint)
    assert "Import the Keras model" in hint.text
    drop(window, path)
    dialog = window.shell.model_import.dialog
    assert dialog.isVisible()
    shown = "folder" if name == "saved_model.pb" else name
    assert dialog.findChildren(QLabel)[0].text() == shown
    dialog.reject()
    assert window.shell.model_import.dialog is None
    window.open_path(path)
    window.shell.model_import.dialog.reject()


def test_a_model_is_opened_by_its_path(window, tmp_path: Path) -> None:
    path = tmp_path / "pets.keras"
    path.write_bytes(b"no model")
    window.open_path(path)
    dialog = window.shell.model_import.dialog
    assert dialog.isVisible() and dialog.findChildren(QLabel)[0].text() == path.name
    dialog.reject()
    assert window.shell.model_import.dialog is None
    window.open_path(tmp_path / "no project")
    assert "is not a dlstudio project" in window.shell.notices.bars[-1].text


def test_what_is_known_and_why_not(window) -> None:
    dialog = ModelImportDialog(window.shell.theme, "x.keras", window)
    report = ImportReport("x.keras", "", notes=("One.",), classes=("a", "b"))
    dialog.show_preview(ImportPreview(report, problem="Another."))
    assert dialog.notes.text() == "One.\nAnother."
    assert not dialog.names.isHidden() and dialog.pixels.isHidden()
    chosen: list[tuple[tuple[str, ...], str]] = []
    dialog.chosen.connect(lambda *each: chosen.append(each))
    dialog.create_button.click()
    assert chosen == [((), "")]  # names that were not changed are found again
    dialog.show_error(UserError("No.", "Do this."))
    assert dialog.error.text() == "No." and dialog.hint.text() == "Do this."
    assert dialog.create_button.isHidden()
    dialog.reject()
