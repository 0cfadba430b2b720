"""Groups in a scene: frames of open ones, boxes of folded ones, what they hide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGraphicsItem

from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Graph, Group, Edge
from dlstudio.document.groups import GroupTree
from dlstudio.ui.model.canvas.boxes import Box, around
from dlstudio.ui.model.canvas.can_connect import Rules
from dlstudio.ui.model.canvas.doors import Door, Doors, doors_of
from dlstudio.ui.model.canvas.group_item import GroupBox, GroupFrame
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.routing import Point

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.scene import CanvasScene

DEEPER = 0.1  # an inner frame lies over an outer one


class Folding:
    """Frames and boxes by group id; what lies in a folded group is not there.

    Attributes:
        hidden: Nodes inside folded groups, with the id of the outermost of these.
        tree: The groups, also those that are not shown.
    """

    def __init__(
        self, scene: CanvasScene, root: QGraphicsItem, frame_z: float, box_z: float
    ) -> None:
        self._scene = scene
        self._root = root
        self._z = (frame_z, box_z)
        self.tree = GroupTree(())
        self.frames: dict[str, GroupFrame] = {}
        self.folded: dict[str, GroupBox] = {}
        self.hidden: dict[str, str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._home: dict[str, str] = {}  # the innermost group that is shown
        self._order: list[str] = []  # outer before inner
        self._doors: dict[str, Doors] = {}

    def follow(self, graph: Graph) -> None:
        """Show the groups of a graph."""
        for item in (*self.frames.values(), *self.folded.values()):
            self._scene.removeItem(item)
        self.frames.clear()
        self.folded.clear()
        self.hidden, self._home, self._order = {}, {}, []
        self.tree = GroupTree(graph.groups)
        nodes = {id: self.tree.nodes(id) for id in self.tree.groups}
        self._members = {id: held for id, held in nodes.items() if held}
        for id in self.tree.children():
            self._show(id, 0)
        for node, item in self._scene.nodes.items():
            hide = node in self.hidden
            if item.isVisible() == hide:
                item.setVisible(not hide)
        rules = Rules(graph, self._scene.catalog, graphs=self._scene.graphs)
        self._doors = {id: doors_of(rules, self._members[id]) for id in self.folded}
        self.dress()
        self._place(self._order)
        self.select(self._scene.selected)

    def _show(self, id: str, depth: int) -> None:
        members = self._members.get(id)
        if members is None:
            return
        self._order.append(id)
        group, look, (frame_z, box_z) = self.group(id), self._scene.look, self._z
        if group.collapsed:
            box = GroupBox(id, look, self._root)
            box.setZValue(box_z)
            self.folded[id] = box
            self.hidden.update(dict.fromkeys(members, id))
            self._home.update(dict.fromkeys(members, id))
            return
        frame = GroupFrame(group, look, self._root)
        frame.setZValue(frame_z + depth * DEEPER)
        self.frames[id] = frame
        self._home.update(dict.fromkeys(group.nodes, id))
        for inner in self.tree.children(id):
            self._show(inner, depth + 1)

    def affected(self, nodes: set[str], diff: GraphDiff) -> bool:
        """Whether a change of these nodes is more than a move of a frame."""
        if not self._home.keys().isdisjoint(diff.removed):
            return True
        if not self.hidden.keys().isdisjoint(diff.changed):
            return True
        wired = bool(diff.connected or diff.disconnected)
        return wired and not nodes.isdisjoint(self.hidden)

    def surround(self, nodes: Iterable[str]) -> None:
        """Put frames and boxes where their nodes are now."""
        homes = dict.fromkeys(self._home[n] for n in nodes if n in self._home)
        touched = {id for home in homes for id in self.tree.path(home)}
        if touched:
            self._place([id for id in self._order if id in touched])

    def _place(self, ids: list[str]) -> None:
        """Put groups around what is in them, the inner ones first."""
        items = self._scene.nodes
        for id in reversed(ids):
            if id in self.folded:
                whole = around(items[n].box() for n in self._members[id])
                self.folded[id].move_to(whole.x, whole.y)
                continue
            inside = [items[n].box() for n in self.group(id).nodes]
            inside += [b for kid in self.tree.children(id) if (b := self._box(kid))]
            self.frames[id].surround(around(inside))

    def _box(self, group: str) -> Box | None:
        if group in self.folded:
            return self.folded[group].box()
        return self.frames[group].box() if group in self.frames else None

    def dress(self) -> None:
        """Show on folded boxes what is known of their nodes."""
        reports = self._scene.reports
        for id, box in self.folded.items():
            members, doors = self._members[id], self._doors[id]
            there = [reports.nodes[n] for n in members if n in reports.nodes]
            box.show_group(
                self.group(id),
                len(members),
                sum(report.parameters for report in there),
                sum(reports.share(n) for n in members),
                (len(doors.ins), len(doors.outs)),
                any(reports.severity.get(n) == "error" for n in members),
            )

    def select(self, nodes: frozenset[str]) -> None:
        """Mark the groups all nodes of which are selected."""
        for shown in (self.frames, self.folded):
            for id, item in shown.items():
                item.mark(selected=nodes.issuperset(self._members[id]))

    # -- what is asked of it

    def members(self, group: str) -> tuple[str, ...]:
        """The nodes of a group, also those of the groups inside it."""
        return self._members.get(group, ())

    def group(self, id: str) -> Group:
        """A group by its id."""
        return self.tree.groups[id]

    def doors(self, group: str) -> Doors:
        """The ports of a folded group's box."""
        return self._doors[group]

    def door(self, group: str, side: str, port: int) -> Door | None:
        """The node's port that stands behind a port of a folded box."""
        doors = self._doors[group].of(side) if group in self._doors else ()
        return doors[port] if port < len(doors) else None

    def box_of(self, node: str) -> GroupBox | None:
        """The folded box that stands for a node, if one does."""
        return self.folded.get(self.hidden.get(node, ""))

    def inside(self, link: Edge) -> bool:
        """Whether a wire is inside one folded group, and so not seen."""
        group = self.hidden.get(link.source)
        return group is not None and group == self.hidden.get(link.target)

    def enters(self, link: Edge) -> bool:
        """Whether a wire goes into a frame, and so behind its name."""
        around = {id for id in self.tree.around(link.target) if id in self.frames}
        return not around.issubset(self.tree.around(link.source))

    def port(self, link: Edge, out: bool) -> Point | None:
        """Where a wire leaves or enters a folded box; None if it does not."""
        box = self.box_of(link.source if out else link.target)
        if box is None:
            return None
        number = self._doors[box.id].number(link, out)
        return box.output_at(number) if out else box.input_at(number)

    def frame_at(
        self, x: float, y: float, without: Collection[str] = frozenset()
    ) -> str:
        """The innermost open group whose frame covers a point, or ""."""
        for id in reversed(self._order):
            if (
                id not in without
                and id in self.frames
                and self.frames[id].rect().contains(x, y)
            ):
                return id
        return ""

    def header_at(self, x: float, y: float) -> str:
        """The innermost open group whose name is at a point, or ""."""
        for id in reversed(self._order):
            if id in self.frames and self.frames[id].header().contains(x, y):
                return id
        return ""

    def visible(self) -> list[NodeItem]:
        """The cards that are seen: nodes that are not hidden, and folded boxes."""
        nodes = self._scene.nodes.items()
        return [item for id, item in nodes if id not in self.hidden] + list(
            self.folded.values()
        )
