"""Code is shown before it is trusted; nothing runs by a careless key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from custom_code_files import save_layers, trusted_nowhere, write_code
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.custom_code import CodeItem, CodeNeeded
from dlstudio.document.storage import load_project
from dlstudio.engine.file_import.import_file import import_file
from dlstudio.engine.file_import.import_request import ImportRequest
from dlstudio.trusted_code import TrustStore
from dlstudio.ui.shell.code_trust_dialog import CodeTrustDialog
from dlstudio.ui.shell.model_import_dialog import ModelImportDialog

FILE = CodeItem("file", "layers.py", "1" * 64, 1300, "import keras\n" * 40)
FUNCTION = CodeItem("lambda", "shift", "2" * 64, 90, "os\nsystem")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TrustStore]:
    with trusted_nowhere(tmp_path / "config") as found:
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    save_layers(folder / "layers.keras", write_code(folder / "layers.py"))
    return folder


def test_all_code_is_shown_and_enter_cancels(window: Any, qtbot: QtBot) -> None:
    dialog = CodeTrustDialog(window.shell.theme, (FILE, FUNCTION), window)
    trusted: list[bool] = []
    dialog.trusted.connect(lambda: trusted.append(True))
    dialog.open()
    assert dialog.code.toPlainText() == FILE.text and dialog.code.isReadOnly()
    assert "layers.py" in dialog.facts.text() and "11111" in dialog.facts.text()
    dialog.choice.setCurrentIndex(1)
    assert "bytecode" in dialog.code.toPlainText()
    assert "system" in dialog.code.toPlainText()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not trusted


def test_code_that_is_trusted_can_be_revoked(window: Any, qtbot: QtBot) -> None:
    known = CodeItem("file", "layers.py", "1" * 64, 9, "x = 1\n", trusted=True)
    dialog = CodeTrustDialog(window.shell.theme, (known,), window)
    dialog.open()
    assert dialog.trust_button.isHidden() and dialog.choice.isHidden()
    with qtbot.waitSignal(dialog.revoked):
        dialog.revoke_button.click()


def test_the_import_dialog_offers_what_is_needed(window: Any) -> None:
    dialog = ModelImportDialog(window.shell.theme, "net.keras", window)
    dialog.open()
    dialog.show_error(CodeNeeded("It is code.", "Give it."))
    assert not dialog.add_button.isHidden() and dialog.trust_button.isHidden()
    dialog.show_reading()
    assert dialog.add_button.isHidden() and not dialog.create_button.isHidden()
    dialog.reject()


def test_code_of_a_model_is_added_trusted_and_run(
    window: Any, store: TrustStore, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.core.session, "catalog", Catalog.load())
    importer = window.shell.model_import
    importer.start(files / "layers.keras")
    dialog = importer.dialog
    until(lambda: dialog.progress.isHidden())
    assert "theirs>Squeezer" in dialog.notes.text()
    assert not dialog.add_button.isHidden() and not dialog.trust_button.isHidden()
    monkeypatch.setattr(
        importer.trust, "choose", lambda then: then([files / "layers.py"])
    )
    dialog.add_button.click()
    until(lambda: importer.trust.dialog is not None)
    question = importer.trust.dialog
    assert question.choice.count() == 2 and not store.digests()
    question.reject()  # kept, and not run
    until(lambda: dialog.progress.isHidden())
    assert dialog.add_button.isHidden() and not store.digests()
    dialog.trust_button.click()
    until(lambda: importer.trust.dialog is not None)
    importer.trust.dialog.trust_button.click()
    until(lambda: dialog.names.toPlainText() != "")
    assert dialog.trust_button.isHidden() and len(store.digests()) == 2
    assert dialog.names.toPlainText().splitlines() == ["class 0", "class 1"]
    assert importer._code == (files / "layers.py",)
    dialog.reject()


def test_a_project_shows_its_code(
    window: Any, store: TrustStore, files: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    request = ImportRequest(files / "layers.keras", folder, code=(files / "layers.py",))
    import_file(request, Catalog.load())
    window.shell.controller.take(load_project(folder), folder)
    trust = window.shell.code_trust
    window.shell.trust_code()
    until(lambda: trust.dialog is not None)
    dialog = trust.dialog
    assert not dialog.add_button.isHidden() and "code/layers.py" in dialog.facts.text()
    dialog.trust_button.click()
    until(lambda: len(store.digests()) == 2)
    window.shell.trust_code()
    until(lambda: trust.dialog is not None)
    trust.dialog.revoke_button.click()
    until(lambda: not store.digests())
