"""Where Tab leads: through the header, the rail, the room, the status bar, and around.

Qt goes in the order in which widgets were made; but a room is made when it is first
shown, and parts of it whenever something else is selected.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

FORWARD, BACKWARD = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason


def move_focus(window: QWidget, regions: Sequence[QWidget], forward: bool) -> bool:
    """Give the focus to the next widget, region after region; whether there is one.

    Args:
        window: Holds all of them.
        regions: Of the window, in order. What lies outside of them comes last.
        forward: Tab; otherwise Shift+Tab.
    """
    chain = focus_chain(window, regions)
    if not chain:
        return False
    now = QApplication.focusWidget()
    here = chain.index(now) if now in chain else (-1 if forward else 0)
    there = chain[(here + (1 if forward else -1)) % len(chain)]
    there.setFocus(FORWARD if forward else BACKWARD)
    return True


def next_outside(
    window: QWidget, regions: Sequence[QWidget], room: QWidget, forward: bool
) -> QWidget | None:
    """The widget that comes after everything in a room, or before it; None for none.

    Args:
        window: Holds all of them.
        regions: Of the window, in order.
        room: What is skipped.
        forward: Tab; otherwise Shift+Tab.
    """
    chain = focus_chain(window, regions)
    inside = [n for n, each in enumerate(chain) if room.isAncestorOf(each)]
    if not inside or len(inside) == len(chain):
        return None
    there = inside[-1] + 1 if forward else inside[0] - 1
    return chain[there % len(chain)]


def focus_chain(window: QWidget, regions: Sequence[QWidget]) -> list[QWidget]:
    """What Tab leads to, part after part, and within each as Qt has it."""
    places: list[list[QWidget]] = [[] for _region in (*regions, None)]
    for each in _tab_stops(window):
        owner = next(
            (n for n, region in enumerate(regions) if region.isAncestorOf(each)),
            len(regions),
        )
        places[owner].append(each)
    return [each for place in places for each in place]


def _tab_stops(window: QWidget) -> list[QWidget]:
    """What takes the focus by Tab, in Qt's order."""
    found: list[QWidget] = []
    each = window.nextInFocusChain()
    while each is not None and each is not window:
        by_tab = each.focusPolicy() & Qt.FocusPolicy.TabFocus
        there = each.isVisibleTo(window) and each.isEnabled() and not each.isWindow()
        if by_tab and there and each.focusProxy() is None and each.window() is window:
            found.append(each)
        each = each.nextInFocusChain()
    return found
