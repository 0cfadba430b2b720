"""Boxes of nodes, and finding free space for new ones. Independent of Qt."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dlstudio.document.graph import Graph
from dlstudio.document.layout import COLUMN, HEIGHT, ROW, WIDTH

STEP_X, STEP_Y = COLUMN, ROW
GAP = 24.0
GRID = 8
MAX_COORDINATE = 100_000.0
FRAME_MARGIN, FRAME_HEADER = 24.0, 16.0  # around a group's contents; for its name


class NodeBox(NamedTuple):
    """A rectangle given by its centre and size, in scene pixels."""

    x: float
    y: float
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def left(self) -> float:
        """Left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height / 2

    def near(self, other: NodeBox, gap: float = 0.0) -> bool:
        """Return whether the boxes overlap or are closer than `gap`."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + gap
            and abs(self.y - other.y) < (self.height + other.height) / 2 + gap
        )


def bounding_box(boxes: Iterable[NodeBox]) -> NodeBox:
    """Return the bounding box of several boxes."""
    there = list(boxes)
    left, right = min(b.left for b in there), max(b.right for b in there)
    top, bottom = min(b.top for b in there), max(b.bottom for b in there)
    return NodeBox((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def frame_around(whole: NodeBox) -> NodeBox:
    """Return a group's frame: the box of its contents with margin and header."""
    height = whole.height + 2 * FRAME_MARGIN + FRAME_HEADER
    width = whole.width + 2 * FRAME_MARGIN
    return NodeBox(whole.x, whole.y - FRAME_HEADER / 2, width, height)


def clamp_position(position: tuple[float, float]) -> tuple[float, float]:
    """Return a position within the limits of the scene; files may hold any number."""
    x, y = position
    return (
        min(max(x, -MAX_COORDINATE), MAX_COORDINATE),
        min(max(y, -MAX_COORDINATE), MAX_COORDINATE),
    )


def snap_to_grid(x: float, y: float) -> tuple[float, float]:
    """Return the nearest point of the grid."""
    return (round(x / GRID) * float(GRID), round(y / GRID) * float(GRID))


def free_position(
    boxes: Iterable[NodeBox], x: float, y: float, width: float = WIDTH
) -> tuple[float, float]:
    """Return the nearest position to the right at which a new node overlaps no other.

    Args:
        boxes: All cards on the canvas.
        x: Preferred centre, in scene pixels.
        y: Preferred centre, in scene pixels.
        width: Width of the new node, in scene pixels.

    Returns:
        The centre, on the grid.
    """
    near = [box for box in boxes if abs(box.y - y) < HEIGHT + GAP]
    spot = NodeBox(x, y, width)
    while True:
        blocking = [box for box in near if spot.near(box, GAP / 2)]
        if not blocking:
            return snap_to_grid(spot.x, spot.y)
        edge = max(box.right for box in blocking)
        spot = spot._replace(x=edge + GAP + width / 2)


def make_room_below(
    graph: Graph, boxes: Mapping[str, NodeBox], target: str, y: float
) -> dict[str, tuple[float, float]]:
    """Return positions that move `target` and its successors down to fit a node at `y`.

    Each node moves only as far as the one above pushes it; larger gaps shrink first.

    Args:
        graph: Defines which nodes follow `target`.
        boxes: Cards by node id.
        target: Id of the node below the new one.
        y: Centre of the new node, in scene pixels.

    Returns:
        The new centres by node id, only of nodes that move.
    """
    if target not in boxes or boxes[target].y < y - STEP_Y / 2:
        return {}
    push = {target: y + STEP_Y - boxes[target].y}
    if push[target] <= 0:
        return {}
    below: dict[str, list[str]] = {}
    for edge in graph.edges:
        below.setdefault(edge.source, []).append(edge.target)
    pending = [(boxes[target].y, target)]
    while pending:  # from top to bottom, so that each push is final when it is used
        height, id = heapq.heappop(pending)
        for each in below.get(id, ()):
            gap = boxes[each].y - height if each in boxes else 0.0
            left = push[id] - max(0.0, gap - STEP_Y)
            if gap > 0 and left > push.get(each, 0.0):
                push[each] = left
                heapq.heappush(pending, (boxes[each].y, each))
    nodes = (graph.nodes[id] for id in push)
    return {n.id: (n.position[0], n.position[1] + push[n.id]) for n in nodes}
