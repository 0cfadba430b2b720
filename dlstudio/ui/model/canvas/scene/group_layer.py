"""The group items of a scene: frames, collapsed boxes, and hidden nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QGraphicsItem

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import NodeBox, bounding_box
from dlstudio.document.canvas.connection_rules import ConnectionRules
from dlstudio.document.canvas.edge_routing import Point
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.canvas.group_card import group_card
from dlstudio.document.canvas.group_ports import (
    GroupPort,
    GroupPorts,
    find_group_ports,
)
from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Edge, Graph, Group
from dlstudio.document.groups import GroupTree
from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.items.group_item import CollapsedGroupItem, GroupFrameItem
from dlstudio.ui.model.canvas.items.node_item import NodeItem

DEPTH_STEP = 0.1  # added per nesting level: inner frames lie above outer ones


class GroupScene(Protocol):
    """The scene interface that the group layer depends on."""

    catalog: Catalog
    graphs: Mapping[str, Graph]
    reports: GraphReports
    nodes: dict[str, NodeItem]
    canvas_style: CanvasStyle

    @property
    def selected(self) -> frozenset[str]:
        """The ids of the selected nodes."""

    def removeItem(self, item: QGraphicsItem, /) -> None:
        """Remove an item from the scene."""


class GroupLayer:
    """Frames and collapsed boxes by group id; groups in a collapsed group have none.

    Args:
        scene: The scene that the groups belong to.
        root: Parent item of the frames and boxes.
        frame_z: The outermost frames' z value.
        box_z: The collapsed boxes' z value.

    Attributes:
        hidden: Nodes in collapsed groups, with the id of the outermost of these groups.
        tree: All groups, including those that are not shown.
    """

    def __init__(
        self, scene: GroupScene, root: QGraphicsItem, frame_z: float, box_z: float
    ) -> None:
        self._scene = scene
        self._root = root
        self._z = (frame_z, box_z)
        self.tree = GroupTree(())
        self.frames: dict[str, GroupFrameItem] = {}
        self.collapsed: dict[str, CollapsedGroupItem] = {}
        self.hidden: dict[str, str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._home: dict[str, str] = {}  # innermost visible group by node
        self._order: list[str] = []  # outer before inner
        self._group_ports: dict[str, GroupPorts] = {}

    def show_groups(self, graph: Graph) -> None:
        """Replace the group items with those of another graph."""
        for item in (*self.frames.values(), *self.collapsed.values()):
            self._scene.removeItem(item)
        self.frames.clear()
        self.collapsed.clear()
        self.hidden, self._home, self._order = {}, {}, []
        self.tree = GroupTree(graph.groups)
        nodes = {id: self.tree.nodes(id) for id in self.tree.groups}
        self._members = {id: held for id, held in nodes.items() if held}
        for id in self.tree.children():
            self._show(id, 0)
        # Hidden cards stay in the scene: changing their visibility is far cheaper than
        # recreating them when the group is expanded.
        for node, item in self._scene.nodes.items():
            hide = node in self.hidden
            if item.isVisible() == hide:
                item.setVisible(not hide)
        rules = ConnectionRules(graph, self._scene.catalog, graphs=self._scene.graphs)
        self._group_ports = {
            id: find_group_ports(rules, self._members[id]) for id in self.collapsed
        }
        self.update_labels()
        self._place(self._order)
        self.select(self._scene.selected)

    def _show(self, id: str, depth: int) -> None:
        members = self._members.get(id)
        if members is None:
            return
        self._order.append(id)
        group, style, (frame_z, box_z) = (
            self.group(id),
            self._scene.canvas_style,
            self._z,
        )
        if group.collapsed:
            box = CollapsedGroupItem(id, style, self._root)
            box.setZValue(box_z)
            self.collapsed[id] = box
            self.hidden.update(dict.fromkeys(members, id))
            self._home.update(dict.fromkeys(members, id))
            return
        frame = GroupFrameItem(group, style, self._root)
        frame.setZValue(frame_z + depth * DEPTH_STEP)
        self.frames[id] = frame
        self._home.update(dict.fromkeys(group.nodes, id))
        for inner in self.tree.children(id):
            self._show(inner, depth + 1)

    def affected(self, nodes: set[str], diff: GraphDiff) -> bool:
        """Return whether a change of nodes requires more than moving frames."""
        if not self._home.keys().isdisjoint(diff.removed):
            return True
        if not self.hidden.keys().isdisjoint(diff.changed):
            return True
        edges_changed = bool(diff.connected or diff.disconnected)
        return edges_changed and not nodes.isdisjoint(self.hidden)

    def surround(self, nodes: Iterable[str]) -> None:
        """Move the frames and boxes of the given nodes' groups."""
        # A frame grows with its contents, and so does each frame around it.
        homes = dict.fromkeys(self._home[n] for n in nodes if n in self._home)
        touched = {id for home in homes for id in self.tree.path(home)}
        if touched:
            self._place([id for id in self._order if id in touched])

    def _place(self, ids: list[str]) -> None:
        """Place groups around their contents, inner ones first."""
        items = self._scene.nodes
        for id in reversed(ids):
            if id in self.collapsed:
                # Hidden nodes keep their positions for when the group is expanded.
                whole = bounding_box(items[n].box() for n in self._members[id])
                self.collapsed[id].move_to(whole.x, whole.y)
                continue
            inside = [items[n].box() for n in self.group(id).nodes]
            inside += [b for kid in self.tree.children(id) if (b := self._box(kid))]
            self.frames[id].surround(bounding_box(inside))

    def _box(self, group: str) -> NodeBox | None:
        if group in self.collapsed:
            return self.collapsed[group].box()
        return self.frames[group].box() if group in self.frames else None

    def update_labels(self) -> None:
        """Update the collapsed boxes from the reports of their nodes."""
        reports = self._scene.reports
        for id, box in self.collapsed.items():
            group_ports = self._group_ports[id]
            ports = (len(group_ports.inputs), len(group_ports.outputs))
            group, members = self.group(id), self._members[id]
            box.show_card(group_card(group, members, reports, ports))

    def select(self, nodes: frozenset[str]) -> None:
        """Mark the groups whose nodes are all selected."""
        for shown in (self.frames, self.collapsed):
            for id, item in shown.items():
                item.mark(selected=nodes.issuperset(self._members[id]))

    # -- queries

    def members(self, group: str) -> tuple[str, ...]:
        """Return the nodes of a group, including those of nested groups."""
        return self._members.get(group, ())

    def group(self, id: str) -> Group:
        """Return a group by its id."""
        return self.tree.groups[id]

    def group_ports(self, group: str) -> GroupPorts:
        """Return the ports of a collapsed group's box."""
        return self._group_ports[group]

    def group_port(self, group: str, side: str, port: int) -> GroupPort | None:
        """Return the node port behind a port of a collapsed group.

        Args:
            group: The group's id.
            side: "in" or "out".
            port: Port of the group's box, from 0.

        Returns:
            None if the group is not collapsed or has no such port.
        """
        group_ports = (
            self._group_ports[group].of(side) if group in self._group_ports else ()
        )
        return group_ports[port] if port < len(group_ports) else None

    def box_of(self, node: str) -> CollapsedGroupItem | None:
        """Return the collapsed box that hides a node, if any."""
        return self.collapsed.get(self.hidden.get(node, ""))

    def inside(self, edge: Edge) -> bool:
        """Return whether an edge is hidden inside one collapsed group."""
        group = self.hidden.get(edge.source)
        return group is not None and group == self.hidden.get(edge.target)

    def enters(self, edge: Edge) -> bool:
        """Return whether an edge enters a frame and so passes behind its name."""
        entered = {id for id in self.tree.around(edge.target) if id in self.frames}
        return not entered.issubset(self.tree.around(edge.source))

    def port(self, edge: Edge, out: bool) -> Point | None:
        """Return where an edge meets a collapsed box; None if it does not."""
        box = self.box_of(edge.source if out else edge.target)
        if box is None:
            return None
        number = self._group_ports[box.id].number(edge, out)
        return box.output_at(number) if out else box.input_at(number)

    def frame_at(
        self, x: float, y: float, without: Collection[str] = frozenset()
    ) -> str:
        """Return the innermost open group whose frame covers a point, or "".

        Args:
            x: Scene pixels.
            y: Scene pixels.
            without: Ids of groups to ignore.
        """
        for id in reversed(self._order):
            if (
                id not in without
                and id in self.frames
                and self.frames[id].rect().contains(x, y)
            ):
                return id
        return ""

    def header_at(self, x: float, y: float) -> str:
        """Return the innermost open group whose header is at a point, or ""."""
        for id in reversed(self._order):
            if id in self.frames and self.frames[id].header().contains(x, y):
                return id
        return ""

    def visible(self) -> list[NodeItem]:
        """Return the visible cards: nodes that are not hidden, and collapsed boxes."""
        nodes = self._scene.nodes.items()
        return [item for id, item in nodes if id not in self.hidden] + list(
            self.collapsed.values()
        )
