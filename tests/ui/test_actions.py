"""The registry of actions and its consumers."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Node
from dlstudio.ui.actions import (
    FOCUS_CONTEXTS,
    GALLERY_ACTIONS,
    TABLE_ACTIONS,
    Action,
    CommandHandler,
    Context,
)
from dlstudio.ui.model.canvas.input.actions import CANVAS_ACTIONS
from dlstudio.ui.room_capabilities import HasCommands
from dlstudio.ui.shell.actions import ACTIONS, MENUS
from dlstudio.ui.shell.palette_entries import all_entries
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.shell.shortcuts import native_text, shortcut_text

OF_ROOMS = [each for each in ACTIONS if each.context == "room"]
FOCUSED = (*CANVAS_ACTIONS, *GALLERY_ACTIONS, *TABLE_ACTIONS)


@pytest.fixture
def design(make_window, qtbot: QtBot):
    """A window with its real rooms, showing the Model room with a single layer."""
    window = make_window(rooms=ROOMS)
    qtbot.waitExposed(window)
    window.core.session.do(AddNode(Node("d", "keras.layers.Dense")), "Add")
    window.shell.go("model")
    return window


def test_each_action_is_declared_once() -> None:
    ids = Counter((each.id, each.argument) for each in ACTIONS)
    assert [id for id, count in ids.items() if count > 1] == []
    for action in ACTIONS:
        assert (action.menu in MENUS) == (action.context not in FOCUS_CONTEXTS)


@pytest.mark.parametrize("context", ["application", "canvas", "gallery"])
def test_no_shortcut_is_declared_twice_in_a_context(context: Context) -> None:
    """Rooms share the application's shortcuts; a focused canvas precedes both."""
    there = [each for each in ACTIONS if context != "canvas" or _of_canvas(each)]
    keys = Counter(
        QKeySequence(key).toString() for each in there for key in each.keys(context)
    )
    assert [key for key, count in keys.items() if count > 1] == []


def _of_canvas(action: Action) -> bool:
    return action.context != "application" or action.id in ("edit.undo", "edit.redo")


def test_every_room_handles_only_existing_actions(design) -> None:
    shell, known = design.shell, {each.id for each in ACTIONS}
    done = set()
    for room in ROOMS:
        shell.go(room.key)
        if isinstance(shell.room(), HasCommands):
            done |= shell.room().commands().keys()
        if room.key == "data":  # otherwise made when a table is opened
            done |= shell.room().table_page.commands().keys()
    assert done <= known
    assert {each.id for each in (*OF_ROOMS, *FOCUSED)} <= done


def test_every_action_of_the_canvas_is_in_the_command_palette(design) -> None:
    shell = design.shell
    shell.room().workspace.canvas.select(["d"])
    entries = all_entries(
        shell.commands, shell.controller, shell.add_layer, shell.show_setting
    )
    offered = {each.text: each for each in entries}
    for action in CANVAS_ACTIONS:
        entry = offered[f"Canvas: {action.plain_text()}"]
        assert entry.hint == (shortcut_text(action, "canvas") or "Canvas")
        assert entry.enabled == shell.commands.enabled(action)
    shell.go("data")
    assert not any(shell.commands.enabled(each) for each in CANVAS_ACTIONS)


def test_every_shortcut_that_needs_the_focus_is_in_the_list(design) -> None:
    design.shell.show_dialog("shortcuts")
    (dialog,) = design.shell.dialogs()
    shown = [each.text() for each in dialog.findChildren(QLabel)]
    lines = set(itertools.pairwise(shown))
    for action in FOCUSED:
        if action.shortcuts:
            key = native_text(action.shortcuts[0])
            assert (action.plain_text(), key) in lines
    assert ("Mark findings as reviewed", "C") in lines
    assert ("Zoom to fit", "F") in lines and ("Zoom to fit", "Ctrl+0") in lines


def test_image_shortcuts_come_from_the_registry_only(design) -> None:
    """Each is declared once, for the gallery and the viewer."""
    shell = design.shell
    shell.go("data")
    room = shell.room()
    declared = Counter(key for each in GALLERY_ACTIONS for key in each.shortcuts)
    assert set(declared.values()) == {1}
    for owner in (room.gallery.grid, room.viewer):
        there = Counter(
            key.toString() for each in owner.actions() for key in each.shortcuts()
        )
        assert there == declared
    entries = all_entries(
        shell.commands, shell.controller, shell.add_layer, shell.show_setting
    )
    offered = {each.text: each for each in entries}
    for action in GALLERY_ACTIONS:
        entry = offered[f"Images: {action.plain_text()}"]
        assert entry.hint == shortcut_text(action, "gallery")
        assert not entry.enabled, "nothing is selected"


def test_the_palette_runs_canvas_actions(design, qtbot: QtBot) -> None:
    canvas = design.shell.room().workspace.canvas
    canvas.select(["d"])
    canvas.view.setFocus()
    qtbot.keyClick(design, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = design.shell.palette
    qtbot.keyClicks(palette.field, "freeze")
    assert palette.texts()[0] == "Canvas: Freeze weights"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert design.core.session.project.model.nodes["d"].frozen
    qtbot.keyClick(design, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(palette.field, "unfreeze")
    assert palette.texts()[0] == "Canvas: Unfreeze weights"
    palette.dismiss()


def test_f2_renames_a_layer_on_the_canvas_and_the_project_elsewhere(
    design, qtbot: QtBot
) -> None:
    room, header = design.shell.room(), design.shell.content.header
    room.workspace.canvas.select(["d"])
    room.workspace.canvas.view.setFocus()
    qtbot.keyClick(room.workspace.canvas.view, Qt.Key.Key_F2)
    assert not header.title.hasFocus()
    assert room.workspace.canvas.isAncestorOf(design.focusWidget())
    assert _shortcut(design, "file.rename") == "F2"


def _shortcut(window, id: str) -> str:
    made: QAction = window.shell.menus.actions_by_id[id, ""]
    return made.shortcut().toString()


def test_room_actions_stay_enabled_without_a_selection(design) -> None:
    shell = design.shell
    shell.room().workspace.canvas.select([])
    shell.menus.refresh()
    assert shell.menus.actions_by_id["edit.cut", ""].isEnabled()
    shell.go("export")
    shell.menus.refresh()
    assert not shell.menus.actions_by_id["edit.cut", ""].isEnabled()


def test_a_command_shows_what_it_would_do() -> None:
    action = Action("edit.undo", "Undo {what}")
    assert CommandHandler(print, what=lambda: "Paste").text_of(action) == "Undo Paste"
    assert CommandHandler(print, text=lambda: "Now").text_of(action) == "Now"
    assert action.plain_text() == "Undo"
