"""Geometry of the overlays on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
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


def uncover_step(room: QRect, card: QRect, find_bar: QRect, map_: QRect) -> QPoint:
    """Return how far to pan so that the find bar and the map do not cover a card.

    Args:
        room: The canvas' area.
        card: The card's rectangle in the same pixels.
        find_bar: The find bar's rectangle.
        map_: The map's rectangle.

    Returns:
        Pixels to the right and down; (0, 0) if the card is not covered.
    """
    if not (card.intersects(find_bar) or card.intersects(map_)):
        return QPoint()
    below = room.adjusted(0, find_bar.bottom() + MARGIN, 0, -MARGIN)
    if below.height() < card.height():  # a low window: beside the bar
        below = room.adjusted(0, find_bar.top(), 0, -MARGIN)
        below.setRight(find_bar.left() - MARGIN)
    wanted = QRect(card)
    wanted.moveCenter(below.center())
    if wanted.intersects(map_):
        wanted.moveRight(map_.left() - MARGIN)
    return wanted.topLeft() - card.topLeft()
