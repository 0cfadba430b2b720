"""Groups in a scene: frames of open ones, boxes of folded ones, what they hide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGraphicsItem

from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Graph, Group, Link
from dlstudio.ui.model.canvas.boxes import around
from dlstudio.ui.model.canvas.group_item import GroupBox, GroupFrame
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.routing import Point

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.scene import CanvasScene


class Folding:
    """Frames and boxes by group id.

    Attributes:
        hidden: Nodes inside folded groups, with the id of their group.
    """

    def __init__(
        self, scene: CanvasScene, root: QGraphicsItem, frame_z: float, box_z: float
    ) -> None:
        self._scene = scene
        self._root = root
        self._z = (frame_z, box_z)
        self.frames: dict[str, GroupFrame] = {}
        self.folded: dict[str, GroupBox] = {}
        self.hidden: dict[str, str] = {}
        self._groups: dict[str, Group] = {}
        self._member: dict[str, str] = {}
        self._ports: dict[tuple[str, bool], list[Link]] = {}

    def follow(self, graph: Graph) -> None:
        """Show the groups of a graph."""
        for item in (*self.frames.values(), *self.folded.values()):
            self._scene.removeItem(item)
        self.frames.clear()
        self.folded.clear()
        groups = [group for group in graph.groups if group.nodes]
        self._groups = {group.id: group for group in groups}
        self._member = {n: group.id for group in groups for n in group.nodes}
        self.hidden = {
            n: group.id for group in groups if group.collapsed for n in group.nodes
        }
        for id, item in self._scene.nodes.items():
            hide = id in self.hidden
            if item.isVisible() == hide:
                item.setVisible(not hide)
        self._find_ports(graph)
        for group in self._groups.values():
            self._add(group)
        self.surround(self._member)
        self.dress()
        self.select(self._scene.selected)

    def _add(self, group: Group) -> None:
        look, (frame_z, box_z) = self._scene.look, self._z
        if group.collapsed:
            box = GroupBox(group.id, look, self._root)
            box.setZValue(box_z)
            self.folded[group.id] = box
        else:
            frame = GroupFrame(group, look, self._root)
            frame.setZValue(frame_z)
            self.frames[group.id] = frame

    def _find_ports(self, graph: Graph) -> None:
        self._ports = {}
        if not self.hidden:
            return
        for link in graph.links:
            source, target = self.hidden.get(link.source), self.hidden.get(link.target)
            if source == target:
                continue
            if source is not None:
                self._ports.setdefault((source, True), []).append(link)
            if target is not None:
                self._ports.setdefault((target, False), []).append(link)

    def affected(self, nodes: set[str], diff: GraphDiff) -> bool:
        """Whether a change of these nodes is more than a move of a frame."""
        if not self._member.keys().isdisjoint(diff.removed):
            return True
        wired = bool(diff.linked or diff.unlinked)
        return wired and not nodes.isdisjoint(self.hidden)

    def surround(self, nodes: Iterable[str]) -> None:
        """Put frames and boxes where their nodes are now."""
        for id in dict.fromkeys(self._member[n] for n in nodes if n in self._member):
            members = self._groups[id].nodes
            items = self._scene.nodes
            whole = around(items[n].box() for n in members if n in items)
            if id in self.frames:
                self.frames[id].surround(whole)
            else:
                self.folded[id].move_to(whole.x, whole.y)

    def dress(self) -> None:
        """Show on folded boxes what is known of their nodes."""
        reports = self._scene.reports
        for id, box in self.folded.items():
            members = self._groups[id].nodes
            there = [reports.nodes[n] for n in members if n in reports.nodes]
            box.show_group(
                self._groups[id],
                sum(report.parameters for report in there),
                sum(reports.share(n) for n in members),
                (len(self._links(id, False)), len(self._links(id, True))),
                any(reports.severity.get(n) == "error" for n in members),
            )

    def _links(self, group: str, out: bool) -> list[Link]:
        return self._ports.get((group, out), [])

    def select(self, nodes: frozenset[str]) -> None:
        """Mark the groups all nodes of which are selected."""
        for id, frame in self.frames.items():
            frame.mark(selected=nodes.issuperset(self._groups[id].nodes))
        for id, box in self.folded.items():
            box.mark(selected=nodes.issuperset(self._groups[id].nodes))

    def members(self, group: str) -> tuple[str, ...]:
        """The nodes of a group."""
        return self._groups[group].nodes

    def group(self, id: str) -> Group:
        """A group by its id."""
        return self._groups[id]

    def group_of(self, node: str) -> str | None:
        """The group a node is in."""
        return self._member.get(node)

    def box_of(self, node: str) -> GroupBox | None:
        """The folded box that stands for a node, if one does."""
        return self.folded.get(self.hidden.get(node, ""))

    def inside(self, link: Link) -> bool:
        """Whether a wire is inside one folded group, and so not seen."""
        group = self.hidden.get(link.source)
        return group is not None and group == self.hidden.get(link.target)

    def port(self, link: Link, out: bool) -> Point | None:
        """Where a wire leaves or enters a folded box; None if it does not."""
        box = self.box_of(link.source if out else link.target)
        if box is None:
            return None
        links = self._links(box.id, out)
        number = links.index(link) if link in links else 0
        return box.output_at(number) if out else box.input_at(number)

    def visible(self) -> list[NodeItem]:
        """The cards that are seen: nodes that are not hidden, and folded boxes."""
        nodes = self._scene.nodes.items()
        return [item for id, item in nodes if id not in self.hidden] + list(
            self.folded.values()
        )
