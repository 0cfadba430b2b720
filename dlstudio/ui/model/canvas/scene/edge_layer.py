"""The edge items of a scene: their routes and labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from PySide6.QtWidgets import QGraphicsItem

from dlstudio.document.canvas.edge_labels import label_place
from dlstudio.document.canvas.edge_lanes import is_detour, separate_lanes
from dlstudio.document.canvas.edge_routing import (
    SHORT_DISTANCE,
    Obstacles,
    Point,
    curve,
    find_route,
)
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.graph import Edge, Graph
from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.items.edge_item import EdgeItem
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.scene.group_layer import GroupLayer


class EdgeScene(Protocol):
    """The scene interface that the edge layer depends on."""

    graph: Graph
    reports: GraphReports
    nodes: dict[str, NodeItem]
    group_layer: GroupLayer
    canvas_style: CanvasStyle

    def visible(self) -> list[NodeItem]:
        """Return the visible cards: nodes and collapsed groups."""

    def visible_item(self, id: str) -> NodeItem:
        """Return a node's item, or that of the collapsed group that hides it."""

    def removeItem(self, item: QGraphicsItem, /) -> None:
        """Remove an item from the scene."""


class EdgeLayer:
    """Edge items by edge, indexed by the nodes they connect.

    Args:
        scene: The scene that the edges belong to.
        root: Parent item of the edges.
        z: The edges' z value.
    """

    def __init__(self, scene: EdgeScene, root: QGraphicsItem, z: float) -> None:
        self._scene = scene
        self._root = root
        self._z = z
        self.items: dict[Edge, EdgeItem] = {}
        self._edges_of_node: dict[str, dict[Edge, None]] = {}
        self._detours: dict[Edge, list[Point]] = {}  # before lanes are separated
        self._chosen: Edge | None = None

    def clear(self) -> None:
        """Remove all edges."""
        self.remove(tuple(self.items))

    def add(self, edges: Iterable[Edge]) -> None:
        """Create items without routes; edges with a missing node are skipped."""
        nodes = self._scene.graph.nodes
        for edge in edges:
            if edge.source not in nodes or edge.target not in nodes:
                continue
            item = EdgeItem(edge, self._scene.canvas_style, self._root)
            item.setZValue(self._z)
            self.items[edge] = item
            for end in (edge.source, edge.target):
                self._edges_of_node.setdefault(end, {})[edge] = None

    def remove(self, edges: Iterable[Edge]) -> None:
        """Remove the items of edges; unknown edges are skipped."""
        for edge in edges:
            self._detours.pop(edge, None)
            item = self.items.pop(edge, None)
            if item is None:
                continue
            self._scene.removeItem(item)
            for end in (edge.source, edge.target):
                self._edges_of_node.get(end, {}).pop(edge, None)

    def of(self, node: str) -> tuple[Edge, ...]:
        """Return the edges of a node."""
        return tuple(self._edges_of_node.get(node, ()))

    def ports_of(self, node: str) -> tuple[set[int], int]:
        """Return a node's connected input ports and its number of output ports."""
        into: set[int] = set()
        out = 0
        for edge in self._edges_of_node.get(node, ()):
            if edge.target == node:
                into.add(edge.target_port)
            if edge.source == node:
                out = max(out, edge.source_port + 1)
        return into, out

    def select(self, edge: Edge | None) -> None:
        """Mark exactly this edge, or none, as selected."""
        for each in {self._chosen, edge}:
            if each in self.items:
                self.items[each].mark(chosen=each == edge)
        self._chosen = edge

    def route_all(self) -> None:
        """Compute the route of every edge."""
        self._route(tuple(self.items), quick=False)

    def route(self, nodes: Iterable[str], quick: bool = False) -> None:
        """Compute the routes of the edges of some nodes.

        Args:
            nodes: Ids of the nodes.
            quick: Ignore obstacles.
        """
        edges: dict[Edge, None] = {}
        for node in nodes:
            edges.update(self._edges_of_node.get(node, {}))
        self._route(tuple(edges), quick)

    def _route(self, edges: tuple[Edge, ...], quick: bool) -> None:
        obstacles = Obstacles() if quick else None
        group_layer = self._scene.group_layer
        for edge in self._align_ports(edges):
            item = self.items[edge]
            hidden = group_layer.inside(edge)
            if item.isVisible() == hidden:
                item.setVisible(not hidden)
            self._detours.pop(edge, None)
            if hidden:
                continue
            start, end = self.ends(edge)
            if 0 <= end[1] - start[1] <= SHORT_DISTANCE:
                item.set_route(curve(start, end))
                continue
            if obstacles is None:
                obstacles = Obstacles(x.box() for x in self._scene.visible())
            route = find_route(start, end, obstacles)
            if is_detour(route):
                self._detours[edge] = route
            else:
                item.set_route(route)
        for edge, route in separate_lanes(self._detours).items():
            self.items[edge].set_route(route)
        self._update_labels({edge.source for edge in edges})

    def _align_ports(self, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
        """Align one input port of each merging node with the source above it.

        Returns:
            The edges to route, including the other edges of nodes whose ports moved.
        """
        wanted = dict.fromkeys(edges)
        for target in {edge.target for edge in edges}:
            item = self._scene.nodes[target]
            if item.card.inputs > 1 or item.port_shift:
                into = [x for x in self._edges_of_node[target] if x.target == target]
                ends = ((x.target_port, self.ends(x)[0]) for x in into)
                if item.align_ports(ends):
                    wanted.update(dict.fromkeys(into))
        return tuple(wanted)

    def shift(self, nodes: Collection[str], dx: float, dy: float) -> set[str]:
        """Shift the edges between nodes that moved by the same distance.

        Args:
            nodes: Ids of the moved nodes.
            dx: Scene pixels to the right.
            dy: Scene pixels downwards.

        Returns:
            The moved nodes with an edge to a node that did not move; these edges must
                be rerouted.
        """
        rest: set[str] = set()
        done: set[Edge] = set()
        for node in nodes:
            for edge in self._edges_of_node.get(node, {}):
                if edge in done:
                    continue
                done.add(edge)
                if edge.source in nodes and edge.target in nodes:
                    self.items[edge].shift(dx, dy)
                    if edge in self._detours:
                        route = self._detours[edge]
                        self._detours[edge] = [(x + dx, y + dy) for x, y in route]
                else:
                    rest.update(x for x in (edge.source, edge.target) if x in nodes)
        return rest

    def ends(self, edge: Edge) -> tuple[Point, Point]:
        """Return the start and end point of an edge."""
        group_layer = self._scene.group_layer
        start = group_layer.port(edge, out=True)
        end = group_layer.port(edge, out=False)
        nodes = self._scene.nodes
        return (
            start or nodes[edge.source].output_at(edge.source_port),
            end or nodes[edge.target].input_at(edge.target_port),
        )

    def update_labels(self) -> None:
        """Update the shape labels of all edges."""
        self._update_labels(edge.source for edge in self.items)

    def _update_labels(self, sources: Iterable[str]) -> None:
        for source in dict.fromkeys(sources):
            ports: dict[int, list[EdgeItem]] = {}
            for edge in self._edges_of_node.get(source, ()):
                if edge.source == source:
                    ports.setdefault(edge.source_port, []).append(self.items[edge])
            for port, items in ports.items():
                self._update_port_label(source, port, items)

    def _update_port_label(self, source: str, port: int, items: list[EdgeItem]) -> None:
        """Show one label per output port, on its most vertical edge."""
        reports = self._scene.reports
        shape, has_failed = reports.shape(source, port), reports.has_failed(source)
        shown = [item for item in items if item.isVisible() and item.points]
        if not shown:
            return
        x = self._scene.visible_item(source).x_at
        place = label_place([item.points for item in shown], x)
        main, left = shown[place.main], place.left
        enters = self._scene.group_layer.enters(main.edge)
        for item in shown:
            text = self._label(main, shown, shape) if item is main else ""
            item.show_shape(text, has_failed, left, enters)

    def _label(self, main: EdgeItem, shown: list[EdgeItem], shape: str) -> str:
        """Return the shape, with node names at boxes that have several ports."""
        group_layer, nodes = self._scene.group_layer, self._scene.graph.nodes
        text = shape
        source, group = main.edge.source, group_layer.hidden.get(main.edge.source)
        if group is not None and len(group_layer.group_ports(group).outputs) > 1:
            text = f"{nodes[source].name} · {text}".rstrip(" ·")
        group = group_layer.hidden.get(main.edge.target)
        if group is not None and len(group_layer.group_ports(group).inputs) > 1:
            targets = dict.fromkeys(item.edge.target for item in shown)
            into = [id for id in targets if group_layer.hidden.get(id) == group]
            text = f"{text} → {', '.join(nodes[id].name for id in into)}".lstrip()
        return text
