"""Keyboard focus in the Model room, and button rows in narrow panels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from model_world import World, convolutional, shown, world_in
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.document.edits.params import SetParam
from dlstudio.document.problems import Fix, Problem
from dlstudio.ui.model.panels.problem_row import ProblemRow
from dlstudio.ui.model.room import ModelRoom

Key = Qt.Key


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        made.open(*convolutional())
        yield made


@pytest.fixture
def room(world: World) -> Iterator[ModelRoom]:
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as made:
        yield made


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_panes_are_cycled_and_hidden_ones_are_skipped(
    room: ModelRoom,
) -> None:
    workspace = room.workspace
    way = [workspace.panels.tabs, room.palette_panel.search, workspace.canvas.view]
    workspace.canvas.view.setFocus()
    for part in way:
        room.next_pane()
        assert focused() is part
    workspace.canvas.select(("conv",))
    QApplication.processEvents()
    room.next_pane()
    assert focused() is workspace.inspector.tabs
    for part in (
        workspace.canvas.view,
        room.palette_panel.search,
        workspace.panels.tabs,
    ):
        room.previous_pane()
        assert focused() is part


def test_tab_goes_from_the_inspectors_tabs_through_the_form(
    room: ModelRoom, qtbot: QtBot
) -> None:
    workspace = room.workspace
    workspace.canvas.select(("pool",))
    workspace.canvas.select(("conv",))
    QApplication.processEvents()
    workspace.inspector.tabs.setFocus()
    names = []
    for _step in range(4):
        qtbot.keyClick(focused(), Key.Key_Tab)
        names.append(focused().accessibleName())
    assert names == ["Name", "Filters", "Kernel size 1", "Kernel size 2"]
    while workspace.inspector.isAncestorOf(focused()):
        names.append(focused().accessibleName())
        qtbot.keyClick(focused(), Key.Key_Tab)
    assert names.count("Filters") == 1, "each is focused once"
    assert focused() is workspace.panels.tabs
    qtbot.keyClick(focused(), Key.Key_Backtab)
    assert workspace.inspector.isAncestorOf(focused())
    room.palette_panel.search.setFocus()
    qtbot.keyClick(focused(), Key.Key_Tab)
    qtbot.keyClick(focused(), Key.Key_Tab)
    assert focused() is workspace.canvas.view


def test_escape_focuses_the_canvas(room: ModelRoom, qtbot: QtBot) -> None:
    view = room.workspace.canvas.view
    room.workspace.canvas.select(("conv",))
    qtbot.keyClick(view, Key.Key_Return)
    assert focused().accessibleName() == "Filters"
    assert focused().selectedText() == "8", "typing replaces it"
    qtbot.keyClick(focused(), Key.Key_Escape)
    assert view.hasFocus()
    room.search_layers()
    qtbot.keyClicks(focused(), "dense")
    qtbot.keyClick(focused(), Key.Key_Escape)
    assert view.hasFocus()
    room.workspace.panels.tabs.setFocus()
    qtbot.keyClick(focused(), Key.Key_Escape)
    assert view.hasFocus()


def test_problems_are_focused_and_their_buttons_stay_inside(room: ModelRoom) -> None:
    problems = room.workspace.panels.problems
    assert [row.text() for row in problems.rows] == ["Not checked yet"]
    edit = SetParam("conv", "padding", "same")
    cures = tuple(Fix(f"{i}. cure with words enough", (edit,)) for i in range(4))
    problems.show_problems(
        (Problem("error", "x", "It does not fit.", "conv", "model", cures),)
    )
    room.resize(876, 560)
    room.show_problems()
    QApplication.processEvents()
    (row,) = problems.rows
    assert isinstance(row, ProblemRow)
    assert row.hasFocus()
    assert row.width() <= problems.viewport().width()
    buttons = row.findChildren(QPushButton)
    assert len({button.y() for button in buttons}) > 1
    for button in buttons:
        around = button.parentWidget()
        assert around.rect().contains(button.geometry()), "none is cut off"
        assert row.rect().contains(around.geometry())


def test_a_long_bubble_message_is_shown_in_full_after_a_short_one(
    room: ModelRoom,
) -> None:
    canvas, long = (
        room.workspace.canvas,
        "Words and more words, so that none fits. " * 3,
    )
    canvas.hint_bubbles.show_message_at("conv", "Short.", False)
    height = canvas.hint_bubbles.bubble.height()
    for text in (long, "Short.", long):
        canvas.hint_bubbles.show_message_at("conv", text, False)
    bubble = canvas.hint_bubbles.bubble
    assert bubble.height() > 2 * height
    assert bubble.heightForWidth(bubble.width()) <= bubble.height()
    canvas.hint_bubbles.show_message_at("conv", "Short.", False)
    assert bubble.height() == height
