"""Where everything is on the canvas of a graph: cards, frames, routes and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import (
    NodeBox,
    bounding_box,
    clamp_position,
    frame_around,
)
from dlstudio.document.canvas.card_geometry import (
    card_width,
    input_offset,
    output_offset,
    port_shift,
)
from dlstudio.document.canvas.connection_rules import ConnectionRules
from dlstudio.document.canvas.edge_labels import label_place
from dlstudio.document.canvas.edge_lanes import is_detour, separate_lanes
from dlstudio.document.canvas.edge_routing import Obstacles, Point, find_route
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.canvas.group_card import group_card
from dlstudio.document.canvas.group_ports import GroupPorts, find_group_ports
from dlstudio.document.canvas.node_card import NodeCardModel, node_card
from dlstudio.document.graph import Edge, Graph
from dlstudio.document.groups import GroupTree
from dlstudio.document.layout import HEIGHT


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card with its box, and how far its input ports are shifted."""

    card: NodeCardModel
    box: NodeBox
    shift: float = 0.0

    def input_at(self, port: int) -> Point:
        """An input port's position, in pixels."""
        offset = input_offset(self.card, port, self.box.width)
        return (self.box.x + offset + self.shift, self.box.top)

    def output_at(self, port: int) -> Point:
        """An output port's position, in pixels."""
        return (
            self.box.x + output_offset(self.card, port, self.box.width),
            self.box.bottom,
        )


@dataclass(frozen=True, slots=True)
class RoutedEdge:
    """An edge's route; the text beside it is "" except on one edge of a port."""

    edge: Edge
    points: tuple[Point, ...]
    text: str = ""
    left: bool = False
    high: bool = False


@dataclass(frozen=True, slots=True)
class GroupFrame:
    """The frame of an open group."""

    id: str
    name: str
    box: NodeBox


@dataclass(frozen=True, slots=True)
class CanvasGeometry:
    """Frames from the outermost, routes, and cards by key: a node's or a group's."""

    frames: tuple[GroupFrame, ...]
    edges: tuple[RoutedEdge, ...]
    cards: tuple[PlacedCard, ...]


@dataclass(slots=True)
class GeometryBuilder:
    """Places what the canvas of one graph shows.

    Attributes:
        graph: The graph, with positions.
        graphs: All graphs of the project, for nested models.
        reports: Shapes and costs, where they are known.
        preferred: Gives the width that a card prefers, in pixels; the fonts decide.
    """

    graph: Graph
    catalog: Catalog
    graphs: Mapping[str, Graph]
    reports: GraphReports
    preferred: Callable[[NodeCardModel], float]
    _tree: GroupTree = field(init=False)
    _into: dict[str, set[int]] = field(init=False, default_factory=dict)
    _out: dict[str, int] = field(init=False, default_factory=dict)
    _hidden: dict[str, str] = field(init=False, default_factory=dict)
    _ports: dict[str, GroupPorts] = field(init=False, default_factory=dict)
    _cards: dict[str, PlacedCard] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._tree = GroupTree(self.graph.groups)
        for edge in self.graph.edges:
            self._into.setdefault(edge.target, set()).add(edge.target_port)
            out = max(self._out.get(edge.source, 0), edge.source_port + 1)
            self._out[edge.source] = out

    def build(self) -> CanvasGeometry:
        """Place everything."""
        open_groups = self._open_groups(None)
        places = {
            id: NodeBox(*clamp_position(node.position))
            for id, node in self.graph.nodes.items()
        }
        for id in self.graph.nodes:
            if id not in self._hidden:
                self._cards[id] = self._placed(self._node_card(id), places[id])
        rules = ConnectionRules(self.graph, self.catalog, graphs=self.graphs)
        for group in dict.fromkeys(self._hidden.values()):
            inside = self._tree.nodes(group)
            self._ports[group] = find_group_ports(rules, inside)
            whole = bounding_box(places[id] for id in inside)
            self._cards[_key(group)] = self._placed(
                self._group_card(group, inside), whole
            )
        frames = self._frames(open_groups)
        edges = self._edges()
        return CanvasGeometry(frames, edges, tuple(self._cards.values()))

    def boxes(self) -> dict[str, NodeBox]:
        """The box of every node, as if no group were collapsed."""
        return {
            id: self._placed(
                self._node_card(id), NodeBox(*clamp_position(node.position))
            ).box
            for id, node in self.graph.nodes.items()
        }

    def _open_groups(self, parent: str | None) -> list[str]:
        """The groups with a frame, outer before inner; fills the hidden nodes."""
        found: list[str] = []
        for id in self._tree.children(parent):
            held = self._tree.nodes(id)
            if not held:
                continue
            if self._tree.groups[id].collapsed:
                self._hidden.update(dict.fromkeys(held, id))
            else:
                found += [id, *self._open_groups(id)]
        return found

    def _placed(self, card: NodeCardModel, place: NodeBox) -> PlacedCard:
        width = card_width(self.preferred(card))
        return PlacedCard(card, NodeBox(place.x, place.y, width, HEIGHT))

    def _node_card(self, id: str) -> NodeCardModel:
        return node_card(
            self.graph.nodes[id],
            self.catalog,
            self._into.get(id, set()),
            self._out.get(id, 0),
            self.graphs,
            self.reports.nodes.get(id),
            self.reports.severity.get(id),
            self.reports.share(id),
        )

    def _group_card(self, group: str, inside: tuple[str, ...]) -> NodeCardModel:
        ports = self._ports[group]
        return group_card(
            self._tree.groups[group],
            inside,
            self.reports,
            (len(ports.inputs), len(ports.outputs)),
        )

    def _frames(self, groups: list[str]) -> tuple[GroupFrame, ...]:
        found: dict[str, GroupFrame] = {}
        for id in reversed(groups):  # a frame surrounds those of its inner groups
            group = self._tree.groups[id]
            inside = [self._cards[n].box for n in group.nodes if n not in self._hidden]
            for kid in self._tree.children(id):
                if kid in found:
                    inside.append(found[kid].box)
                elif _key(kid) in self._cards:
                    inside.append(self._cards[_key(kid)].box)
            found[id] = GroupFrame(id, group.name, frame_around(bounding_box(inside)))
        return tuple(found[id] for id in groups)

    # -- edges

    def _edges(self) -> tuple[RoutedEdge, ...]:
        there = self.graph.nodes
        edges = [
            e
            for e in self.graph.edges
            if e.source in there and e.target in there and self._is_shown(e)
        ]
        self._shift_ports(edges)
        obstacles = Obstacles(placed.box for placed in self._cards.values())
        found = {
            edge: find_route(self._start(edge), self._end(edge), obstacles)
            for edge in edges
        }
        found |= separate_lanes({e: r for e, r in found.items() if is_detour(r)})
        routes = {edge: tuple(route) for edge, route in found.items()}
        by_port: dict[tuple[str, int], list[Edge]] = {}
        for edge in edges:
            by_port.setdefault((edge.source, edge.source_port), []).append(edge)
        labels = {}
        for each in by_port.values():
            main, text, left = self._label(each, routes)
            labels[main] = RoutedEdge(
                main, routes[main], text, left, self._enters(main)
            )
        return tuple(labels.get(e) or RoutedEdge(e, routes[e]) for e in edges)

    def _is_shown(self, edge: Edge) -> bool:
        group = self._hidden.get(edge.source)
        return group is None or group != self._hidden.get(edge.target)

    def _owner(self, node: str) -> str:
        group = self._hidden.get(node)
        return node if group is None else _key(group)

    def _start(self, edge: Edge) -> Point:
        group = self._hidden.get(edge.source)
        port = edge.source_port
        if group is not None:
            port = self._ports[group].number(edge, out=True)
        return self._cards[self._owner(edge.source)].output_at(port)

    def _end(self, edge: Edge) -> Point:
        group = self._hidden.get(edge.target)
        port = edge.target_port
        if group is not None:
            port = self._ports[group].number(edge, out=False)
        return self._cards[self._owner(edge.target)].input_at(port)

    def _shift_ports(self, edges: list[Edge]) -> None:
        sources: dict[str, list[tuple[int, Point]]] = {}
        for edge in edges:
            if edge.target not in self._hidden:
                end = (edge.target_port, self._start(edge))
                sources.setdefault(edge.target, []).append(end)
        for id, ends in sources.items():
            placed = self._cards[id]
            shift = port_shift(placed.card, placed.box.x, placed.box.width, ends)
            self._cards[id] = PlacedCard(placed.card, placed.box, shift)

    def _label(
        self, edges: list[Edge], routes: Mapping[Edge, tuple[Point, ...]]
    ) -> tuple[Edge, str, bool]:
        owner = self._cards[self._owner(edges[0].source)]
        place = label_place([routes[edge] for edge in edges], owner.box.x)
        main = edges[place.main]
        text = self.reports.shape(main.source, main.source_port)
        return main, self._named(text, main, edges), place.left

    def _named(self, text: str, main: Edge, edges: list[Edge]) -> str:
        """The shape, with node names at boxes that have several ports."""
        nodes = self.graph.nodes
        group = self._hidden.get(main.source)
        if group is not None and len(self._ports[group].outputs) > 1:
            text = f"{nodes[main.source].name} · {text}".rstrip(" ·")
        group = self._hidden.get(main.target)
        if group is not None and len(self._ports[group].inputs) > 1:
            targets = dict.fromkeys(edge.target for edge in edges)
            into = [id for id in targets if self._hidden.get(id) == group]
            text = f"{text} → {', '.join(nodes[id].name for id in into)}".lstrip()
        return text

    def _enters(self, edge: Edge) -> bool:
        """Whether an edge enters a frame and so passes behind its name."""
        around = set(self._tree.around(edge.target))
        entered = {id for id in around if not self._tree.groups[id].collapsed}
        return not entered.issubset(self._tree.around(edge.source))


def _key(group: str) -> str:
    return f"{group}\n"  # cannot be a node's id
