"""Ctrl+K: everything that can be done, found by a few letters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.ui.shell.commandpalette import CommandPalette, Entry
from dlstudio.ui.shell.fuzzy import score
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
    assert window.shell.room().asked == ["keras.layers.Conv2D"]


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


def test_only_what_can_be_done_is_listed(window, qtbot: QtBot) -> None:
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
    assert index.data() == "Colours: Dark"
    place = palette.list.visualRect(index).center()
    viewport = palette.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert window.shell.theme.name == "dark"


def test_escape_closes_it(window, qtbot: QtBot) -> None:
    palette = open_palette(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("conv", "Conv2D", "Add a layer of convolution"),
        ("mp2", "MaxPooling2D", "Multiply"),
        ("save", "Save", "Save as…"),
        ("gap", "GlobalAveragePooling2D", "Open the language map"),
    ],
)
def test_what_was_meant_comes_first(query: str, better: str, worse: str) -> None:
    assert score(query, better) > score(query, worse)


@pytest.mark.parametrize("text", ["", "Save", "cvno"])
def test_letters_that_are_not_there_do_not_fit(text: str) -> None:
    assert score("conv", text) == 0


def test_nothing_typed_fits_everything() -> None:
    assert score("  ", "anything") > 0


def test_operations_come_after_layers_that_fit_as_well(window, qtbot: QtBot) -> None:
    entries = [
        Entry("Add conv", list, rare=True),
        Entry("Add Conv2D", list),
        Entry("Convert", list),
    ]
    palette = CommandPalette(LIGHT_THEME, lambda: entries, window)
    palette.open()
    qtbot.keyClicks(palette.field, "conv")
    assert palette.texts() == ["Convert", "Add Conv2D", "Add conv"]
    palette.dismiss()
