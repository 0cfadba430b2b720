"""Geometry of the overlays on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

MARGIN = 12  # between the canvas' edge and its overlays


def place_overlays(
    room: QRect, toolbar: QWidget, find_bar: QWidget, map_: QWidget, hint: QWidget
) -> None:
    """Set the geometry of the canvas' overlays.

    Args:
        room: The canvas' area.
        toolbar: Centred at the top.
        find_bar: On the right, below the toolbar.
        map_: In the bottom right corner.
        hint: In the centre.
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
