"""When the focused widget disappears, a nearby one takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from digits_world import World, trained_folder, world
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, open_room, settle, until
from small_images import class_folders

from dlstudio.document.edits.project import SetPlan
from dlstudio.ui.data.findings_group import FindingGroup
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.widgets.focus import nearest_focusable

__all__ = ("trained_folder", "world")

SPACE = Qt.Key.Key_Space


def press(widget: QWidget, qtbot: QtBot) -> None:
    """Press by keyboard, as a user who relies on the focus does."""
    until(widget.isEnabled)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is widget
    qtbot.keyClick(widget, SPACE)


def focused_in(part: QWidget) -> bool:
    now = QApplication.focusWidget()
    return now is not None and (part is now or part.isAncestorOf(now))


def test_the_nearest_widget_in_the_smallest_container_takes_over(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    outer = QHBoxLayout(top)
    far = QPushButton("far")
    outer.addWidget(far)
    part = QWidget()
    outer.addWidget(part)
    inner = QHBoxLayout(part)
    buttons = [QPushButton(str(number)) for number in range(4)]
    for each in buttons:
        inner.addWidget(each)
    top.show()
    qtbot.waitExposed(top)
    buttons[2].hide()
    assert nearest_focusable(buttons[2], top) in (buttons[1], buttons[3])
    buttons[3].setEnabled(False)
    assert nearest_focusable(buttons[3], top) is buttons[1]
    for each in buttons:
        each.hide()
    assert nearest_focusable(buttons[0], top) is far
    far.hide()
    assert nearest_focusable(far, top) is None


def test_evaluate_and_train_keep_the_focus(
    make_window: Callable[..., Any], world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "evaluate")
    room = window.shell.room()
    press(room.evaluate, qtbot)
    assert QApplication.focusWidget() is room.stop
    until(lambda: not room._evaluation_job.running)
    assert QApplication.focusWidget() is room.evaluate
    window.shell.go("train")
    train = window.shell.room()
    window.core.session.do(SetPlan("epochs", 5_000))
    ends = TrainingEnds(train.trainings)
    press(train.start, qtbot)
    assert QApplication.focusWidget() is train.stop
    until(lambda: len(train.view_state.history.losses) > 0)
    press(train.stop, qtbot)
    ends.wait()
    assert focused_in(train.buttons)
    header = window.shell.content.header
    press(header.train_button, qtbot)
    assert QApplication.focusWidget() in header.controls.values()
    train.trainings.stop()
    ends.wait()
    assert QApplication.focusWidget() is header.train_button


def test_excluding_keeps_the_focus_among_the_findings(
    make_window: Callable[..., Any], tmp_path: Path, world: World, qtbot: QtBot
) -> None:
    pets = class_folders(tmp_path / "pets", count=10)
    for name in ("8.png", "9.png"):
        (pets / "cat" / name).write_bytes((pets / "cat" / "0.png").read_bytes())
    window = make_window(ROOMS, with_catalog=world.catalog)
    window.shell.go("data")
    room = window.shell.room()
    room.take_files([pets])
    until(lambda: room.controller.examined is not None)
    settle()
    groups = [
        each
        for each in room.panels.findings.findChildren(FindingGroup)
        if each.out.isVisible()
    ]
    press(groups[0].out, qtbot)
    until(lambda: bool(window.core.session.project.data.leave_out))
    settle()
    title = window.shell.content.header.title
    assert QApplication.focusWidget() is not None
    assert not focused_in(title) and focused_in(room)
