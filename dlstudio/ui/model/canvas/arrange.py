"""A tidy layout of a graph; a group is laid out by itself, as one block. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.document.graph import Graph
from dlstudio.document.groups import GroupTree, copy_groups
from dlstudio.ui.model.canvas.boxes import GRID, Box, around, framed
from dlstudio.ui.model.canvas.layering import layered

Places = dict[str, tuple[float, float]]
NONE: Mapping[str, Box] = {}


def arranged(
    graph: Graph,
    boxes: Mapping[str, Box],
    only: Iterable[str] = (),
    folded: Mapping[str, Box] = NONE,
) -> Places:
    """New centres of the nodes in `boxes`, in tidy layers from top to bottom.

    Args:
        boxes: Where the nodes are and how large; others are left out.
        only: If given, just these nodes are arranged, about where they are; the
            groups that are not whole among them do not count.
        folded: The boxes of folded groups, by group; what is in them has no frame.
    """
    chosen = [id for id in (list(only) or graph.nodes) if id in boxes]
    if not chosen:
        return {}
    inside = set(chosen)
    tree = GroupTree(copy_groups(graph, inside))
    edges = tuple(
        dict.fromkeys(
            (x.source, x.target)
            for x in graph.links
            if x.source in inside and x.target in inside
        )
    )
    ids = tuple(id for id in graph.nodes if id in inside)
    places = _Arranging(ids, edges, boxes, folded, tree).block(None).places
    return _anchored(places, boxes, chosen)


@dataclass(frozen=True, slots=True)
class _Block:
    """What is in a group, laid out around any origin, and the box it needs."""

    places: Places
    box: Box


@dataclass(frozen=True, slots=True)
class _Arranging:
    ids: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    boxes: Mapping[str, Box]
    folded: Mapping[str, Box]
    tree: GroupTree

    def block(self, group: str | None) -> _Block:
        """A group, or everything for None: the groups in it first."""
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
        spots = layered(order, {(a, b) for a, b in edges if a != b}, sizes)
        places = Places()
        for key, (x, y) in spots.items():
            if key not in inner:
                places[key] = (x, y)
                continue
            block = inner[key]
            dx, dy = _on_grid(x - block.box.x), _on_grid(y - block.box.y)
            for id, (inner_x, inner_y) in block.places.items():
                places[id] = (inner_x + dx, inner_y + dy)
        whole = around(Box(*spots[key], *sizes[key]) for key in spots)
        return _Block(places, self._framed(group, whole))

    def _framed(self, group: str | None, whole: Box) -> Box:
        if group is None:
            return whole
        box = self.folded.get(group)
        return framed(whole) if box is None else box._replace(x=whole.x, y=whole.y)

    def _cells(self, group: str | None) -> tuple[dict[str, str], dict[str, _Block]]:
        """Of every node in a group its cell, itself or a group's; these as blocks."""
        owner: dict[str, str] = {}
        inner: dict[str, _Block] = {}
        for kid in self.tree.children(group):
            held = self.tree.nodes(kid)
            if held:
                key = f"{kid}\n"  # no node has such an id
                owner.update(dict.fromkeys(held, key))
                inner[key] = self.block(kid)
        mine = self.ids if group is None else self.tree.nodes(group)
        there = set(mine)
        cells = {id: owner.get(id, id) for id in self.ids if id in there}
        return cells, inner


def _on_grid(step: float) -> float:
    return round(step / GRID) * float(GRID)


def _anchored(places: Places, boxes: Mapping[str, Box], ids: list[str]) -> Places:
    """The same layout with its top centre where the nodes' was, on the grid."""
    old = around(boxes[id] for id in ids)
    new = around(boxes[id]._replace(x=places[id][0], y=places[id][1]) for id in ids)
    dx, dy = _on_grid(old.x - new.x), _on_grid(old.top - new.top)
    return {id: (_on_grid(x + dx), _on_grid(y + dy)) for id, (x, y) in places.items()}
