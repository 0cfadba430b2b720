"""F1 and “What is this?” open the guide at the relevant topic."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from dlstudio.catalog.guide_topics import ROOMS as TOPICS
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.widgets.topics import nearest_topic, set_topic, show_topic

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_every_room_has_a_page() -> None:
    assert set(TOPICS) == {room.key for room in ROOMS}


@pytest.mark.parametrize("key", TOPICS)
def test_f1_opens_the_page_of_the_room(window, qtbot: QtBot, key: str) -> None:
    window.shell.go(key)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    guide = window.shell.guide.shown
    assert guide is not None and guide.isVisible() and not guide.isModal()
    assert guide.topic() == TOPICS[key]
    guide.close()


def test_the_guide_is_opened_once_and_follows(window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    first = window.shell.guide.shown
    window.shell.go("model")
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.shell.guide.shown is first
    assert first.topic() == "canvas"
    qtbot.keyClick(first, Qt.Key.Key_Escape)
    assert window.shell.guide.shown is None


def test_the_help_menu_has_the_guide(window) -> None:
    actions = window.shell.menus.actions_by_id
    guide = actions["help.guide", ""]
    assert isinstance(guide, QAction) and guide.text() == "Guide"
    guide.trigger()
    assert window.shell.guide.shown.topic() == "first-model"
    window.shell.guide.shown.close()


def test_another_language_and_theme_keep_the_page(window) -> None:
    window.shell.show_guide("glossary#dropout")
    window.shell.set(language="zh_CN", theme="dark")
    guide = window.shell.guide.shown
    assert guide.topic() == "glossary#dropout"
    assert guide.windowTitle() == "使用指南"
    assert guide.contents.currentItem().text(0).startswith("Dropout")
    assert window.shell.theme.colors.text in guide.view.toHtml()
    guide.close()


def test_shift_f1_explains_the_focused_widget(window, qtbot: QtBot) -> None:
    window.shell.go("data")
    field = QLineEdit(window.shell.room())
    field.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_F1, SHIFT)
    assert window.shell.guide.shown.topic() == "own-images"  # no topic for the field
    window.activateWindow()
    set_topic(field, "glossary#seed")
    qtbot.keyClick(field, Qt.Key.Key_F1, SHIFT)
    assert window.shell.guide.shown.topic() == "glossary#seed"
    window.shell.guide.shown.close()


def test_a_widget_opens_the_guide_at_its_topic(window) -> None:
    room = window.shell.room()
    inner = QLineEdit(room)
    assert nearest_topic(inner) == ""
    set_topic(room, "glossary#batch")
    assert nearest_topic(inner) == "glossary#batch"
    show_topic(inner)
    assert window.shell.guide.shown.topic() == "glossary#batch"
    window.shell.guide.shown.close()
