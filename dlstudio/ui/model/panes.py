"""From one part of the room to the next, by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

Pane = tuple[QWidget, QWidget]


def go(panes: Sequence[Pane], step: int, focused: QWidget | None) -> None:
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
    for index, (part, _first) in enumerate(there):
        if focused is not None and (part is focused or part.isAncestorOf(focused)):
            here = index
    _part, first = there[(here + step) % len(there)]
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)
