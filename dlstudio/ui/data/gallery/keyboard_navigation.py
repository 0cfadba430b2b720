"""Keyboard navigation in the image grid."""

from __future__ import annotations

from PySide6.QtCore import Qt

from dlstudio.ui.data.gallery.layout import GalleryLayout

Key = Qt.Key


def next_position(
    key: Key, current: int, layout: GalleryLayout, page: int
) -> int | None:
    """The cell reached by a key; None for a key that does not navigate.

    Args:
        current: The current cell, or -1.
        page: Number of visible rows of cells.

    Returns:
        The cell's position; -1 if the grid is empty.
    """
    steps = {
        Key.Key_Left: -1,
        Key.Key_Right: 1,
        Key.Key_Up: -layout.columns,
        Key.Key_Down: layout.columns,
        Key.Key_PageUp: -layout.columns * page,
        Key.Key_PageDown: layout.columns * page,
    }
    if key in (Key.Key_Home, Key.Key_End):
        return layout.count - 1 if key == Key.Key_End else min(0, layout.count - 1)
    if key not in steps:
        return None
    if current < 0:
        return min(0, layout.count - 1)
    target = current + steps[key]
    if 0 <= target < layout.count:
        return target
    far = key in (Key.Key_PageUp, Key.Key_PageDown)
    if key == Key.Key_Down and current // layout.columns < layout.lines - 1:
        return layout.count - 1  # the last row may be shorter
    if far:
        return layout.count - 1 if target > 0 else current % layout.columns
    return current
