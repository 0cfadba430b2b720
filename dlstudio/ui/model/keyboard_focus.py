"""Keyboard focus: move between the room's panes and between fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from dlstudio.ui.room_capabilities import OrdersFocus

Pane = tuple[QWidget, QWidget]


def focus_pane(panes: Sequence[Pane], step: int, focused: QWidget | None) -> None:
    """Focus the next pane that can take the focus.

    Args:
        panes: Each pane with the widget in it to focus.
        step: 1 for the next pane, -1 for the previous one.
        focused: The widget that has the focus.
    """
    there = [pane for pane in panes if pane[1].isVisible() and pane[1].isEnabled()]
    if not there:
        return
    here = -1 if step > 0 else 0
    for index, (pane, _first) in enumerate(there):
        if focused is not None and (pane is focused or pane.isAncestorOf(focused)):
            here = index
    _pane, first = there[(here + step) % len(there)]
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def move_focus(room: QWidget, panes: Sequence[QWidget | None], forward: bool) -> bool:
    """Move the focus as Tab does: through the panes in order, then out of the room.

    Qt's own tab order is the order of creation, but forms are created long after the
    widgets below them.

    Args:
        room: The Model room.
        panes: In tab order; missing panes are None.
        forward: Whether it is Tab rather than Shift+Tab.

    Returns:
        Whether the focus was moved.
    """
    stops: dict[QWidget, None] = {}
    for pane in panes:
        if pane is not None:
            stops.update(dict.fromkeys(_tab_stops(pane)))
    order = list(stops)
    focused = QApplication.focusWidget()
    if focused not in stops:
        return False
    at = order.index(focused) + (1 if forward else -1)
    found = order[at] if 0 <= at < len(order) else _outside_room(room, forward)
    if found is None:
        return False
    reason = Qt.FocusReason
    found.setFocus(reason.TabFocusReason if forward else reason.BacktabFocusReason)
    return True


def _tab_stops(pane: QWidget) -> Iterator[QWidget]:
    """Yield the widgets of a pane that accept Tab focus, in Qt's order."""
    if _accepts_tab(pane):
        yield pane
    each = pane.nextInFocusChain()
    while each is not None and each is not pane:
        if pane.isAncestorOf(each) and _accepts_tab(each):
            yield each
        each = each.nextInFocusChain()


def _accepts_tab(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return (
        by_tab
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
    )


def _outside_room(room: QWidget, forward: bool) -> QWidget | None:
    """Return the next widget to focus outside the room.

    The studio's window defines the order; any other window uses Qt's.
    """
    window = room.window()
    if isinstance(window, OrdersFocus):
        return window.next_outside(room, forward)
    step = QWidget.nextInFocusChain if forward else QWidget.previousInFocusChain
    each = step(room)
    while each is not None and each is not room:
        if not room.isAncestorOf(each) and _accepts_tab(each):
            return each
        each = step(each)
    return None
