"""The graph as displayed: one node for each collapsed group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.group_layer import GroupLayer

Positions = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class CollapsedGraph:
    """The visible cards by key: a node's id, or a group's key from `key`.

    Attributes:
        boxes: Positions and sizes of the cards.
    """

    whole: Graph
    boxes: Mapping[str, NodeBox]
    group_layer: GroupLayer

    @classmethod
    def of(cls, scene: CanvasScene) -> CollapsedGraph:
        """Create it from the current state of a scene."""
        boxes = scene.boxes()
        boxes.update(
            {_key(id): b.box() for id, b in scene.group_layer.collapsed.items()}
        )
        return cls(scene.graph, boxes, scene.group_layer)

    def key(self, node: str) -> str:
        """Return the key of the card that represents a node."""
        group = self.group_layer.hidden.get(node)
        return node if group is None else _key(group)

    def group(self, key: str) -> str | None:
        """Return the collapsed group of a card; None if the card is a node."""
        group = key.removesuffix("\n")
        return group if group != key else None

    def nodes(self, key: str) -> tuple[str, ...]:
        """Return the nodes that a card represents."""
        group = self.group(key)
        return (key,) if group is None else self.group_layer.members(group)

    def graph(self) -> Graph:
        """Return a graph with one node per card, without self-loops."""
        if not self.group_layer.hidden:
            return self.whole
        cards = {
            key: Node(key, "", position=(box.x, box.y))
            for key, box in self.boxes.items()
        }
        edges = dict.fromkeys(
            Edge(self.key(x.source), self.key(x.target)) for x in self.whole.edges
        )
        kept = tuple(edge for edge in edges if edge.source != edge.target)
        return Graph(FrozenMap(cards), kept)

    def spread(self, places: Mapping[str, tuple[float, float]]) -> Positions:
        """Convert card positions to node positions, keeping each group's layout."""
        nodes, found = self.whole.nodes, Positions()
        for key, (x, y) in places.items():
            if self.group(key) is None:
                found[key] = (x, y)
                continue
            box = self.boxes[key]
            for id in self.nodes(key):
                at = nodes[id].position
                found[id] = (at[0] + x - box.x, at[1] + y - box.y)
        return found


def _key(group: str) -> str:
    """Return a key for a collapsed group that cannot be a node's id."""
    return f"{group}\n"
