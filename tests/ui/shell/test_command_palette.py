"""Ctrl+K: fuzzy search over all actions."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.catalog.store import Catalog
from dlstudio.ui.activity import ActivityControl
from dlstudio.ui.shell.command_palette import CommandPalette, PaletteEntry
from dlstudio.ui.theme.tokens import LIGHT_THEME

CONTROL = Qt.KeyboardModifier.ControlModifier


def open_palette(window, qtbot: QtBot):
    qtbot.waitExposed(window)
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    palette = window.shell.palette
    assert palette.isVisible()
    return palette


def test_layer_is_added_by_a_few_letters(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "conv2")
    assert palette.texts()[0] == "Add Conv2D"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.shell.room_key() == "model"
    assert window.shell.room().requests == ["keras.layers.Conv2D"]


def test_room_is_opened_with_the_arrows(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "go to ")
    rooms = palette.texts()[:7]
    assert rooms[1:3] == ["Go to Data", "Go to Model"] or "Go to Data" in rooms
    steps = rooms.index("Go to Data")
    for _step in range(steps):
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.shell.room_key() == "data"


def test_only_enabled_actions_are_listed(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "cut")
    assert "Cut" not in palette.texts()
    palette.dismiss()
    window.shell.go("model")
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "cut")
    assert palette.texts()[0] == "Cut"


def test_mouse_chooses(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "dark")
    index = palette.list.model().index(0, 0)
    assert index.data() == "Theme: Dark"
    place = palette.list.visualRect(index).center()
    viewport = palette.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert window.shell.theme.name == "dark"


def test_escape_closes_it(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


@pytest.mark.parametrize("query", ["epoch", "cvno", "qqq"])
def test_unavailable_actions_are_not_offered(
    make_window, qtbot: QtBot, query: str
) -> None:
    window = make_window(with_catalog=Catalog.load())
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, query)
    assert palette.texts() == []
    assert palette.nothing.isVisible() and palette.nothing.text() == "No results"
    palette.field.clear()
    assert not palette.nothing.isVisible()
    palette.dismiss()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("preferences", "Preferences…"),
        ("settings", "Preferences…"),
        ("设置", "Preferences…"),
        ("autosave", "Preferences: Recovery save interval (seconds)"),
        ("snap", "Preferences: Snap to grid"),
        ("live shapes", "Preferences: Check while editing"),
        ("theme", "Theme: Dark"),
        ("dark mode", "Theme: Dark"),
        ("match system", "Theme: Match system"),
        ("主题", "Theme: Dark"),
        ("language", "Language: English"),
        ("chinese", "Language: 简体中文"),
        ("中文", "Language: 简体中文"),
        ("lstm", "Add LSTM"),
        ("长短期记忆", "Add LSTM"),
        ("gap", "Add GlobalAveragePooling2D"),
    ],
)
def test_found_by_its_name_in_both_languages(
    make_window, qtbot: QtBot, query: str, expected: str
) -> None:
    window = make_window(with_catalog=Catalog.load())
    palette = open_palette(window, qtbot)
    palette.field.setText(query)
    assert expected in palette.texts()[:3]
    palette.dismiss()


def test_common_layers_come_before_equal_matches(make_window, qtbot: QtBot) -> None:
    window = make_window(with_catalog=Catalog.load())
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "conv")
    assert palette.texts()[:2] == ["Add Conv2D", "Add Conv1D"]
    palette.dismiss()


def test_a_preference_is_opened_where_it_is(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClicks(palette.field, "snap")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    (dialog,) = window.shell.dialogs()
    assert dialog.focused() == "snap_to_grid"
    dialog.close()


def test_training_is_paused_resumed_and_stopped(window, qtbot: QtBot) -> None:
    done: list[str] = []
    activity = window.core.activity

    def offer(*names: str) -> None:
        activity.offer(
            tuple(
                ActivityControl(name, "mdi6.stop", "", partial(done.append, name))
                for name in names
            )
        )

    def choose(query: str) -> None:
        palette = open_palette(window, qtbot)
        qtbot.keyClicks(palette.field, query)
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
        palette.dismiss()

    choose("pause")
    assert done == [], "nothing trains"
    offer("Pause", "Stop")
    choose("pause")
    offer("Resume", "Stop")
    choose("resume")
    choose("stop")
    assert done == ["Pause", "Resume", "Stop"]


def test_operations_come_after_layers_of_equal_rank(window, qtbot: QtBot) -> None:
    entries = [
        PaletteEntry("Add conv", list, rare=True),
        PaletteEntry("Add Conv2D", list),
        PaletteEntry("Convert", list),
    ]
    palette = CommandPalette(LIGHT_THEME, lambda: entries, window)
    palette.open()
    qtbot.keyClicks(palette.field, "conv")
    assert palette.texts() == ["Convert", "Add Conv2D", "Add conv"]
    palette.dismiss()
