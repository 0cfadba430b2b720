"""Hit testing: find the item at a point of the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dlstudio.document.graph import Edge
from dlstudio.ui.model.canvas.items.canvas_style import DETAIL_SCALE, OVERVIEW_SCALE
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene

PORT_REACH = 10.0  # screen pixels
EDGE_REACH = 7.0
PREFERRED_REACH = 2.0  # times the margin of other cards


@dataclass(frozen=True, slots=True)
class Hit:
    """A port, a node, a group or an edge; empty if nothing was hit.

    Attributes:
        node: The node, or the node of the port.
        side: "in" or "out" for a port, else "".
        group: The group, or the collapsed group of the port.
        on_chevron: Whether the group's chevron was hit.
    """

    node: str = ""
    side: str = ""
    port: int = 0
    group: str = ""
    on_chevron: bool = False
    edge: Edge | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was hit."""
        return not (self.node or self.group or self.edge)


def hit_at(scene: CanvasScene, x: float, y: float) -> Hit:
    """Return the topmost item at a point.

    Args:
        scene: The scene to search.
        x: Scene pixels.
        y: Scene pixels.
    """
    scale = scene.canvas_style.scale
    near = scale >= DETAIL_SCALE
    reach = PORT_REACH / scale
    found: NodeItem | None = None
    collapsed: Mapping[str, NodeItem] = scene.group_layer.collapsed
    for item in scene.visible():
        rim = reach if near else 0.0
        if (
            abs(x - item.x_at) > item.width / 2 + rim
            or abs(y - item.y_at) > item.height / 2 + rim
        ):
            continue
        port = _port_at(item, x, y, reach) if near else None
        if port is not None and collapsed.get(item.id) is item:
            return Hit(group=item.id, side=port[0], port=port[1])
        if port is not None:
            return Hit(node=item.id, side=port[0], port=port[1])
        if abs(x - item.x_at) <= item.width / 2 and abs(y - item.y_at) <= (
            item.height / 2
        ):
            found = item
    if found is not None:
        if collapsed.get(found.id) is found:
            return Hit(group=found.id)
        return Hit(node=found.id)
    return _frame_at(scene, x, y) or _edge_at(scene, x, y) or Hit()


def _port_at(
    item: NodeItem, x: float, y: float, reach: float
) -> tuple[str, int] | None:
    for side, number, (px, py) in item.ports():
        # A port's area is smaller inside the card, so that the card can be dragged.
        inside = y > py if side == "in" else y < py
        limit = reach * 0.6 if inside else reach
        if abs(x - px) <= reach and abs(y - py) <= limit:
            return side, number
    return None


def _frame_at(scene: CanvasScene, x: float, y: float) -> Hit | None:
    id = scene.group_layer.header_at(x, y)
    if not id:
        return None
    return Hit(
        group=id, on_chevron=scene.group_layer.frames[id].chevron().contains(x, y)
    )


def _edge_at(scene: CanvasScene, x: float, y: float) -> Hit | None:
    if scene.canvas_style.scale < OVERVIEW_SCALE:
        return None
    edge = nearest_edge(scene, x, y, EDGE_REACH / scene.canvas_style.scale)
    return Hit(edge=edge) if edge is not None else None


def nearest_edge(scene: CanvasScene, x: float, y: float, reach: float) -> Edge | None:
    """Return the edge nearest to a point, within a distance.

    Args:
        scene: The scene to search.
        x: Scene pixels.
        y: Scene pixels.
        reach: Maximum distance in scene pixels.
    """
    best, nearest = None, reach
    for edge, item in scene.edge_layer.items.items():
        left, top, right, bottom = item.bounds
        if not (left - reach <= x <= right + reach):
            continue
        if not (top - reach <= y <= bottom + reach) or scene.group_layer.inside(edge):
            continue
        away = item.distance(x, y)
        if away <= nearest:
            best, nearest = edge, away
    return best


def nearest_node(
    scene: CanvasScene,
    x: float,
    y: float,
    margin: float,
    preferred: Callable[[NodeItem], bool] = lambda _item: False,
) -> NodeItem | None:
    """Return the card at a point, or the nearest one within a margin.

    Args:
        scene: The scene to search.
        x: Scene pixels.
        y: Scene pixels.
        margin: Scene pixels around each card.
        preferred: Whether a card is chosen before nearer ones that the point is not on,
            and from twice as far.
    """
    ranked: list[tuple[int, float, NodeItem]] = []
    for item in scene.visible():
        if _reaches(item, x, y, 0.0):
            rank = 0
        elif _reaches(item, x, y, PREFERRED_REACH * margin) and preferred(item):
            rank = 1
        elif _reaches(item, x, y, margin):
            rank = 2
        else:
            continue
        ranked.append((rank, _distance(item, x, y), item))
    return min(ranked, key=lambda each: each[:2])[2] if ranked else None


def _reaches(item: NodeItem, x: float, y: float, margin: float) -> bool:
    return (
        abs(x - item.x_at) <= item.width / 2 + margin
        and abs(y - item.y_at) <= item.height / 2 + margin
    )


def _distance(item: NodeItem, x: float, y: float) -> float:
    return abs(x - item.x_at) + abs(y - item.y_at)
