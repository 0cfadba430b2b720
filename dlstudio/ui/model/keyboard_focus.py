"""From one part of the room to the next, and from field to field, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from dlstudio.ui.room_capabilities import OrdersFocus

Pane = tuple[QWidget, QWidget]


def focus_pane(panes: Sequence[Pane], step: int, focused: QWidget | None) -> None:
    """Give the focus to the next part that can take it.

    Args:
        panes: Each part, and what in it takes the focus.
        step: 1 for the next one, -1 for the one before.
        focused: What has the focus now.
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
    """Move the focus as Tab does: through the panes in this order, then out.

    The order in which Qt goes by itself is that in which widgets were made, and a
    form is made long after what stands below it.

    Args:
        room: The Model room.
        panes: In order; missing ones are None.
        forward: Tab; otherwise Shift+Tab.

    Returns:
        Whether the focus could be moved.
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
    """What in a part takes the focus by Tab, in Qt's order."""
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
    """What takes the focus next in the window around the room.

    The studio's window knows; in another one Qt's order holds.
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
