"""How texts are searched that a model writes: two fields above the form."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.document.search_settings import SearchSettings
from dlstudio.ui.predict.search_form import SearchForm


def test_settings_are_shown_and_reported(qtbot: QtBot) -> None:
    form = SearchForm()
    qtbot.addWidget(form)
    changes: list[SearchSettings] = []
    form.changed.connect(changes.append)
    form.show_settings(None)
    assert form.isHidden()
    form.show_settings(SearchSettings(1, 0.6))
    assert not form.isHidden() and not changes
    assert not form.penalty_field.isEnabled(), "greedy search ranks nothing"
    form.width_field.setFocus()
    form.width_field.selectAll()
    qtbot.keyClicks(form.width_field, "4")
    qtbot.keyClick(form.width_field, Qt.Key.Key_Return)
    assert changes == [SearchSettings(4, 0.6)] and form.penalty_field.isEnabled()
    qtbot.keyClick(form.penalty_field, Qt.Key.Key_Up)
    assert changes[-1] == SearchSettings(4, 0.7)
