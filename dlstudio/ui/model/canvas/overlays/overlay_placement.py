"""Where the things that float over the canvas go."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

MARGIN = 12  # between the canvas' edge and what floats over it


def place_overlays(
    room: QRect, toolbar: QWidget, find_bar: QWidget, map_: QWidget, hint: QWidget
) -> None:
    """The toolbar at the top, the find bar under it, the map below, the hint inside.

    Args:
        room: The canvas' area.
        toolbar: Centered at the top.
        find_bar: At the right, below the toolbar.
        map_: In the lower right corner.
        hint: In the middle.
    """
    toolbar.adjustSize()
    toolbar.move(max(MARGIN, (room.width() - toolbar.width()) // 2), MARGIN)
    find_bar.adjustSize()
    find_bar.move(
        room.width() - find_bar.width() - MARGIN, MARGIN + toolbar.height() + 8
    )
    map_.move(
        room.width() - map_.width() - MARGIN, room.height() - map_.height() - MARGIN
    )
    size = hint.sizeHint()
    hint.resize(size)
    hint.move((room.width() - size.width()) // 2, (room.height() - size.height()) // 2)
