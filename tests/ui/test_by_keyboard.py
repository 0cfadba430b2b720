"""Keyboard access to every room: accessible names, Tab order, focus rings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from digits_world import World, digit_files, trained_folder, world
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMenuBar,
    QScrollArea,
    QWidget,
)
from rooms import class_page, open_room, settle, until

from dlstudio.ui.shell.rooms import ROOMS

__all__ = ("digit_files", "trained_folder", "world")

MOST = 250  # controls in one room


def names(widget: QWidget) -> str:
    """The text that a screen reader reads for a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip()


def described(widget: QWidget) -> str:
    around = widget.parentWidget()
    where = type(around).__name__ if around is not None else "-"
    return f"{type(widget).__name__} “{names(widget)}” in {where}"


def by_tab(widget: QWidget) -> bool:
    """Whether the control is meant to be a Tab stop."""
    policy = widget.focusPolicy()
    inner = isinstance(widget.focusProxy(), QWidget)
    return (
        bool(policy & Qt.FocusPolicy.TabFocus)
        and widget.isVisible()
        and widget.isEnabled()
        and not inner
        and not isinstance(widget, QMenuBar)
    )


def controls(window: QWidget) -> list[QWidget]:
    """All interactive controls."""
    return [each for each in window.findChildren(QWidget) if by_tab(each)]


def walk(window: QWidget) -> list[QWidget]:
    """The Tab stops, once around."""
    found: list[QWidget] = []
    for _step in range(MOST):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None, "Tab has no effect"
        if found and now is found[0]:
            return found
        if now in found:  # a field that consumes Tab
            raise AssertionError(f"Tab does not leave {described(now)}")
        found.append(now)
    raise AssertionError("Tab does not lead around")


def sections(window: Any, way: list[QWidget]) -> list[str]:
    """The regions of the window in Tab order."""
    content = window.shell.content
    parts = {
        "header": content.header,
        "rail": content.rail,
        "room": content.rooms,
        "status": content.status,
    }
    found: list[str] = []
    for each in way:
        (name,) = (n for n, part in parts.items() if part.isAncestorOf(each))
        if not found or found[-1] != name:
            found.append(name)
    if len(found) > 1 and found[-1] == found[0]:
        found.pop()
    begin = found.index("header")
    return found[begin:] + found[:begin]


def painted(widget: QWidget) -> QImage:
    """The widget as drawn in the window, with its surroundings."""
    window = widget.window()
    box = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
    return window.grab(box.adjusted(-3, -3, 3, 3)).toImage()


def changes_with_focus(widget: QWidget) -> bool:
    """Whether the focus is visible."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
    if QApplication.focusWidget() is not None:
        QApplication.focusWidget().clearFocus()
    QApplication.processEvents()
    without = painted(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return painted(widget) != without


@pytest.fixture
def filled(
    make_window: Callable[..., Any], world: World, digit_files: Callable[[int], Any]
) -> Iterator[Any]:
    """A window with a trained project, an evaluation, predictions and an export."""
    window = open_room(make_window, world, "evaluate")
    window.resize(1440, 900)
    window.shell.room().start()
    until(class_page(window.shell.room().view).matrix.isVisible)
    window.shell.go("predict")
    room = window.shell.room()
    until(lambda: bool(room.picker.run))
    room.predict(digit_files(3))
    until(lambda: len(room.images.rows) == 3 and not room.images.stop.isVisible())
    window.shell.engine_status.begin()
    until(lambda: window.core.engine.state == "ready")
    yield window


def settled(window: Any, key: str) -> None:
    """Show a room and wait until its requests are done."""
    window.shell.go(key)
    room = window.shell.room()
    if key == "data":
        until(lambda: room.controller.state == "ready")
        settle()
    elif key in ("evaluate", "predict", "export"):
        until(lambda: bool(room.picker.run))
    elif key == "train":
        until(lambda: room.runs.shown.rowCount() == 1)
    elif key == "model":
        last = window.core.engine
        revision = window.core.session.revision
        until(lambda: last.last is not None and last.last.revision == revision)
    else:
        settle()
    QApplication.processEvents()


def test_every_control_has_a_name_a_tab_stop_and_a_ring(filled: Any) -> None:
    window = filled
    nameless, unreached, ringless = set(), set(), set()
    for room in ROOMS:
        settled(window, room.key)
        there = controls(window)
        assert len(there) > 5
        nameless |= {f"{room.key}: {described(e)}" for e in there if not names(e)}
        window.shell.content.rail.buttons[room.key].setFocus()
        way = walk(window)
        missed = [each for each in controls(window) if each not in way]
        unreached |= {f"{room.key}: {described(each)}" for each in missed}
        order = sections(window, way)
        assert order == ["header", "rail", "room", "status"], (room.key, order)
        shown = [each for each in way if each.isVisible()]
        for each in shown:
            if not changes_with_focus(each):
                ringless.add(f"{room.key}: {described(each)}")
    assert not nameless, "\n".join(sorted(nameless))
    assert not unreached, "\n".join(sorted(unreached))
    assert not ringless, "\n".join(sorted(ringless))
