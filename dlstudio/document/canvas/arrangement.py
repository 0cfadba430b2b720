"""Automatic layout of a graph; each group is one block. Independent of Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.document.canvas.boxes import (
    GRID,
    NodeBox,
    bounding_box,
    frame_around,
)
from dlstudio.document.canvas.layered_layout import layered_layout
from dlstudio.document.graph import Graph
from dlstudio.document.groups import GroupTree, copy_groups

Positions = dict[str, tuple[float, float]]
NO_BOXES: Mapping[str, NodeBox] = {}


def arranged_positions(
    graph: Graph,
    boxes: Mapping[str, NodeBox],
    only: Iterable[str] = (),
    collapsed: Mapping[str, NodeBox] = NO_BOXES,
) -> Positions:
    """Return node centres in layers from top to bottom.

    Args:
        graph: The graph to lay out.
        boxes: Current position and size of the nodes to lay out.
        only: If given, only these nodes are laid out, near their current place; groups
            they do not contain completely are ignored.
        collapsed: The boxes of collapsed groups by group id; their nodes have none.
    """
    chosen = [id for id in (list(only) or graph.nodes) if id in boxes]
    if not chosen:
        return {}
    inside = set(chosen)
    tree = GroupTree(copy_groups(graph, inside))
    edges = tuple(
        dict.fromkeys(
            (x.source, x.target)
            for x in graph.edges
            if x.source in inside and x.target in inside
        )
    )
    ids = tuple(id for id in graph.nodes if id in inside)
    ports: dict[tuple[str, str], int] = {}
    for edge in graph.edges:
        key = (edge.source, edge.target)
        ports[key] = min(edge.target_port, ports.get(key, edge.target_port))
    layout = _Arrangement(ids, edges, ports, boxes, collapsed, tree)
    places = layout.block(None).places
    return _anchored(places, boxes, chosen)


@dataclass(frozen=True, slots=True)
class _GroupBlock:
    """The layout of a group's contents around any origin, and its bounding box."""

    places: Positions
    box: NodeBox


@dataclass(frozen=True, slots=True)
class _Arrangement:
    ids: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    ports: Mapping[tuple[str, str], int]
    boxes: Mapping[str, NodeBox]
    collapsed: Mapping[str, NodeBox]
    tree: GroupTree

    def block(self, group: str | None) -> _GroupBlock:
        """Lay out a group, or the whole graph for None, nested groups first."""
        cells, inner = self._cells(group)
        edges = {
            (cells[a], cells[b]) for a, b in self.edges if a in cells and b in cells
        }
        sizes = {id: (self.boxes[id].width, self.boxes[id].height) for id in cells
                 if cells[id] == id}  # fmt: skip
        sizes |= {
            key: (block.box.width, block.box.height) for key, block in inner.items()
        }
        order = tuple(dict.fromkeys(cells.values()))
        different = {(a, b) for a, b in edges if a != b}
        spots = layered_layout(order, different, sizes, self.ports)
        places = Positions()
        for key, (x, y) in spots.items():
            if key not in inner:
                places[key] = (x, y)
                continue
            block = inner[key]
            dx, dy = _on_grid(x - block.box.x), _on_grid(y - block.box.y)
            for id, (inner_x, inner_y) in block.places.items():
                places[id] = (inner_x + dx, inner_y + dy)
        whole = bounding_box(NodeBox(*spots[key], *sizes[key]) for key in spots)
        return _GroupBlock(places, self._framed(group, whole))

    def _framed(self, group: str | None, whole: NodeBox) -> NodeBox:
        if group is None:
            return whole
        box = self.collapsed.get(group)
        return (
            frame_around(whole) if box is None else box._replace(x=whole.x, y=whole.y)
        )

    def _cells(
        self, group: str | None
    ) -> tuple[dict[str, str], dict[str, _GroupBlock]]:
        """Return each node's cell (itself or its group's) and the blocks of groups."""
        owner: dict[str, str] = {}
        inner: dict[str, _GroupBlock] = {}
        for kid in self.tree.children(group):
            held = self.tree.nodes(kid)
            if held:
                key = f"{kid}\n"  # cannot be a node's id
                owner.update(dict.fromkeys(held, key))
                inner[key] = self.block(kid)
        mine = self.ids if group is None else self.tree.nodes(group)
        there = set(mine)
        cells = {id: owner.get(id, id) for id in self.ids if id in there}
        return cells, inner


def _on_grid(step: float) -> float:
    return round(step / GRID) * float(GRID)


def _anchored(
    places: Positions, boxes: Mapping[str, NodeBox], ids: list[str]
) -> Positions:
    """Shift a layout to the nodes' previous top centre, on the grid."""
    old = bounding_box(boxes[id] for id in ids)
    new = bounding_box(
        boxes[id]._replace(x=places[id][0], y=places[id][1]) for id in ids
    )
    dx, dy = _on_grid(old.x - new.x), _on_grid(old.top - new.top)
    return {id: (_on_grid(x + dx), _on_grid(y + dy)) for id, (x, y) in places.items()}
