"""Sizes of cards and places of their ports. Independent of Qt."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.document.canvas.node_card import NodeCardModel
from dlstudio.document.layout import WIDTH

MAX_WIDTH = 224.0
"""Less than from a column of the layout to the next, so that cards never touch."""
PORT_MARGIN = 14.0
PORT_STEP = 24.0
TEXT_MARGIN = 14.0  # between the card's edge and its texts
ICON_SIZE = 12.0
GAP = 5.0
WIDTH_STEP = 16  # keeps ports on the grid


def preferred_width(name: float, count: float, icons: int, title: float) -> float:
    """Return the width at which no text is elided.

    Args:
        name: Width of the name, in pixels at 100 %.
        count: Width of the number of weights.
        icons: Number of icons beside the name.
        title: Width of the second line.
    """
    first = name + count + icons * (ICON_SIZE + GAP) + 12
    return max(first, title) + TEXT_MARGIN * 2


def card_width(preferred: float) -> float:
    """Return a card's width: the preferred one within limits, on the grid."""
    steps = -(-preferred // WIDTH_STEP)
    return float(min(max(steps * WIDTH_STEP, WIDTH), MAX_WIDTH))


def port_offset(port: int, count: int, main: int, width: float) -> float:
    """Return a port's horizontal distance from the centre of the card.

    Args:
        port: The port, from 0.
        count: Number of ports on this side.
        main: Number of ports to centre; the others follow on the right.
        width: Width of the card, in scene pixels.
    """
    if count < 1:
        return 0.0
    middle = (min(main, count) - 1) / 2
    farthest = max(count - 1 - middle, middle, 1.0)
    step = min(PORT_STEP, (width / 2 - PORT_MARGIN) / farthest)
    return (min(port, count - 1) - middle) * step


def input_offset(card: NodeCardModel, port: int, width: float) -> float:
    """Return an input port's horizontal distance from the centre of the card.

    Args:
        card: The node's card.
        port: The port, from 0.
        width: Width of the card, in scene pixels.
    """
    return port_offset(port, card.inputs, card.main, width)


def output_offset(card: NodeCardModel, port: int, width: float) -> float:
    """Return an output port's horizontal distance from the centre of the card.

    Args:
        card: The node's card.
        port: The port, from 0.
        width: Width of the card, in scene pixels.
    """
    return port_offset(port, card.outputs, card.outputs, width)


def port_shift(
    card: NodeCardModel,
    x: float,
    width: float,
    sources: Iterable[tuple[int, tuple[float, float]]],
) -> float:
    """Return the offset of all input ports that puts one right below its source.

    Of several sources above the card it is the lowest: the others go around it.

    Args:
        card: The card of the node.
        x: Its centre, in scene pixels.
        width: Its width.
        sources: The input port of each edge and the point it comes from.
    """
    above = [each for each in sources if abs(each[1][0] - x) < PORT_STEP / 2]
    if card.inputs <= 1 or not above:
        return 0.0
    port, (from_x, _y) = max(above, key=lambda each: each[1][1])
    last = input_offset(card, card.inputs - 1, width)
    room = max(0.0, width / 2 - PORT_MARGIN - last)
    wanted = from_x - x - input_offset(card, port, width)
    return min(max(wanted, -room), room)
