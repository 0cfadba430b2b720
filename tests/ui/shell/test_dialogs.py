"""Dialogs: none of them blocks the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.errors import UserError
from dlstudio.settings import Settings

HIDDEN = {"recent_projects", "favourite_layers", "recent_layers", "window"}


def dialog(window, name: str):
    window.shell.show_dialog(name)
    return window.shell._dialogs[name]


@pytest.mark.parametrize("name", ["preferences", "shortcuts", "about", "doctor"])
def test_dialogs_are_not_modal_and_open_once(
    window, qtbot: QtBot, monkeypatch, name: str
) -> None:
    monkeypatch.setattr(
        "dlstudio.ui.shell.dialogs.examine", lambda _context: ("", "versions")
    )
    shown = dialog(window, name)
    assert shown.isVisible()
    assert not shown.isModal()
    assert dialog(window, name) is shown
    settle()
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert name not in window.shell._dialogs


def test_every_setting_has_its_field(window) -> None:
    fields = dialog(window, "preferences").fields
    assert set(fields) == {*Settings.model_fields, "file_types"} - HIDDEN
    assert all(field.accessibleName() for field in fields.values())


def test_settings_change_at_once(window, qtbot: QtBot) -> None:
    fields = dialog(window, "preferences").fields
    seconds = fields["autosave_seconds"]
    assert isinstance(seconds, QSpinBox)
    assert (seconds.minimum(), seconds.maximum()) == (5, 600)
    seconds.setValue(60)
    assert window.core.settings.value.autosave_seconds == 60
    assert window.shell.autosave._timer.interval() == 60_000
    snap = fields["snap_to_grid"]
    assert isinstance(snap, QCheckBox)
    qtbot.keyClick(snap, Qt.Key.Key_Space)
    assert window.core.settings.value.snap_to_grid is False


def test_the_file_manager_offers_the_studio_if_that_is_checked(
    window, qtbot: QtBot, monkeypatch
) -> None:
    registered: list[bool] = []

    def set_registered(_context, on: bool) -> bool:
        if registered:
            raise UserError("The system refused.")
        registered.append(on)
        return on

    place = "dlstudio.ui.shell.file_types_box"
    monkeypatch.setattr(f"{place}.is_registered", lambda _context: False)
    monkeypatch.setattr(f"{place}.set_registered", set_registered)
    box = dialog(window, "preferences").fields["file_types"]
    until(box.isEnabled)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not box.isEnabled()
    until(box.isEnabled)
    assert registered == [True] and box.isChecked()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    until(box.isEnabled)
    assert box.isChecked() and window.shell.notices.bars


def test_choosing_dark_restyles_the_window_and_keeps_the_dialog(
    window, qtbot: QtBot
) -> None:
    theme = dialog(window, "preferences").fields["theme"]
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(1)
    theme.setFocus()
    qtbot.keyClick(theme, Qt.Key.Key_Down)
    assert window.shell.theme.name == "dark"
    again = window.shell._dialogs["preferences"]
    assert again.isVisible()
    assert again is not theme.window()
    assert again.fields["theme"].currentText() == "Dark"
    assert again.focusWidget() is again.fields["theme"]


def test_all_defaults(window, qtbot: QtBot) -> None:
    window.shell.set(theme="dark", autosave_seconds=99)
    shown = dialog(window, "preferences")
    (button,) = (
        b for b in shown.findChildren(QPushButton) if b.text() == "Restore defaults"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.core.settings.value.theme == "system"
    assert window.core.settings.value.autosave_seconds == 20


def test_shortcuts_lists_them_all(window) -> None:
    shown = dialog(window, "shortcuts")
    texts = {each.text() for each in shown.findChildren(QLabel)}
    assert {"Ctrl+K", "Ctrl+S", "Ctrl+3", "Train", "Save"} <= texts


def test_doctor_answers_in_the_background(window, qtbot: QtBot, monkeypatch) -> None:
    finding = ("TensorFlow is broken.", "details")
    monkeypatch.setattr("dlstudio.ui.shell.dialogs.examine", lambda _context: finding)
    shown = dialog(window, "doctor")
    assert not shown.copy.isEnabled()
    until(lambda: shown.copy.isEnabled())
    assert shown.summary.text() == "TensorFlow is broken."
    assert shown.text.toPlainText() == "details"
