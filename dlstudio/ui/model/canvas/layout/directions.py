"""Arrow key navigation: along edges, or to the nearest node. Independent of Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.graph import Graph

DIRECTIONS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


def next_node(
    graph: Graph, boxes: Mapping[str, NodeBox], node: str, direction: str
) -> str | None:
    """Return the node that an arrow key moves to, or None.

    Up and down follow edges, the most vertical first. Left and right, and up and down
    where there is no edge, go to the nearest node in that direction.

    Args:
        graph: Its edges are followed.
        boxes: Cards by node id.
        node: Id of the current node.
        direction: "up", "down", "left" or "right".
    """
    if direction in ("up", "down"):
        edges = graph.into(node) if direction == "up" else graph.out_of(node)
        ends = [x.source if direction == "up" else x.target for x in edges]
        there = [id for id in ends if id in boxes]
        if there:
            return min(there, key=lambda id: abs(boxes[id].x - boxes[node].x))
    return nearest_in_direction(
        boxes, boxes[node], direction, (i for i in boxes if i != node)
    )


def nearest_in_direction(
    boxes: Mapping[str, NodeBox], origin: NodeBox, direction: str, among: Iterable[str]
) -> str | None:
    """Return the nearest node in a direction, preferring nodes straight ahead.

    Args:
        boxes: Cards by node id.
        origin: The current card.
        direction: "up", "down", "left" or "right".
        among: Ids of the nodes to consider.
    """
    dx, dy = DIRECTIONS[direction]
    best: tuple[float, str] | None = None
    for id in among:
        box = boxes[id]
        along = (box.x - origin.x) * dx + (box.y - origin.y) * dy
        aside = abs((box.x - origin.x) * dy) + abs((box.y - origin.y) * dx)
        if along <= 1 or aside > along * 3 + 60:
            continue
        price = along + 2 * aside
        if best is None or price < best[0]:
            best = (price, id)
    return best[1] if best else None
