"""The Tab order: header, rail, room, status bar, and back to the header.

Qt's order is the order of creation; but rooms are created when first shown, and parts
of them whenever the selection changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

FORWARD, BACKWARD = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason


def move_focus(window: QWidget, regions: Sequence[QWidget], forward: bool) -> bool:
    """Focus the next widget, region by region; returns whether there is one.

    Args:
        window: The window that contains all regions.
        regions: Regions of the window in order; widgets outside of them come last.
        forward: True for Tab, False for Shift+Tab.
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
    """The widget after the last one in a room, or before the first; None for none.

    Args:
        window: The window that contains all regions.
        regions: Regions of the window in order.
        room: The room to skip.
        forward: True for Tab, False for Shift+Tab.
    """
    chain = focus_chain(window, regions)
    inside = [n for n, each in enumerate(chain) if room.isAncestorOf(each)]
    if not inside or len(inside) == len(chain):
        return None
    there = inside[-1] + 1 if forward else inside[0] - 1
    return chain[there % len(chain)]


def focus_chain(window: QWidget, regions: Sequence[QWidget]) -> list[QWidget]:
    """All Tab stops by region, each region in Qt's order."""
    places: list[list[QWidget]] = [[] for _region in (*regions, None)]
    for each in _tab_stops(window):
        owner = next(
            (n for n, region in enumerate(regions) if region.isAncestorOf(each)),
            len(regions),
        )
        places[owner].append(each)
    return [each for place in places for each in place]


def _tab_stops(window: QWidget) -> list[QWidget]:
    """The widgets that accept focus by Tab, in Qt's order."""
    found: list[QWidget] = []
    each = window.nextInFocusChain()
    while each is not None and each is not window:
        by_tab = each.focusPolicy() & Qt.FocusPolicy.TabFocus
        there = each.isVisibleTo(window) and each.isEnabled() and not each.isWindow()
        if by_tab and there and each.focusProxy() is None and each.window() is window:
            found.append(each)
        each = each.nextInFocusChain()
    return found
