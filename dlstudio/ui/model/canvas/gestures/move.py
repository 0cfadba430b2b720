"""Drag nodes; a drag is one undo step."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.canvas.boxes import clamp_position
from dlstudio.document.canvas.connection_rules import ports_of
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.graph import Edge
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.editing.node_insertion import group_membership
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.scene.hit_test import nearest_edge

Positions = dict[str, tuple[float, float]]
EDGE_SNAP_DISTANCE = 14.0  # pixels between an edge and the centre of a node over it


class MoveGesture:
    """Moves the selected nodes; an unconnected node can be dropped on an edge."""

    def __init__(self, context: EditContext, start: Spot) -> None:
        self._context = context
        self._start = start
        nodes = context.graph.nodes
        ids = context.selection.ids
        self._from: Positions = {id: clamp_position(nodes[id].position) for id in ids}
        self._to: Positions = {}
        self._grabbed = start.over.node or context.selection.ids[0]
        self._edge: Edge | None = None
        self._into = ""
        self._whole = context.scene.group_layer.tree.whole(ids)
        self._insertable = len(ids) == 1 and self._can_be_inserted(ids[0])

    def _can_be_inserted(self, id: str) -> bool:
        graph = self._context.graph
        if graph.into(id) or graph.out_of(id):
            return False
        context = self._context
        return ports_of(graph.nodes[id], context.catalog, context.graphs).maximum != 0

    def move(self, spot: Spot) -> Gesture:
        """Preview the nodes at the positions they would be dropped at."""
        context = self._context
        x, y = self._from[self._grabbed]
        dx, dy = spot.x - self._start.x, spot.y - self._start.y
        snap_position = context.snap_position(x + dx, y + dy)
        dx, dy = snap_position[0] - x, snap_position[1] - y
        self._to = {id: (x + dx, y + dy) for id, (x, y) in self._from.items()}
        context.scene.preview(self._to)
        if self._insertable:
            self._highlight_edge(
                nearest_edge(
                    context.scene, *self._to[self._grabbed], EDGE_SNAP_DISTANCE
                )
            )
        self._highlight_group(self._frame_at(spot))
        return self

    def _frame_at(self, spot: Spot) -> str:
        """Return the open group under the pointer that does not contain the nodes."""
        group_layer = self._context.scene.group_layer
        group = group_layer.frame_at(spot.x, spot.y, self._whole)
        if group and set(group_layer.members(group)).isdisjoint(self._from):
            return group
        return ""

    def _highlight_group(self, group: str) -> None:
        frames = self._context.scene.group_layer.frames
        for each in {self._into, group}:
            if each in frames:
                frames[each].mark(hovered=each == group)
        self._into = group

    def _group_edits(self) -> list[Edit]:
        """Return the edits that add the nodes or groups to the group below."""
        context, tree = self._context, self._context.scene.group_layer.tree
        if not self._into:
            return []
        tops = [id for id in self._whole if tree.groups[id].parent not in self._whole]
        edits: list[Edit] = [
            SetGroup(replace(tree.groups[id], parent=self._into), context.name)
            for id in sorted(tops)
        ]
        held = {node for id in tops for node in tree.nodes(id)}
        loose = [id for id in self._from if id not in held]
        return edits + (group_membership(context, loose, self._into) if loose else [])

    def _highlight_edge(self, edge: Edge | None) -> None:
        items = self._context.scene.edge_layer.items
        for each in {self._edge, edge}:
            if each in items:
                items[each].mark(hovered=each == edge)
        self._edge = edge

    def release(self, _spot: Spot) -> None:
        """Commit the new positions."""
        context, edge = self._context, self._edge
        group_edits = self._group_edits()
        self._highlight_edge(None)
        self._highlight_group("")
        if not self._to or self._to == self._from:
            return
        edits: list[Edit] = [MoveNodes(FrozenMap(self._to), context.name)]
        edits += group_edits
        if edge is None:
            if not context.do(
                edits, _("Move into group") if group_edits else _("Move")
            ):
                self.cancel()
            return
        halves = (
            Edge(edge.source, self._grabbed, edge.source_port, 0),
            Edge(self._grabbed, edge.target, 0, edge.target_port),
        )
        edits.append(Disconnect(edge, context.name))
        edits += [Connect(half, context.name) for half in halves]
        context.do(edits, _("Insert into connection"))

    def cancel(self) -> None:
        """Restore the original positions."""
        self._highlight_edge(None)
        self._highlight_group("")
        self._context.scene.preview(self._from)
